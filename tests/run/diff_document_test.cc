#include "engine/run/diff_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/render/display_text.h"
#include "engine/render/table.h"
#include "tests/reports/document_rows.h"

namespace gtengine::run {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LengthChange Row(std::string name, std::int64_t a_ns, std::int64_t b_ns, LogRatio noise) {
  return {.service = "shop",
          .key = {.what = "system call in", .name = std::move(name), .detail = "main.main"},
          .permille = 990,
          .count = {1000, 2000},
          .typical_ns = {a_ns, b_ns},
          .by = Units::kSameHosts,
          .units = {10, 9},
          .change = {.log = LogOf(b_ns) - LogOf(a_ns), .noise = noise}};
}

CorpusDiff Diff() {
  CorpusDiff diff;
  diff.traces = {10, 9};
  diff.services = {{.service = "shop", .traces = {10, 9}, .hosts = {10, 9}, .common_hosts = 9}};
  diff.judged = {Row("a", 1000, 2000, LogOf(1100) - LogOf(1000)),
                 Row("b", 2000, 1000, LogOf(1100) - LogOf(1000)),
                 Row("c", 1000, 1100, LogOf(1050) - LogOf(1000)),
                 Row("d", 1000, 1100, LogOf(1200) - LogOf(1000))};
  return diff;
}

TEST(DiffDocumentTest, TellsSlowerFromFasterAndNoise) {
  const Document document = ToDocument(Diff(), 20);
  EXPECT_THAT(Lines(document, "slower", {"name", "percentile", "a_ns", "b_ns", "change", "noise"}),
              ElementsAre("a | 99 | 1000 | 2000 | 1000 | 100", "c | 99 | 1000 | 1100 | 100 | 50"));
  EXPECT_THAT(Lines(document, "faster", {"name", "change", "count_a", "by"}),
              ElementsAre("b | -500 | 1000 | 10 same hosts"));
  EXPECT_THAT(Lines(document, "services", {"service", "traces_a", "hosts_b"}),
              ElementsAre("shop | 10 | 9"));
  EXPECT_THAT(Lines(document, "appeared", {"name"}), IsEmpty());
  EXPECT_THAT(Lines(ToDocument(Diff(), 1), "slower", {"name"}), ElementsAre("a"));
  EXPECT_EQ(std::ranges::count(document.tables, "noise_not_known", &Table::id), 0);
}

TEST(DiffDocumentTest, CountsWhatIsSlowerByMore) {
  EXPECT_EQ(CountSlower(Diff(), 0), 2);
  EXPECT_EQ(CountSlower(Diff(), 99), 2);
  EXPECT_EQ(CountSlower(Diff(), 100), 1);
  EXPECT_EQ(CountSlower(Diff(), 999), 1);
  EXPECT_EQ(CountSlower(Diff(), 1000), 0);
}

TEST(DiffDocumentTest, FitsATerminal) {
  CorpusDiff diff = Diff();
  LengthChange wide = Row(std::string(200, 'n'), 999'000, 999'999'999'999, 999'000);
  wide.service = std::string(150, 's');
  wide.key.what = std::string(150, 'w');
  wide.count = {999'999'999, 999'999'999};
  wide.units = {99'999, 99'999};
  diff.judged.push_back(wide);
  diff.unjudged.push_back(wide);
  diff.unjudged.back().change.noise.reset();
  OneSided appeared{.service = wide.service, .key = wide.key, .lengths = {}};
  appeared.lengths.Add(999'000'000'000);
  diff.one_sided[1] = {appeared};
  diff.other_services[0] = {wide.service};
  diff.slow_hosts = {{.service = wide.service,
                      .host = std::string(100, 'h'),
                      .slower = 999'999,
                      .compared = 999'999,
                      .key = wide.key,
                      .permille = 990,
                      .log = LogOf(999'999)}};
  const Document document = ToDocument(diff, 20);
  const std::string text = RenderTables({&document, 1}, 100);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    EXPECT_LE(DisplayWidth(text.substr(at, end - at)), 100u) << text.substr(at, end - at);
    at = end + 1;
  }
  EXPECT_EQ(Lines(document, "noise_not_known", {"service"}).size(), 1);
  EXPECT_EQ(Lines(document, "slow_hosts", {"service"}).size(), 1);
}

}  // namespace
}  // namespace gtengine::run
