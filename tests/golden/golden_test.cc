// The shipped traces against what Go's own reader says of them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "engine/io/mapped_file.h"
#include "engine/order/event_text.h"
#include "engine/reports/registry.h"
#include "engine/reports/sched_profile.h"
#include "engine/run/corpus_scan.h"
#include "tests/golden/expected.h"
#include "tests/golden/shipped_trace_test.h"
#include "tests/order/for_each_chunk.h"
#include "tests/order/record_set.h"

namespace gtengine {
namespace {

class GoldenTest : public ShippedTraceTest {
 protected:
 private:
};

// What the stream of ordered events gives, summed up.
struct Observed {
  std::uint64_t events = 0;
  TimeNs first_ns = 0;
  TimeNs last_ns = 0;
  std::map<std::string, std::uint64_t> kinds;
  std::string dump;
};

void Observe(const std::string& path, Observed& observed) {
  // The dump shows local time.
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  auto file = io::MappedFile::Open(path);
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  const Status read =
      gtengine::testing::ForEachChunk(file->view(), [&](const order::EventChunk& chunk) {
        if (observed.events == 0) observed.first_ns = chunk.events.front().time_ns;
        for (const order::OrderedEvent& event : chunk.events) {
          ++observed.kinds[std::string(Name(order::KindOf(event.type)))];
          ASSERT_TRUE(order::AppendEventText(event, chunk, observed.dump).ok());
        }
        observed.events += chunk.events.size();
        observed.last_ns = chunk.events.back().time_ns;
      });
  ASSERT_TRUE(read.ok()) << read.error().ToString();
}

std::string RecordSetSha256(std::string_view dump) {
  Sha256 sha256;
  for (const std::string& record : gtengine::testing::RecordSet(dump)) sha256.Add(record + "\n");
  return sha256.Finish();
}

TEST_P(GoldenTest, OrderedEventsAreThoseOfGo) {
  Observed observed;
  ASSERT_NO_FATAL_FAILURE(Observe(GetParam().trace_path, observed));
  const simdjson::dom::element expected = Expected();
  EXPECT_EQ(observed.events, std::uint64_t{expected["events"]});
  EXPECT_EQ(observed.first_ns, std::int64_t{expected["first_ns"]});
  EXPECT_EQ(observed.last_ns, std::int64_t{expected["last_ns"]});
  std::map<std::string, std::uint64_t> kinds;
  const simdjson::dom::object expected_kinds = expected["kinds"];
  for (const auto field : expected_kinds) kinds[std::string(field.key)] = field.value;
  EXPECT_EQ(observed.kinds, kinds);
  // Of a legacy trace Go's own dump is another in each run, but for its order and times.
  std::string_view of_set;
  if (expected["parsed_multiset_sha256"].get(of_set) == simdjson::SUCCESS) {
    EXPECT_EQ(RecordSetSha256(observed.dump), of_set);
  } else {
    Sha256 sha256;
    sha256.Add(observed.dump);
    EXPECT_EQ(sha256.Finish(), std::string_view{expected["parsed_sha256"]});
  }
}

std::string ProfileSha256(const SchedPartial& partial, bool compat) {
  std::map<std::string, std::string> lines;  // by the stack's text, which orders them
  VisitSchedStacks(partial, compat,
                   [&](const std::vector<std::string>& frames, std::uint64_t count, Uint128 time) {
                     std::string stack;
                     for (const std::string& frame : frames) stack += frame + "\n";
                     lines[stack] = fmt::format("{} {}\n", count, static_cast<std::uint64_t>(time));
                   });
  Sha256 sha256;
  for (const auto& [stack, numbers] : lines) sha256.Add(numbers + stack + "\n");
  return sha256.Finish();
}

TEST_P(GoldenTest, SchedProfilesAreThoseOfGo) {
  run::ScanOptions options{.reports = {FindReport("sched")},
                           .layout = io::Layout::Parse(io::kDefaultLayout).value(),
                           .threads = 2,
                           .memory_bytes = std::uint64_t{1} << 30,
                           .on_progress = {},
                           .is_cancelled = {}};
  const run::CorpusResult result = run::ScanCorpus({GetParam().trace_path}, options);
  const simdjson::dom::element expected = Expected();
  EXPECT_EQ(result.ProblemLines(), std::vector<std::string>());
  EXPECT_EQ(result.events(), std::uint64_t{expected["events"]});
  const auto& partial = dynamic_cast<const SchedPartial&>(result.partial(0));
  for (const bool compat : {false, true}) {
    SCOPED_TRACE(compat ? "as go tool trace" : "in full");
    const simdjson::dom::element profile =
        expected[compat ? "cmd_trace_profiles" : "profiles"]["sched"];
    const SchedProfile observed = SummarizeSched(partial, compat);
    EXPECT_EQ(observed.count, std::uint64_t{profile["count"]});
    EXPECT_EQ(static_cast<std::uint64_t>(observed.time_ns), std::uint64_t{profile["time_ns"]});
    EXPECT_EQ(observed.max_ns, std::int64_t{profile["max_ns"]});
    EXPECT_EQ(observed.stacks, std::uint64_t{profile["stacks"]});
    EXPECT_EQ(ProfileSha256(partial, compat), std::string_view{profile["sha256"]});
  }
}

GTENGINE_TEST_SHIPPED_TRACES(GoldenTest);

}  // namespace
}  // namespace gtengine
