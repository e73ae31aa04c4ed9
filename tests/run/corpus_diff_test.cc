#include "engine/run/corpus_diff.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/reports/sched_partial.h"
#include "engine/run/corpus_scan.h"
#include "tests/run/scan_setup.h"

namespace gtengine::run {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A trace in which goroutines of "main.work" have waited `count` times, each `length_ns`.
TraceResult Trace(const std::string& service, const std::string& host, std::int64_t length_ns,
                  int count = 200, const std::string& function = "main.work") {
  auto partial = std::make_unique<SchedPartial>();
  Waits waits;
  for (int i = 0; i < count; ++i) waits[WaitKind::kOrdinary].Add(length_ns);
  partial->start_functions[function] = waits;
  TraceResult trace;
  trace.facts.path = fmt::format("{}/{}/{}", service, host, length_ns);
  trace.facts.origin = {.service = service, .host = host, .date = {}, .time = {}};
  trace.partials.push_back(std::move(partial));
  return trace;
}

// A trace of each of some hosts of the service "shop".
PartialFile Hosts(const std::vector<std::int64_t>& lengths_ns) {
  PartialFile file;
  file.reports = {"sched"};
  for (const std::int64_t length_ns : lengths_ns) {
    file.traces.push_back(Trace("shop", fmt::format("web-{}", file.traces.size()), length_ns));
  }
  return file;
}

const std::vector<std::int64_t> kTen = {1000, 1010, 1020, 990, 980, 1005, 1015, 995, 985, 1000};

std::vector<std::int64_t> Times(std::vector<std::int64_t> lengths_ns, std::int64_t percent) {
  for (std::int64_t& length_ns : lengths_ns) length_ns = length_ns * percent / 100;
  return lengths_ns;
}

std::vector<std::string> Beyond(const CorpusDiff& diff) {
  std::vector<std::string> rows;
  for (const LengthChange& row : diff.judged) {
    if (!row.change.is_beyond_noise()) continue;
    rows.push_back(
        fmt::format("{} p{} {}", row.key.name, row.permille / 10, PermilleOf(row.change.log)));
  }
  return rows;
}

TEST(CorpusDiffTest, NothingChangesFromACorpusToItself) {
  const CorpusDiff diff = CompareCorpora(Hosts(kTen), Hosts(kTen));
  ASSERT_THAT(diff.judged, SizeIs(2));
  for (const LengthChange& row : diff.judged) {
    EXPECT_EQ(row.change.log, 0);
    EXPECT_EQ(row.by, Units::kSameHosts);
    EXPECT_THAT(row.units, ElementsAre(10, 10));
    EXPECT_THAT(row.count, ElementsAre(2000, 2000));
    EXPECT_THAT(row.typical_ns, ElementsAre(1000, 1000));
  }
  EXPECT_EQ(diff.judged[0].permille, 500);
  EXPECT_EQ(diff.judged[1].permille, 990);
  EXPECT_THAT(diff.unjudged, IsEmpty());
  EXPECT_THAT(diff.one_sided[0], IsEmpty());
  EXPECT_THAT(diff.one_sided[1], IsEmpty());
}

TEST(CorpusDiffTest, OneBadHostIsNoChangeAndAllAreOne) {
  std::vector<std::int64_t> bad = kTen;
  bad[4] *= 30;
  const CorpusDiff with_bad = CompareCorpora(Hosts(kTen), Hosts(bad));
  EXPECT_THAT(Beyond(with_bad), IsEmpty());
  ASSERT_THAT(with_bad.slow_hosts, SizeIs(1));
  EXPECT_EQ(with_bad.slow_hosts[0].service, "shop");
  EXPECT_EQ(with_bad.slow_hosts[0].host, "web-4");
  EXPECT_EQ(with_bad.slow_hosts[0].slower, 2);
  EXPECT_EQ(with_bad.slow_hosts[0].compared, 2);
  EXPECT_EQ(with_bad.slow_hosts[0].key.name, "main.work");
  EXPECT_NEAR(static_cast<double>(PermilleOf(with_bad.slow_hosts[0].log)), 29'000, 500);
  // On both sides it is no news.
  EXPECT_THAT(CompareCorpora(Hosts(bad), Hosts(bad)).slow_hosts, IsEmpty());
  EXPECT_THAT(Beyond(CompareCorpora(Hosts(bad), Hosts(kTen))), IsEmpty());
  const CorpusDiff slower = CompareCorpora(Hosts(kTen), Hosts(Times(kTen, 150)));
  EXPECT_THAT(Beyond(slower), SizeIs(2));
  EXPECT_THAT(slower.slow_hosts, IsEmpty());
  EXPECT_NEAR(static_cast<double>(PermilleOf(slower.judged[0].change.log)), 500, 12);
}

TEST(CorpusDiffTest, OtherHostsAreComparedAsTheyAre) {
  PartialFile renamed = Hosts(Times(kTen, 150));
  for (TraceResult& trace : renamed.traces) trace.facts.origin.host += "-new";
  const CorpusDiff diff = CompareCorpora(Hosts(kTen), renamed);
  EXPECT_EQ(diff.judged[0].by, Units::kHosts);
  EXPECT_THAT(Beyond(diff), SizeIs(2));
  EXPECT_EQ(diff.services[0].common_hosts, 0);
  // With a few hosts in common all of them are compared as they are.
  for (std::size_t i = 0; i < 4; ++i) {
    renamed.traces[i].facts.origin.host = fmt::format("web-{}", i);
  }
  EXPECT_EQ(CompareCorpora(Hosts(kTen), renamed).judged[0].by, Units::kHosts);
  renamed.traces[4].facts.origin.host = "web-4";
  const CorpusDiff half = CompareCorpora(Hosts(kTen), renamed);
  EXPECT_EQ(half.judged[0].by, Units::kSameHosts);
  EXPECT_THAT(half.judged[0].units, ElementsAre(5, 5));
}

TEST(CorpusDiffTest, FewHostsAreComparedByTrace) {
  const auto on_two_hosts = [](PartialFile file) {
    for (std::size_t i = 0; i < file.traces.size(); ++i) {
      file.traces[i].facts.origin.host = i % 2 == 0 ? "web-1" : "web-2";
    }
    return file;
  };
  const CorpusDiff diff =
      CompareCorpora(on_two_hosts(Hosts(kTen)), on_two_hosts(Hosts(Times(kTen, 150))));
  EXPECT_EQ(diff.judged[0].by, Units::kTraces);
  EXPECT_THAT(diff.judged[0].units, ElementsAre(10, 10));
  EXPECT_THAT(Beyond(diff), SizeIs(2));
  const CorpusDiff one = CompareCorpora(Hosts({1000}), Hosts({3000}));
  EXPECT_THAT(one.judged, IsEmpty());
  ASSERT_THAT(one.unjudged, SizeIs(2));
  EXPECT_NEAR(static_cast<double>(PermilleOf(one.unjudged[0].change.log)), 2000, 25);
}

TEST(CorpusDiffTest, UnitsWithFewLengthsDoNotCount) {
  PartialFile a = Hosts(kTen);
  PartialFile b = Hosts(kTen);
  for (std::size_t i = 0; i < 7; ++i)
    b.traces[i] = Trace("shop", fmt::format("web-{}", i), 5000, 99);
  const CorpusDiff diff = CompareCorpora(a, b);
  // Three hosts have a p99 that counts; all have a median.
  EXPECT_THAT(Beyond(diff), ElementsAre(::testing::StartsWith("main.work p50 ")));
  ASSERT_THAT(diff.unjudged, SizeIs(1));
  EXPECT_EQ(diff.unjudged[0].permille, 990);
  EXPECT_THAT(diff.unjudged[0].units, ElementsAre(10, 3));
  for (TraceResult& trace : b.traces) trace = Trace("shop", trace.facts.origin.host, 5000, 9);
  const CorpusDiff rare = CompareCorpora(a, b);
  EXPECT_EQ(rare.too_rare, 1);
  EXPECT_THAT(rare.judged, IsEmpty());
}

TEST(CorpusDiffTest, WhatOneSideHasIsApart) {
  PartialFile a = Hosts({1000});
  PartialFile b = Hosts({1000});
  a.traces.push_back(Trace("shop", "web-0", 10, 3, "main.old"));
  b.traces.push_back(Trace("shop", "web-0", 10, 3, "main.small"));
  b.traces.push_back(Trace("shop", "web-0", 90, 3, "main.large"));
  b.traces.push_back(Trace("mail", "m-0", 90));
  const CorpusDiff diff = CompareCorpora(a, b);
  ASSERT_THAT(diff.one_sided[0], SizeIs(1));
  EXPECT_EQ(diff.one_sided[0][0].key.name, "main.old");
  ASSERT_THAT(diff.one_sided[1], SizeIs(2));
  EXPECT_EQ(diff.one_sided[1][0].key.name, "main.large");
  EXPECT_EQ(diff.one_sided[1][1].lengths.count(), 3);
  EXPECT_THAT(diff.other_services[0], IsEmpty());
  EXPECT_THAT(diff.other_services[1], ElementsAre("mail"));
  EXPECT_THAT(diff.services, SizeIs(1));
}

// Real traces, on several hosts each: whatever the order, the same; and swapped, the other way
// round.
TEST(CorpusDiffTest, OrderMakesNoDifferenceAndSwappingMirrors) {
  const auto scanned = [](std::size_t shift) {
    PartialFile file = ScanCorpusToPartial(SmallTraces(), SchedOptions());
    for (std::size_t i = 0; i < file.traces.size(); ++i) {
      file.traces[i].facts.origin = {
          .service = "s", .host = fmt::format("h{}", (i + shift) % 4), .date = {}, .time = {}};
    }
    return file;
  };
  const auto text = [](const std::vector<LengthChange>& rows, int sign) {
    std::string lines;
    for (const LengthChange& row : rows) {
      lines += fmt::format("{}|{}|{}|{}|{}|{}|{}\n", row.key.what, row.key.name, row.key.detail,
                           row.permille, sign * row.change.log, row.change.noise.value_or(-1),
                           row.units[0] + row.units[1]);
    }
    return lines;
  };
  const PartialFile a = scanned(0);
  const PartialFile b = scanned(1);
  PartialFile shuffled = scanned(1);
  std::ranges::reverse(shuffled.traces);
  const CorpusDiff diff = CompareCorpora(a, b);
  const CorpusDiff again = CompareCorpora(a, shuffled);
  EXPECT_GT(diff.judged.size() + diff.unjudged.size(), 20);
  EXPECT_EQ(text(diff.judged, 1), text(again.judged, 1));
  EXPECT_EQ(text(diff.unjudged, 1), text(again.unjudged, 1));
  const CorpusDiff swapped = CompareCorpora(b, a);
  EXPECT_EQ(text(diff.unjudged, 1), text(swapped.unjudged, -1));
  EXPECT_EQ(diff.judged.size(), swapped.judged.size());
}

}  // namespace
}  // namespace gtengine::run
