#include "engine/order/event.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "engine/wire/event_spec.h"

namespace gtengine::order {
namespace {

using wire::EventType;

OrderedEvent Event(EventType type) {
  return {.m = ThreadId{1}, .p = ProcId{2}, .g = GoId{3}, .args = {11, 12, 13, 14}, .type = type};
}

TEST(EventKind, IsKnownOfEveryEventThatIsGivenOut) {
  for (int i = 0; i < 256; ++i) {
    const auto type = static_cast<EventType>(i);
    const bool is_given = (wire::SpecOf(type).event_class == wire::EventClass::kTimed &&
                           type != EventType::kClockSnapshot) ||
                          type == EventType::kCpuSample || type == kSyncEvent;
    EXPECT_EQ(KindOf(type) != EventKind::kBad, is_given) << i;
  }
}

TEST(EventKind, HasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kEventKindCount; ++i) {
    EXPECT_TRUE(names.insert(Name(static_cast<EventKind>(i))).second);
  }
  EXPECT_EQ(Name(EventKind::kStateTransition), "StateTransition");
}

TEST(Transition, IsOfAGoroutineOrAP) {
  EXPECT_TRUE(IsGoroutineTransition(EventType::kGoStart));
  EXPECT_TRUE(IsGoroutineTransition(EventType::kGoStatusStack));
  EXPECT_TRUE(IsGoroutineTransition(EventType::kGoSwitchDestroy));
  for (const EventType type :
       {EventType::kProcStart, EventType::kProcStop, EventType::kProcSteal, EventType::kProcStatus,
        EventType::kGoLabel, EventType::kProcsChange}) {
    EXPECT_FALSE(IsGoroutineTransition(type));
  }
}

TEST(Transition, NamesItsSubject) {
  for (const EventType type : {EventType::kGoDestroy, EventType::kGoDestroySyscall,
                               EventType::kGoStop, EventType::kGoBlock, EventType::kGoSyscallBegin,
                               EventType::kGoSyscallEnd, EventType::kGoSyscallEndBlocked}) {
    EXPECT_EQ(SubjectGoroutine(Event(type)), GoId{3});
  }
  for (const EventType type :
       {EventType::kGoCreate, EventType::kGoCreateSyscall, EventType::kGoStart,
        EventType::kGoUnblock, EventType::kGoSwitch, EventType::kGoStatus}) {
    EXPECT_EQ(SubjectGoroutine(Event(type)), GoId{11});
  }
  EXPECT_EQ(SubjectProc(Event(EventType::kProcStop)), ProcId{2});
  EXPECT_EQ(SubjectProc(Event(EventType::kProcStart)), ProcId{11});
  EXPECT_EQ(SubjectProc(Event(EventType::kProcSteal)), ProcId{11});
}

TEST(Stacks, AreTakenFromTheirArguments) {
  EXPECT_EQ(ContextStack(Event(EventType::kGoCreate)), 13u);
  EXPECT_EQ(SubjectStack(Event(EventType::kGoCreate)), 12u);
  EXPECT_EQ(ContextStack(Event(EventType::kGoBlock)), 12u);
  EXPECT_EQ(SubjectStack(Event(EventType::kGoBlock)), 12u);
  EXPECT_EQ(ContextStack(Event(EventType::kGoUnblock)), 13u);
  EXPECT_EQ(SubjectStack(Event(EventType::kGoUnblock)), 0u);
  EXPECT_EQ(ContextStack(Event(EventType::kGoStatusStack)), 14u);
  EXPECT_EQ(SubjectStack(Event(EventType::kGoStatusStack)), 14u);
  EXPECT_EQ(ContextStack(Event(EventType::kCpuSample)), 11u);
  EXPECT_EQ(ContextStack(Event(EventType::kGoStart)), 0u);
  EXPECT_EQ(ContextStack(Event(kSyncEvent)), 0u);
}

}  // namespace
}  // namespace gtengine::order
