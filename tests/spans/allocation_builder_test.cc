#include "engine/spans/allocation_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/spans/column_recorder.h"

namespace gtengine::spans {
namespace {

using gtengine::testing::kStart;
using gtengine::testing::RecordSets;
using ::testing::ElementsAre;

constexpr SetRequest kAllocations{.allocations = true};

// Kinds: 0 objects, 1 spans of the heap, 2 other spans, 3 stacks. Class 2 has slots of 16 bytes;
// 8 KiB are 1024 units of an object's id.
TEST(AllocationBuilderTest, LivesHaveTheirSizes) {
  EXPECT_THAT(RecordSets(kStart + R"(  Span dt=8 id=0 npages_value=1 kindclass=8
  HeapObject dt=1 id=2 type=0
  HeapObjectAlloc dt=1 id=4 type=0
  SpanAlloc dt=1 id=1 npages_value=3 kindclass=0
  HeapObjectAlloc dt=1 id=1024 type=0
  HeapObjectFree dt=6 id=4
  GoroutineStackAlloc dt=2 id=9 order=12
  GoroutineStackFree dt=8 id=9
  SpanAlloc dt=2 id=7 npages_value=1 kindclass=1
  SpanFree dt=8 id=7
  HeapObjectFree dt=2 id=2
expect ok 0
)",
                         kAllocations),
              ElementsAre("allocation 0 \"\" bytes=16 g=1 112..120 flags=0",
                          "allocation 3 \"\" bytes=2048 g=1 122..130 flags=0",
                          "allocation 2 \"\" bytes=8192 g=1 132..140 flags=0",
                          "allocation 0 \"\" bytes=16 g=-1 100..142 flags=1",
                          "allocation 0 \"\" bytes=24576 g=1 114..143 flags=2",
                          "allocation 1 \"\" bytes=8192 g=-1 100..143 flags=3",
                          "allocation 1 \"\" bytes=24576 g=1 113..143 flags=2"));
}

TEST(AllocationBuilderTest, UnknownAndRepeatedOnesAreToldAsSuch) {
  EXPECT_THAT(RecordSets(kStart + R"(  HeapObjectFree dt=8 id=5
  HeapObjectAlloc dt=10 id=5 type=0
  HeapObjectAlloc dt=10 id=5 type=7
  HeapObjectFree dt=10 id=5
  HeapObjectAlloc dt=10 id=18446744073709551615 type=7
  SpanAlloc dt=10 id=18446744073709551615 npages_value=18446744073709551615 kindclass=4294967296
  GoroutineStackAlloc dt=10 id=1 order=99
  SpanFree dt=10 id=3
expect ok 0
)",
                         kAllocations),
              ElementsAre("allocation 0 \"\" bytes=0 g=-1 100..110 flags=1",
                          "allocation 0 \"\" bytes=0 g=1 120..130 flags=4",
                          "allocation 0 \"\" bytes=0 g=1 130..140 flags=0",
                          "allocation 2 \"\" bytes=0 g=-1 100..180 flags=1",
                          "allocation 0 \"\" bytes=0 g=1 150..181 flags=2",
                          "allocation 3 \"\" bytes=0 g=1 170..181 flags=2",
                          "allocation 1 \"\" bytes=18446744073709543424 g=1 160..181 flags=2"));
}

}  // namespace
}  // namespace gtengine::spans
