#include "engine/reports/sched_partial.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/reports/random_traces.h"
#include "tests/reports/trace_rows.h"

namespace gtengine {
namespace {

TEST(SchedPartialTest, AnyOrderOfCombinationGivesTheSameBytes) {
  std::mt19937_64 random(1);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::vector<PartialPtr> traces = RandomTraces(seed, 8);
    const std::string expected = Serialized(traces);
    std::vector<const ReportPartial*> order = Pointers(traces);
    for (int round = 0; round < 5; ++round) {
      std::shuffle(order.begin(), order.end(), random);
      ASSERT_EQ(CombineAll(order)->Serialize(), expected) << seed;
    }
  }
}

TEST(SchedPartialTest, AnyGroupingGivesTheSameBytes) {
  std::mt19937_64 random(2);
  for (std::uint64_t seed = 100; seed < 120; ++seed) {
    const std::vector<PartialPtr> traces = RandomTraces(seed, 8);
    std::vector<PartialPtr> shards;
    for (int shard = 0; shard < 3; ++shard) shards.push_back(SchedReport().empty());
    for (const PartialPtr& trace : traces) shards[random() % shards.size()]->Combine(*trace);
    ASSERT_EQ(Serialized(shards), Serialized(traces)) << seed;
  }
}

TEST(SchedPartialTest, ASplitTraceGivesTheSameBytes) {
  std::mt19937_64 random(3);
  std::vector<TestRow> rows(3000);
  for (TestRow& row : rows) row = RandomRow(random);
  const TraceIdentity trace{.path = "t", .service = "s", .host = "h", .start_ns = 0};
  const PartialPtr whole = PartialOf(SchedReport(), trace, rows);
  for (const std::ptrdiff_t cut : {0, 1, 1024, 2047, 3000}) {
    const PartialPtr parts = PartialOf(SchedReport(), trace, {rows.begin() + cut, rows.end()});
    parts->Combine(*PartialOf(SchedReport(), trace, {rows.begin(), rows.begin() + cut}));
    EXPECT_EQ(parts->Serialize(), whole->Serialize()) << cut;
  }
}

TEST(SchedPartialTest, CombineLeavesItsSourceWhole) {
  const std::vector<PartialPtr> traces = RandomTraces(4, 2);
  const std::string before = traces[1]->Serialize();
  traces[0]->Combine(*traces[1]);
  EXPECT_EQ(traces[1]->Serialize(), before);
}

TEST(SchedPartialTest, CombinesWithItself) {
  const std::vector<PartialPtr> traces = RandomTraces(5, 1);
  const std::vector<PartialPtr> same = RandomTraces(5, 1);
  const PartialPtr twice = CombineAll({same[0].get(), same[0].get()});
  traces[0]->Combine(*traces[0]);
  EXPECT_EQ(traces[0]->Serialize(), twice->Serialize());
}

}  // namespace
}  // namespace gtengine
