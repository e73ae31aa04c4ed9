// The columns of the shipped traces, summed up, against what Go's own reader and summarizer say.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/io/mapped_file.h"
#include "engine/spans/span_builder.h"
#include "tests/golden/shipped_trace_test.h"
#include "tests/order/for_each_chunk.h"

namespace gtengine {
namespace {

constexpr std::uint8_t kCut = kCutAtStart | kCutAtEnd;

// Lengths of time under one name.
struct Lengths {
  std::uint64_t count = 0;
  std::vector<TimeNs> ns;  // of those that have one
  std::uint64_t complete = 0;

  TimeNs Sum() const {
    TimeNs sum = 0;
    for (const TimeNs length : ns) sum += length;
    return sum;
  }
  // As Go's reference program takes it.
  TimeNs Quantile(double q) const {
    if (ns.empty()) return 0;
    std::vector<TimeNs> sorted = ns;
    std::ranges::sort(sorted);
    const auto index = static_cast<std::size_t>(q * static_cast<double>(sorted.size()));
    return sorted[std::min(index, sorted.size() - 1)];
  }
};

// Sums of one goroutine.
struct GoroutineTimes {
  TimeNs syscall_ns = 0;
  TimeNs syscall_block_ns = 0;
  std::map<std::string, TimeNs> range_ns;
};

// Sums up every set, and checks on the way what must hold among rows.
class Totals : public SpanConsumer {
 public:
  SpanRequest Request() const override {
    SpanRequest request;
    for (bool& state : request.states) state = true;
    request.goroutine_columns.g = true;
    request.goroutine_columns.start_function = true;
    request.sets = {.proc_spans = true,
                    .proc_runnable = true,
                    .syscalls = true,
                    .syscall_stacks = true,
                    .ranges = true,
                    .range_stacks = true,
                    .tasks = true,
                    .task_stacks = true,
                    .regions = true,
                    .region_stacks = true,
                    .region_slices = true,
                    .logs = true,
                    .log_stacks = true,
                    .samples = true,
                    .sample_goroutines = true,
                    .metrics = true,
                    .labels = true,
                    .generations = true};
    return request;
  }

  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) override {
    for (std::size_t i = 0; i < spans.rows; ++i) {
      const std::string name(tables.strings.Get(spans.start_function[i]));
      names[spans.g[i]] = name;
      if (name.empty()) unnamed_[spans.goroutine[i]].insert(spans.g[i]);
    }
  }
  void OnLateName(std::uint32_t goroutine, StringRef name, const TraceTables& tables) override {
    for (const GoId g : unnamed_[goroutine]) names[g] = tables.strings.Get(name);
    unnamed_.erase(goroutine);
  }
  void OnProcSpans(const ProcSpans& spans, const TraceTables&) override;
  void OnSyscalls(const Syscalls& syscalls, const TraceTables&) override;
  void OnRanges(const Ranges& set, const TraceTables& tables) override;
  void OnTasks(const Tasks& set, const TraceTables& tables) override;
  void OnRegionSlices(const RegionSlices& slices, const TraceTables&) override;
  void OnRegions(const Regions& set, const TraceTables& tables) override;
  void OnMetrics(const Metrics& set, const TraceTables&) override;
  void OnLogs(const Logs& set, const TraceTables&) override { logs += set.rows; }
  void OnLabels(const Labels& set, const TraceTables&) override { labels += set.rows; }
  void OnSamples(const Samples& set, const TraceTables& tables) override;
  void OnLateSampleName(GoId g, StringRef, const TraceTables&) override {
    EXPECT_EQ(unnamed_samples.erase(g), 1u);
  }
  void OnGenerations(const Generations& set, const TraceTables&) override;

  std::map<GoId, std::string> names;
  std::map<GoId, GoroutineTimes> goroutines;
  std::map<std::string, Lengths> ranges;
  std::map<std::string, Lengths> tasks;
  std::map<std::string, Lengths> regions;
  std::map<std::string, std::uint64_t> ends;  // by the event's kind
  std::map<MetricKind, std::uint64_t> metric_max;
  std::uint64_t metrics = 0;
  std::uint64_t logs = 0;
  std::uint64_t labels = 0;
  std::uint64_t samples = 0;
  std::set<GoId> unnamed_samples;
  std::map<ProcId, TimeNs> proc_end_ns;
  TimeNs proc_idle_ns = 0;
  TimeNs proc_runnable_ns = 0;
  std::map<RegionId, TimeNs> open_slices_ns;
  std::uint64_t generations = 0;
  std::uint64_t generation_events = 0;
  std::uint64_t next_byte = wire::kHeaderBytes;
  std::string wall;
  TimeNs first_ns = 0;
  TimeNs last_ns = 0;

