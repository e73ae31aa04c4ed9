// The blocking report, by a trace written by hand and against Go's profiles of the shipped ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/golden/shipped_trace_test.h"
#include "tests/reports/document_rows.h"
#include "tests/reports/profile_digest.h"
#include "tests/reports/report_run.h"

namespace gtengine {
namespace {

using testing::AllOf;
using testing::Digest;
using ::testing::ElementsAre;
using testing::ExpectedDigest;
using testing::PartialOfFile;
using testing::PartialOfText;
using testing::ProfileNamed;

// Goroutine 2 is found waiting and runs later, 3 is found waiting and does not.
const std::string kTrace = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  GoStatus g=2 m=-1 gstatus=waiting
  GoStatus g=3 m=-1 gstatus=waiting
  GoUnblock dt=6 g=2 g_seq=1 stack=(main.send@m.go:1 main.main@m.go:2)
  GoUnblock dt=5 g=3 g_seq=1 stack=(main.send@m.go:1 main.main@m.go:2)
  GoBlock dt=5 reason_string="chan receive" stack=(main.receive@m.go:3 main.main@m.go:4)
  GoStart dt=5 g=2 g_seq=2
  GoUnblock dt=7 g=1 g_seq=1 stack=(main.send@m.go:1 main.worker@m.go:6)
  GoBlock dt=5 reason_string="network" stack=(main.read@m.go:3 main.worker@m.go:7)
  GoStart dt=5 g=1 g_seq=2
expect ok 0
)";

TEST(BlockingTest, CountsWhatEnded) {
  const Document document = PartialOfText("blocking", kTrace)->ToDocument({});
  EXPECT_THAT(Lines(document, "reasons", {"reason", "profile", "count", "total_ns", "max_ns"}),
              ElementsAre("(not known) | - | 2 | 18 | 11", "chan receive | sync | 1 | 12 | 12"));
  EXPECT_THAT(
      Lines(document, "sites", {"reason", "function", "location", "caller", "count", "total_ns"}),
      ElementsAre("(not known) | (no stack) | - | - | 2 | 18",
                  "chan receive | main.receive | m.go:3 | main.main | 1 | 12"));
  EXPECT_THAT(Lines(document, "edges",
                    {"blocked", "waker", "count", "total_ns", "blocked_root", "waker_root"}),
              ElementsAre("(no stack) | main.send | 2 | 18 | - | main.main",
                          "main.receive | main.send | 1 | 12 | main.main | main.worker"));
  EXPECT_THAT(Lines(document, "longest", {"goroutine", "duration_ns", "what"}),
              ElementsAre("1 | 12 | chan receive: main.receive", "3 | 11 | -", "2 | 7 | -"));
}

// What lies before a first run is clipped, but not where that never comes.
TEST(BlockingTest, AsGoToolTraceCounts) {
  const Document document = PartialOfText("blocking", kTrace)->ToDocument(AllOf(true));
  EXPECT_THAT(Lines(document, "reasons", {"reason", "count", "total_ns"}),
              ElementsAre("chan receive | 1 | 12", "(not known) | 1 | 11"));
}

class BlockingGoldenTest : public ShippedTraceTest {};

TEST_P(BlockingGoldenTest, ProfilesAreThoseOfGo) {
  const simdjson::dom::element expected = Expected();
  const auto partial = PartialOfFile("blocking", GetParam().trace_path);
  for (const bool compat : {false, true}) {
    SCOPED_TRACE(compat ? "as go tool trace" : "in full");
    ReportOptions options = AllOf(compat);
    options.with_profiles = true;
    const Document document = partial->ToDocument(options);
    const auto go = expected[compat ? "cmd_trace_profiles" : "profiles"];
    for (const char* name : {"net", "sync"}) {
      EXPECT_EQ(Digest(ProfileNamed(document, name)), ExpectedDigest(go[name])) << name;
    }
  }
}

GTENGINE_TEST_SHIPPED_TRACES(BlockingGoldenTest);

}  // namespace
}  // namespace gtengine
