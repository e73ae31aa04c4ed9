// The procs report, by a trace written by hand, and by what must hold of the shipped ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/golden/shipped_trace_test.h"
#include "tests/reports/document_rows.h"
#include "tests/reports/report_run.h"

namespace gtengine {
namespace {

using testing::AllOf;
using ::testing::ElementsAre;
using testing::PartialOfFile;
using testing::PartialOfText;

// P 0 runs, and is in a call for 12 ns before that keeps it; P 1 is idle for 20 ns while goroutine
// 2 is runnable for 10 of them.
const std::string kTrace = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  GoSyscallBegin dt=8 p_seq=1
  GoSyscallEnd dt=12
  GoCreate dt=8 new_g=2
batch m=2 time=104
  ProcStatus p=1 pstatus=running
  ProcStop dt=15
  ProcStart dt=20 p=1 p_seq=1
  GoStart g=2 g_seq=1
expect ok 0
)";

TEST(ProcsTest, TellsStaysAndIdleness) {
  const Document document = PartialOfText("procs", kTrace)->ToDocument({});
  EXPECT_THAT(Lines(document, "procs",
                    {"service", "p", "stays", "longest_ns", "longest_syscall_ns", "utilisation",
                     "idle_ns", "idle_while_runnable_ns", "stolen"}),
              ElementsAre("s | 0 | 1 | 42 | 12 | 1000 | 0 | 0 | 0",
                          "s | 1 | 2 | 20 | 0 | 524 | 20 | 10 | 0"));
  EXPECT_TRUE(TableOf(document, "stuck").rows.empty());
  EXPECT_THAT(
      Lines(document, "longest", {"offset_ns", "goroutine", "duration_ns", "what"}),
      ElementsAre("0 | - | 42 | P 0 ran on thread 1", "0 | - | 20 | P 1 ran on thread 2",
                  "10 | 1 | 12 | P 0 was in a system call", "40 | - | 2 | P 1 ran on thread 2"));
}

TEST(ProcsTest, TellsWhatIsStuck) {
  ReportOptions options;
  options.stuck_ns = 20;
  const Document document = PartialOfText("procs", kTrace)->ToDocument(options);
  EXPECT_THAT(Lines(document, "stuck", {"duration_ns", "what"}),
              ElementsAre("42 | P 0 ran on thread 1", "20 | P 1 ran on thread 2"));
}

class ProcsGoldenTest : public ShippedTraceTest {};

// Every P is running or idle from a trace's start to its end.
TEST_P(ProcsGoldenTest, TimesOfPsAddUpToTheTrace) {
  const simdjson::dom::element expected = Expected();
  const Int128 trace_ns = std::int64_t{expected["last_ns"]} - std::int64_t{expected["first_ns"]};
  const Document document = PartialOfFile("procs", GetParam().trace_path)->ToDocument(AllOf());
  const Table& table = TableOf(document, "procs");
  ASSERT_FALSE(table.rows.empty());
  for (const auto& row : table.rows) {
    const Int128 idle_ns = *row[7].integer();
    const Int128 busy_permille = *row[6].integer();
    EXPECT_LE(*row[8].integer(), idle_ns);
    EXPECT_LE(*row[4].integer(), trace_ns);
    EXPECT_LE(idle_ns * 1000, trace_ns * (1001 - busy_permille));
    EXPECT_GE(idle_ns * 1000, trace_ns * (999 - busy_permille));
  }
}

GTENGINE_TEST_SHIPPED_TRACES(ProcsGoldenTest);

}  // namespace
}  // namespace gtengine