 private:
  std::map<std::uint32_t, std::set<GoId>> unnamed_;
};

// The spans of a P follow one another without a gap.
void Totals::OnProcSpans(const ProcSpans& spans, const TraceTables&) {
  for (std::size_t i = 0; i < spans.rows; ++i) {
    const auto [end, is_first] = proc_end_ns.try_emplace(spans.p[i], spans.start_ns[i]);
    EXPECT_EQ(spans.start_ns[i], end->second);
    EXPECT_TRUE(is_first || !(spans.flags[i] & kCutAtStart));
    EXPECT_LT(spans.start_ns[i], spans.end_ns[i]);
    end->second = spans.end_ns[i];
    if (spans.state[i] != ProcState::kIdle) continue;
    EXPECT_LE(spans.runnable_ns[i], spans.end_ns[i] - spans.start_ns[i]);
    proc_idle_ns += spans.end_ns[i] - spans.start_ns[i];
    proc_runnable_ns += spans.runnable_ns[i];
  }
}

// As Go's summarizer counts.
void Totals::OnSyscalls(const Syscalls& set, const TraceTables&) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    EXPECT_LE(set.start_ns[i], set.had_p_until_ns[i]);
    EXPECT_LE(set.had_p_until_ns[i], set.end_ns[i]);
    GoroutineTimes& times = goroutines[set.g[i]];
    const bool is_unseen = set.flags[i] & kLossUnseen;
    const TimeNs lost_ns = is_unseen ? set.end_ns[i] : set.had_p_until_ns[i];
    if (set.flags[i] & kCutAtStart) {
      const bool had_p = set.p[i] != kNoProc;
      (had_p ? times.syscall_ns : times.syscall_block_ns) += set.start_ns[i] - first_ns;
    }
    if (set.flags[i] & kCutAtEnd) {
      // The time after a loss is counted as waiting for a P as well as a call.
      times.syscall_ns += set.end_ns[i] - set.start_ns[i];
      continue;
    }
    times.syscall_ns += lost_ns - set.start_ns[i];
    times.syscall_block_ns += set.end_ns[i] - lost_ns;
  }
}

void Totals::OnRanges(const Ranges& set, const TraceTables& tables) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    const std::string name(tables.strings.Get(set.name[i]));
    const TimeNs length_ns = set.end_ns[i] - set.start_ns[i];
    EXPECT_LE(set.start_ns[i], set.stopped_ns[i]);
    EXPECT_LE(set.stopped_ns[i], set.end_ns[i]);
    const bool is_of_g = set.scope_g[i] != kNoGoroutine;
    const bool is_sweep_of_g = set.kind[i] == RangeKind::kSweep && set.start_g[i] != kNoGoroutine &&
                               (set.start_g[i] == set.end_g[i] || (set.flags[i] & kCutAtEnd));
    if (is_of_g || is_sweep_of_g) {
      goroutines[is_of_g ? set.scope_g[i] : set.start_g[i]].range_ns[name] += length_ns;
    }
    if (set.flags[i] & kCutAtEnd) continue;
    ++ends["RangeEnd"];
    ++ranges[name].count;
    ranges[name].ns.push_back(length_ns);
  }
}

void Totals::OnTasks(const Tasks& set, const TraceTables& tables) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    if (!(set.flags[i] & kCutAtEnd)) ++ends["TaskEnd"];
    Lengths& lengths = tasks[std::string(tables.strings.Get(set.name[i]))];
    ++lengths.count;
    if (set.flags[i] & kCut) continue;
    ++lengths.complete;
    lengths.ns.push_back(set.end_ns[i] - set.start_ns[i]);
  }
}

void Totals::OnRegionSlices(const RegionSlices& slices, const TraceTables&) {
  for (std::size_t i = 0; i < slices.rows; ++i) {
    EXPECT_LT(slices.start_ns[i], slices.end_ns[i]);
    open_slices_ns[slices.region[i]] += slices.end_ns[i] - slices.start_ns[i];
  }
}

