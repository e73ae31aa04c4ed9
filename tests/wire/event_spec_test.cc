#include "engine/wire/event_spec.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <set>
#include <string_view>

namespace gtengine::wire {
namespace {

bool IsStringArg(std::string_view name) { return name.ends_with("_string"); }
bool IsStackArg(std::string_view name) { return name == "stack" || name.ends_with("_stack"); }

// Calls `check` with every type byte and its spec.
template <class Check>
void ForEverySpec(Check check) {
  for (int type = 0; type < 256; ++type) {
    const EventSpec& spec = SpecOf(static_cast<std::uint8_t>(type));
    SCOPED_TRACE(::testing::Message() << type << " " << spec.name);
    check(static_cast<std::size_t>(type), spec);
  }
}

TEST(EventSpec, IsNamedIfAndOnlyIfKnown) {
  ForEverySpec([](std::size_t, const EventSpec& spec) {
    EXPECT_EQ(spec.name.empty(), spec.event_class == EventClass::kUnknown);
  });
}

TEST(EventSpec, NamesEachOfItsArguments) {
  ForEverySpec([](std::size_t, const EventSpec& spec) {
    ASSERT_LE(spec.arg_count, spec.args.size());
    for (std::size_t i = 0; i < spec.args.size(); ++i) {
      EXPECT_EQ(spec.args[i].empty(), i >= spec.arg_count) << i;
    }
  });
}

TEST(EventSpec, BeginsWithATimeDifferenceIfAndOnlyIfTimed) {
  ForEverySpec([](std::size_t type, const EventSpec& spec) {
    const bool is_timed = spec.event_class == EventClass::kTimed;
    EXPECT_EQ(spec.args[0] == "dt", is_timed);
    EXPECT_EQ(kTimedArgCounts[type], is_timed ? spec.arg_count : 0);
    if (is_timed) {
      EXPECT_LE(spec.arg_count, 1 + kMaxTimedArgs);
    }
  });
}

// Positions that refer to tables, and names that say so, are the same arguments.
TEST(EventSpec, RefersToTablesWhereTheNamesSaySo) {
  ForEverySpec([](std::size_t, const EventSpec& spec) {
    if (spec.event_class != EventClass::kTimed) return;
    std::set<std::uint8_t> strings(spec.strings.begin(), spec.strings.end());
    std::set<std::uint8_t> stacks(spec.stacks.begin(), spec.stacks.end());
    strings.erase(0);
    stacks.erase(0);
    for (std::uint8_t i = 0; i < spec.arg_count; ++i) {
      EXPECT_EQ(strings.contains(i), IsStringArg(spec.args[i])) << spec.args[i];
      EXPECT_EQ(stacks.contains(i), IsStackArg(spec.args[i])) << spec.args[i];
    }
    EXPECT_TRUE(stacks.empty() || spec.args[spec.stacks[0]] == "stack");
  });
}

TEST(EventSpec, ListsIdPositionsAsTheSpecsHaveThem) {
  ForEverySpec([](std::size_t type, const EventSpec& spec) {
    const IdPositions& positions = IdPositionsOf(static_cast<EventType>(type));
    EXPECT_EQ(positions.stacks, spec.stacks);
    EXPECT_EQ(positions.strings, spec.strings);
  });
}

TEST(EventSpec, EndsOnlyRangesThatBegin) {
  ForEverySpec([](std::size_t, const EventSpec& spec) {
    if (spec.range_begin == EventType::kNone) return;
    const EventSpec& begin = SpecOf(spec.range_begin);
    EXPECT_EQ(begin.event_class, EventClass::kTimed);
    EXPECT_TRUE(begin.name.ends_with("Begin"));
  });
}

TEST(EventSpec, CarriesATrailerOnlyInTheStructure) {
  ForEverySpec([](std::size_t, const EventSpec& spec) {
    if (spec.trailer == Trailer::kNone) return;
    EXPECT_EQ(spec.event_class, EventClass::kStructural);
    EXPECT_EQ(spec.trailer == Trailer::kFrames, spec.name == "Stack");
  });
}

TEST(EventSpec, NamesAreUnique) {
  std::set<std::string_view> names;
  for (int type = 0; type < 256; ++type) {
    const std::string_view name = SpecOf(static_cast<std::uint8_t>(type)).name;
    if (!name.empty()) {
      EXPECT_TRUE(names.insert(name).second) << name;
    }
  }
  EXPECT_EQ(names.size(), 52 + 9);
}

// The last type of each format has a spec; behind that of the newest there is none.
TEST(EventSpec, TypeLimitsEndAtTheLastTypeOfAFormat) {
  const auto last = [](Version version) {
    return SpecOf(static_cast<std::uint8_t>(TypeLimit(version) - 1)).name;
  };
  EXPECT_EQ(last(Version::k22), "UserLog");
  EXPECT_EQ(last(Version::k23), "ExperimentalBatch");
  EXPECT_EQ(last(Version::k25), "ClockSnapshot");
  EXPECT_EQ(last(Version::k26), "GoroutineStackFree");
  for (int type = TypeLimit(Version::k26); type < 256; ++type) {
    EXPECT_EQ(SpecOf(static_cast<std::uint8_t>(type)).event_class, EventClass::kUnknown);
  }
}

}  // namespace
}  // namespace gtengine::wire
