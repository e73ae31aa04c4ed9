#include "engine/spans/goroutine_directory.h"

#include <gtest/gtest.h>

#include "tests/wire/trace_builder.h"

namespace gtengine::spans {
namespace {

using order::OrderedEvent;
using wire::EventType;
using wire::testing::Bytes;
using wire::testing::TraceBuilder;

TEST(IsSystemGoroutineTest, FollowsGo) {
  EXPECT_TRUE(IsSystemGoroutine(""));
  EXPECT_TRUE(IsSystemGoroutine("runtime.gcBgMarkWorker"));
  EXPECT_TRUE(IsSystemGoroutine("runtime.main.func1"));
  EXPECT_FALSE(IsSystemGoroutine("runtime.main"));
  EXPECT_FALSE(IsSystemGoroutine("main.main"));
  EXPECT_FALSE(IsSystemGoroutine("runtime/pprof.profileWriter"));
}

// Stack 1 is that of main.main, stack 2 that of the runtime's.
class GoroutineDirectoryTest : public testing::Test {
 protected:
  GoroutineDirectoryTest() : trace_(wire::Version::k26), refs_(tables_) {
    trace_.Batch(1, 1,
                 Bytes()
                     .Type(EventType::kStrings)
                     .String(3, "main.main")
                     .String(4, "runtime.bgsweep")
                     .String(5, "f.go"));
    trace_.Batch(
        1, 1,
        Bytes().Type(EventType::kStacks).Stack(1, {{0x10, 3, 5, 1}}).Stack(2, {{0x20, 4, 5, 1}}));
    trace_.Sync(1).EndOfGeneration();
    wire::Generation generation;
    wire::GenerationReader reader(trace_.padded(), wire::Version::k26);
    EXPECT_TRUE(reader.Next(generation).value());
    EXPECT_TRUE(generation_tables_.Load(trace_.padded(), generation, wire::Version::k26).ok());
    refs_.BeginGeneration(generation_tables_);
  }

  static OrderedEvent Status(std::int64_t g, std::uint32_t slot) {
    OrderedEvent event;
    event.type = EventType::kGoStatus;
    event.args[0] = static_cast<std::uint64_t>(g);
    event.subject_slot = slot;
    event.to = static_cast<std::uint8_t>(GoState::kRunning);
    return event;
  }
  // Another transition of a running goroutine.
  static OrderedEvent Transition(EventType type, GoState to, std::int64_t g, std::uint32_t slot,
                                 std::uint64_t stack) {
    OrderedEvent event;
    event.type = type;
    event.g = GoId{g};
    event.args[1] = stack;
    event.subject_slot = slot;
    event.from = static_cast<std::uint8_t>(GoState::kRunning);
    event.to = static_cast<std::uint8_t>(to);
    return event;
  }

  TraceBuilder trace_;
  wire::GenerationTables generation_tables_;
  TraceTables tables_;
  GenerationRefs refs_;
};

TEST_F(GoroutineDirectoryTest, ItsFirstStackNamesAGoroutine) {
  GoroutineDirectory directory(refs_, tables_.strings);
  EXPECT_EQ(directory.Find(GoId{7}), order::kNoSlot);
  EXPECT_FALSE(directory.Enter(Status(7, 3)));
  EXPECT_EQ(directory.Find(GoId{7}), 3u);
  EXPECT_EQ(directory.StartFunction(3), kEmptyString);
  EXPECT_TRUE(directory.IsSystem(3));

  EXPECT_FALSE(directory.Enter(Transition(EventType::kGoBlock, GoState::kWaiting, 7, 3, 0)));
  EXPECT_TRUE(directory.Enter(Transition(EventType::kGoBlock, GoState::kWaiting, 7, 3, 1)));
  EXPECT_EQ(tables_.strings.Get(directory.StartFunction(3)), "main.main");
  EXPECT_FALSE(directory.IsSystem(3));
  EXPECT_FALSE(directory.Enter(Transition(EventType::kGoBlock, GoState::kWaiting, 7, 3, 2)));
  EXPECT_EQ(tables_.strings.Get(directory.StartFunction(3)), "main.main");
}

TEST_F(GoroutineDirectoryTest, ASlotIsUsedAgainAfterItsGoroutineHasEnded) {
  GoroutineDirectory directory(refs_, tables_.strings);
  directory.Enter(Status(7, 1));
  directory.Enter(Transition(EventType::kGoBlock, GoState::kWaiting, 7, 1, 1));
  const OrderedEvent end = Transition(EventType::kGoDestroy, GoState::kNotExist, 7, 1, 0);
  directory.Enter(end);
  EXPECT_EQ(directory.Find(GoId{7}), 1u);  // until everybody has seen its end
  directory.Leave(end);
  EXPECT_EQ(directory.Find(GoId{7}), order::kNoSlot);

  directory.Enter(Status(8, 1));
  EXPECT_EQ(directory.Find(GoId{8}), 1u);
  EXPECT_EQ(directory.StartFunction(1), kEmptyString);
  directory.Enter(Transition(EventType::kGoBlock, GoState::kWaiting, 8, 1, 2));
  EXPECT_TRUE(directory.IsSystem(1));
}

}  // namespace
}  // namespace gtengine::spans