void Totals::OnRegions(const Regions& set, const TraceTables& tables) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    const TimeNs length_ns = set.end_ns[i] - set.start_ns[i];
    EXPECT_GE(set.self_ns[i], 0);
    EXPECT_LE(set.self_ns[i], length_ns);
    // Slices cover the self time, and have all come before.
    if (!(set.flags[i] & kCutAtStart)) {
      EXPECT_EQ(open_slices_ns[set.region[i]], set.self_ns[i]);
    }
    open_slices_ns.erase(set.region[i]);
    if (set.flags[i] & kInherited) continue;
    if (!(set.flags[i] & (kCutAtEnd | kLeftOpen))) ++ends["RegionEnd"];
    // Go's reference program leaves out names that are empty.
    if (set.name[i] == kEmptyString || (set.flags[i] & kOnSystemGoroutine)) continue;
    Lengths& lengths = regions[std::string(tables.strings.Get(set.name[i]))];
    ++lengths.count;
    if (!(set.flags[i] & kCut)) ++lengths.complete;
    lengths.ns.push_back(length_ns);
  }
}

void Totals::OnMetrics(const Metrics& set, const TraceTables&) {
  metrics += set.rows;
  for (std::size_t i = 0; i < set.rows; ++i) {
    std::uint64_t& max = metric_max[set.kind[i]];
    max = std::max(max, set.value[i]);
  }
}

void Totals::OnSamples(const Samples& set, const TraceTables&) {
  samples += set.rows;
  for (std::size_t i = 0; i < set.rows; ++i) {
    if (set.start_function[i] == kEmptyString) unnamed_samples.insert(set.g[i]);
  }
}

void Totals::OnGenerations(const Generations& set, const TraceTables&) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    ++generations;
    generation_events += set.events[i];
    EXPECT_EQ(set.begin_byte[i], next_byte);
    next_byte = set.end_byte[i];
    EXPECT_LE(set.first_ns[i], set.last_ns[i]);
    if (!wall.empty() || !set.has_clock_snapshot[i]) continue;
    const auto seconds = static_cast<std::time_t>(set.wall_seconds[i]);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    wall =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}", utc.tm_year + 1900, utc.tm_mon + 1,
                    utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, set.wall_nanoseconds[i]);
    // Go leaves trailing zeros of the fraction out.
    while (wall.back() == '0') wall.pop_back();
    wall += 'Z';
  }
}

void Read(const std::string& path, Totals& totals) {
  auto file = io::MappedFile::Open(path);
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  SpanConsumer* consumers[] = {&totals};
  spans::SpanBuilder builder(consumers);
  bool is_first = true;
  const Status read =
      gtengine::testing::ForEachChunk(file->view(), [&](const order::EventChunk& chunk) {
        if (is_first) totals.first_ns = chunk.events.front().time_ns;
        is_first = false;
        totals.last_ns = chunk.events.back().time_ns;
        builder.Add(chunk);
      });
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  builder.Finish();
}

class ColumnsGoldenTest : public ShippedTraceTest {
 protected:
  void SetUp() override {
    expected_ = Expected();
    ASSERT_NO_FATAL_FAILURE(Read(GetParam().trace_path, totals_));
  }

  // Rows of the golden's table as text, with fields as named.
  std::vector<std::string> Table(const char* table, const std::vector<const char*>& fields) {
    std::vector<std::string> rows;
    simdjson::dom::array array;
    if (expected_[table].get(array) != simdjson::SUCCESS) return rows;  // null: there are none
    for (const simdjson::dom::element row : array) {
      std::string text(std::string_view{row["name"]});
      for (const char* field : fields) text += fmt::format(" {}", std::int64_t{row[field]});
      rows.push_back(std::move(text));
    }
    std::ranges::sort(rows);
    return rows;
  }
  std::uint64_t Number(const char* field) { return std::uint64_t{expected_[field]}; }
  std::uint64_t Kind(const char* kind) {
    std::uint64_t count = 0;
    return expected_["kinds"][kind].get(count) == simdjson::SUCCESS ? count : 0;
  }

  simdjson::dom::element expected_;
  Totals totals_;
};

std::vector<std::string> Rows(const std::map<std::string, Lengths>& by_name) {
  std::vector<std::string> rows;
  for (const auto& [name, lengths] : by_name) {
    rows.push_back(fmt::format("{} {} {} {} {} {} {} {}", name, lengths.count, lengths.complete,
                               lengths.Sum(), lengths.Quantile(0), lengths.Quantile(1),
                               lengths.Quantile(.50), lengths.Quantile(.99)));
  }
  std::ranges::sort(rows);
  return rows;
}

const std::vector<const char*> kDistributionFields = {"count",  "complete", "total_ns", "min_ns",
                                                      "max_ns", "p50_ns",   "p99_ns"};

TEST_P(ColumnsGoldenTest, TasksAreThoseOfGo) {
  EXPECT_EQ(Rows(totals_.tasks), Table("tasks", kDistributionFields));
  EXPECT_EQ(totals_.ends["TaskEnd"], Kind("TaskEnd"));
}

