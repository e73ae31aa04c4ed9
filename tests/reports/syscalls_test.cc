// The syscalls report, by a trace written by hand and against Go's profile of the shipped ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

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

// One call keeps its P, one loses it, and one that is found open ends before its first run.
const std::string kTrace = R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  GoSyscallBegin dt=8 p_seq=1 stack=(main.read@m.go:1 main.main@m.go:2)
  GoSyscallEnd dt=10
  GoSyscallBegin dt=10 p_seq=2 stack=(main.read@m.go:1 main.main@m.go:2)
  GoSyscallEndBlocked dt=20
batch m=2 time=134
  ProcSteal p=0 p_seq=3 m=1
  ProcStart p=0 p_seq=4
batch m=3 time=101
  ProcStatus p=1 pstatus=syscall
  GoStatus g=2 m=3 gstatus=syscall
  GoSyscallEnd dt=5
  GoSyscallBegin dt=90 p_seq=1
expect ok 0
)";

TEST(SyscallsTest, CountsWhatEnded) {
  const Document document = PartialOfText("syscalls", kTrace)->ToDocument({});
  EXPECT_THAT(Lines(document, "sites",
                    {"function", "location", "caller", "count", "total_ns", "max_ns", "lost_p",
                     "without_p_ns"}),
              ElementsAre("main.read | m.go:1 | main.main | 2 | 30 | 20 | 1 | 15",
                          "(no stack) | - | - | 1 | 4 | 4 | 0 | 0"));
  EXPECT_THAT(Lines(document, "longest", {"goroutine", "duration_ns", "what"}),
              ElementsAre("1 | 20 | main.read", "1 | 10 | main.read", "2 | 4 | -"));
}

TEST(SyscallsTest, AsGoToolTraceCounts) {
  const Document document = PartialOfText("syscalls", kTrace)->ToDocument(AllOf(true));
  EXPECT_THAT(Lines(document, "sites", {"function", "count", "total_ns"}),
              ElementsAre("main.read | 2 | 30"));
}

class SyscallsGoldenTest : public ShippedTraceTest {};

TEST_P(SyscallsGoldenTest, ProfileIsThatOfGo) {
  const simdjson::dom::element expected = Expected();
  const auto partial = PartialOfFile("syscalls", GetParam().trace_path);
  for (const bool compat : {false, true}) {
    SCOPED_TRACE(compat ? "as go tool trace" : "in full");
    const auto go = expected[compat ? "cmd_trace_profiles" : "profiles"];
    ReportOptions options = AllOf(compat);
    options.with_profiles = true;
    const Document document = partial->ToDocument(options);
    EXPECT_EQ(Digest(ProfileNamed(document, "syscall")), ExpectedDigest(go["syscall"]));
  }
}

GTENGINE_TEST_SHIPPED_TRACES(SyscallsGoldenTest);

}  // namespace
}  // namespace gtengine
