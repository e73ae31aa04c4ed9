// What holds for every report of the registry, on real traces: partials combine in any order and
// grouping to the same bytes, come back from their bytes, and refuse all others.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/render/display_text.h"
#include "engine/render/table.h"
#include "tests/golden/expected.h"
#include "tests/reports/report_run.h"

namespace gtengine {
namespace {

using PartialPtr = std::unique_ptr<ReportPartial>;

// A few MB of small traces: of each format, with tasks, system calls, CPU samples and legacy ones;
// and the one with allocations.
constexpr std::uint64_t kSmallBytes = 1'400'000;

class ReportLawsTest : public ::testing::TestWithParam<std::string> {
 protected:
  const ReportType& report() { return *FindReport(GetParam()); }

  std::vector<PartialPtr> Partials() {
    std::vector<PartialPtr> partials;
    for (const ExpectedTrace& trace : ExpectedTraces()) {
      auto file = io::MappedFile::Open(trace.trace_path);
      EXPECT_TRUE(file.ok());
      if (file->size() > kSmallBytes && !trace.name.starts_with("lab/")) continue;
      const std::string service = trace.name.substr(0, trace.name.find('/'));
      partials.push_back(testing::PartialOfTrace(
          report(), file->view(), {.path = trace.name, .service = service, .host = "h"}));
    }
    EXPECT_GE(partials.size(), 5u);
    return partials;
  }

  PartialPtr CombineAll(const std::vector<const ReportPartial*>& partials) {
    PartialPtr all = report().empty();
    for (const ReportPartial* partial : partials) all->Combine(*partial);
    return all;
  }
  PartialPtr SumOf(const std::vector<PartialPtr>& partials) {
    return CombineAll(Pointers(partials));
  }
  static std::vector<const ReportPartial*> Pointers(const std::vector<PartialPtr>& partials) {
    std::vector<const ReportPartial*> pointers;
    for (const PartialPtr& partial : partials) pointers.push_back(partial.get());
    return pointers;
  }
};

TEST_P(ReportLawsTest, AnyOrderAndGroupingGivesTheSameBytes) {
  const std::vector<PartialPtr> partials = Partials();
  const std::string expected = SumOf(partials)->Serialize();
  std::mt19937_64 random(1);
  std::vector<const ReportPartial*> order = Pointers(partials);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    ASSERT_TRUE(CombineAll(order)->Serialize() == expected);
    std::vector<PartialPtr> shards;
    for (int shard = 0; shard < 3; ++shard) shards.push_back(report().empty());
    for (const ReportPartial* partial : order) shards[random() % 3]->Combine(*partial);
    ASSERT_TRUE(SumOf(shards)->Serialize() == expected);
  }
}

TEST_P(ReportLawsTest, CombineLeavesItsSourceWhole) {
  const std::vector<PartialPtr> partials = Partials();
  std::vector<std::string> before;
  for (const PartialPtr& partial : partials) before.push_back(partial->Serialize());
  const std::string sum = SumOf(partials)->Serialize();
  for (std::size_t i = 0; i < partials.size(); ++i) {
    EXPECT_TRUE(partials[i]->Serialize() == before[i]);
  }
  EXPECT_TRUE(sum != report().empty()->Serialize()) << "no trace has anything for this report";
}

TEST_P(ReportLawsTest, CombinesWithItself) {
  const std::vector<PartialPtr> partials = Partials();
  const PartialPtr once = SumOf(partials);
  const PartialPtr twice = CombineAll({once.get(), once.get()});
  once->Combine(*once);
  EXPECT_TRUE(once->Serialize() == twice->Serialize());
}

TEST_P(ReportLawsTest, ComesBackFromItsBytes) {
  std::vector<PartialPtr> partials = Partials();
  partials.push_back(SumOf(partials));
  for (const PartialPtr& partial : partials) {
    const std::string bytes = partial->Serialize();
    const auto parsed = report().parse(bytes);
    ASSERT_TRUE(parsed.ok()) << parsed.error().ToString();
    EXPECT_TRUE((*parsed)->Serialize() == bytes);  // without printing them
    std::vector<Document> documents = {partial->ToDocument({}), (*parsed)->ToDocument({})};
    EXPECT_EQ(RenderTables({&documents[0], 1}, 100), RenderTables({&documents[1], 1}, 100));
  }
}

TEST_P(ReportLawsTest, PrefixesAreErrorsOrLess) {
  const std::string bytes = Partials()[0]->Serialize();
  const std::size_t step = std::max<std::size_t>(1, bytes.size() / 700);
  for (std::size_t size = 0; size < bytes.size(); size += step) {
    const auto parsed = report().parse(std::string(bytes, 0, size));
    // What ends between two fields is a partial with fewer of them.
    if (parsed.ok()) {
      EXPECT_LT((*parsed)->Serialize().size(), bytes.size());
    }
  }
}

TEST_P(ReportLawsTest, ChangedBytesAreAnErrorOrAPartial) {
  const std::string bytes = Partials()[0]->Serialize();
  std::mt19937_64 random(8);
  for (int round = 0; round < 300; ++round) {
    std::string changed = bytes;
    for (std::size_t changes = 1 + random() % 3; changes > 0; --changes) {
      changed[random() % changed.size()] = static_cast<char>(random());
    }
    const auto parsed = report().parse(changed);
    if (!parsed.ok()) continue;
    const std::string again = (*parsed)->Serialize();
    for (const bool compat : {false, true}) {
      (*parsed)->ToDocument({.compat_go_tool_trace = compat, .top = 5});
    }
    const auto reparsed = report().parse(again);
    ASSERT_TRUE(reparsed.ok()) << reparsed.error().ToString();
    ASSERT_TRUE((*reparsed)->Serialize() == again);
  }
}

TEST_P(ReportLawsTest, RefusesOtherReportsAndVersions) {
  for (const ReportType& other : AllReports()) {
    if (other.name == report().name) continue;
    EXPECT_FALSE(report().parse(other.empty()->Serialize()).ok()) << other.name;
  }
  std::string bytes = report().empty()->Serialize();
  bytes.back() = 99;
  const auto parsed = report().parse(bytes);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().code, ErrorCode::kUnsupportedVersion);
}