TEST_P(ColumnsGoldenTest, RegionsAreThoseOfGo) {
  EXPECT_EQ(Rows(totals_.regions), Table("regions", kDistributionFields));
  EXPECT_EQ(totals_.ends["RegionEnd"], Kind("RegionEnd"));
}

TEST_P(ColumnsGoldenTest, RangesAreThoseOfGo) {
  std::vector<std::string> rows;
  for (const auto& [name, lengths] : totals_.ranges) {
    rows.push_back(
        fmt::format("{} {} {} {}", name, lengths.count, lengths.Sum(), lengths.Quantile(1)));
  }
  std::ranges::sort(rows);
  EXPECT_EQ(rows, Table("ranges", {"count", "total_ns", "max_ns"}));
  EXPECT_EQ(totals_.ends["RangeEnd"], Kind("RangeEnd"));
}

TEST_P(ColumnsGoldenTest, PointsAreThoseOfGo) {
  EXPECT_EQ(totals_.metric_max[MetricKind::kHeapAlloc], Number("heap_alloc_max"));
  EXPECT_EQ(totals_.metric_max[MetricKind::kHeapGoal], Number("heap_goal_max"));
  EXPECT_EQ(totals_.metric_max[MetricKind::kGoMaxProcs], Number("gomaxprocs_max"));
  EXPECT_EQ(totals_.samples, Number("cpu_samples"));
  EXPECT_EQ(totals_.logs, Number("logs"));
  EXPECT_EQ(totals_.metrics, Kind("Metric"));
  EXPECT_EQ(totals_.labels, Kind("Label"));
}

// What system calls and ranges come to by goroutine, as Go's summarizer has it.
TEST_P(ColumnsGoldenTest, GoroutinesSpentWhatGoSaysInCallsAndRanges) {
  std::map<std::string, GoroutineTimes> by_name;
  for (const auto& [g, name] : totals_.names) by_name[name];
  for (const auto& [g, times] : totals_.goroutines) {
    GoroutineTimes& sum = by_name[totals_.names[g]];
    sum.syscall_ns += times.syscall_ns;
    sum.syscall_block_ns += times.syscall_block_ns;
    for (const auto& [range, ns] : times.range_ns) sum.range_ns[range] += ns;
  }
  std::vector<std::string> rows;
  for (const auto& [name, times] : by_name) {
    rows.push_back(fmt::format("{} {} {}", name, times.syscall_ns, times.syscall_block_ns));
    for (const auto& [range, ns] : times.range_ns) {
      rows.push_back(fmt::format("{} {}: {}", name, range, ns));
    }
  }
  std::vector<std::string> expected = Table("goroutines", {"syscall_ns", "syscall_block_ns"});
  simdjson::dom::array goroutines;
  ASSERT_EQ(expected_["goroutines"].get(goroutines), simdjson::SUCCESS);
  for (const simdjson::dom::element goroutine : goroutines) {
    const simdjson::dom::object range_ns = goroutine["range_ns"];
    for (const auto field : range_ns) {
      expected.push_back(fmt::format("{} {}: {}", std::string_view{goroutine["name"]}, field.key,
                                     std::int64_t{field.value}));
    }
  }
  std::ranges::sort(rows);
  std::ranges::sort(expected);
  EXPECT_EQ(rows, expected);
}

TEST_P(ColumnsGoldenTest, PsAreNeverWithoutASpan) {
  EXPECT_FALSE(totals_.proc_end_ns.empty());
  for (const auto& [p, end_ns] : totals_.proc_end_ns) EXPECT_EQ(end_ns, totals_.last_ns);
  EXPECT_LE(totals_.proc_runnable_ns, totals_.proc_idle_ns);
}

TEST_P(ColumnsGoldenTest, SlicesBelongToRegions) {
  // What is left belongs to regions that are left out: those that system goroutines inherit.
  EXPECT_TRUE(totals_.open_slices_ns.empty());
}

TEST_P(ColumnsGoldenTest, GenerationsHoldAllEventsAndBytes) {
  EXPECT_EQ(totals_.generations + 1, Number("syncs"));
  EXPECT_EQ(totals_.generation_events + 1, Number("events"));
  EXPECT_EQ(totals_.next_byte, Number("bytes"));
  std::string_view wall;
  if (expected_["wall"].get(wall) != simdjson::SUCCESS) wall = {};
  EXPECT_EQ(totals_.wall, wall);
}

GTENGINE_TEST_SHIPPED_TRACES(ColumnsGoldenTest);

}  // namespace
}  // namespace gtengine