TEST_P(ReportLawsTest, FitsATerminal) {
  const PartialPtr all = SumOf(Partials());
  for (const bool compat : {false, true}) {
    const Document document = all->ToDocument({.compat_go_tool_trace = compat, .top = 20});
    const std::string text = RenderTables({&document, 1}, 100);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      const std::string line = text.substr(at, end - at);
      EXPECT_LE(DisplayWidth(line), 100u) << line;
      at = end + 1;
    }
  }
}

TEST_P(ReportLawsTest, KeysNameOneRow) {
  const Document document = SumOf(Partials())->ToDocument(testing::AllOf());
  for (const Table& table : document.tables) {
    std::set<std::string> seen;
    bool has_keys = false;
    for (const auto& row : table.rows) {
      std::string key;
      ASSERT_EQ(row.size(), table.columns.size());
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (table.columns[i].kind != ColumnKind::kKey) continue;
        has_keys = true;
        if (row[i].text() != nullptr) key += *row[i].text();
        if (row[i].integer() != nullptr)
          key += std::to_string(static_cast<long long>(*row[i].integer()));
        key += '\x1f';
      }
      if (has_keys) {
        EXPECT_TRUE(seen.insert(key).second) << table.id << ": " << key;
      }
    }
  }
}

// What is compared adds up: the lengths of a sum are those of its parts.
TEST_P(ReportLawsTest, LengthsAddUp) {
  if (report().visit_lengths == nullptr) GTEST_SKIP() << "it measures no lengths";
  using Lengths = std::map<LengthKey, std::tuple<std::uint64_t, std::string, std::int64_t>>;
  const auto of = [&](const std::vector<const ReportPartial*>& partials) {
    std::map<LengthKey, Distribution> sums;
    for (const ReportPartial* partial : partials) {
      report().visit_lengths(*partial, [&](const LengthKey& key, const Distribution& lengths) {
        EXPECT_NE(key.what, "");
        EXPECT_NE(key.name, "");
        sums[key].Combine(lengths);
      });
    }
    Lengths all;
    for (const auto& [key, sum] : sums) {
      all[key] = {sum.count(), std::to_string(static_cast<double>(sum.sum())), sum.Quantile(990)};
    }
    return all;
  };
  const std::vector<PartialPtr> partials = Partials();
  const PartialPtr sum = SumOf(partials);
  const Lengths whole = of({sum.get()});
  EXPECT_FALSE(whole.empty());
  EXPECT_TRUE(whole == of(Pointers(partials)));
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const ReportType& report : AllReports()) names.emplace_back(report.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Reports, ReportLawsTest, ::testing::ValuesIn(Names()),
                         [](const ::testing::TestParamInfo<std::string>& name) {
                           return TestName(name.param);
                         });

}  // namespace
}  // namespace gtengine
