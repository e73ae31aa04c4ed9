// The cpu report, by a trace written by hand and against what Go's reader says of the shipped ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/golden/shipped_trace_test.h"
#include "tests/reports/document_facts.h"
#include "tests/reports/document_rows.h"
#include "tests/reports/report_run.h"

namespace gtengine {
namespace {

using testing::AllOf;
using ::testing::ElementsAre;
using testing::PartialOfFile;
using testing::PartialOfText;

TEST(CpuTest, CountsSamplesEveryWay) {
  const Document document = PartialOfText("cpu", R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  GoBlock dt=50 reason_string="x" stack=(main.f@m.go:2 main.main@m.go:1)
samples
  CPUSample time=110 m=1 p=0 g=1 stack=(main.f@m.go:2 main.main@m.go:1)
  CPUSample time=112 m=1 p=0 g=1 stack=(main.f@m.go:3 main.f@m.go:2 main.main@m.go:1)
  CPUSample time=120 m=1 p=0 g=9 stack=(main.g@m.go:7)
expect ok 0
)")
                                ->ToDocument({});
  EXPECT_THAT(Lines(document, "sites", {"function", "location", "caller", "samples", "share"}),
              ElementsAre("main.f | m.go:2 | main.main | 1 | 333",
                          "main.f | m.go:3 | main.f | 1 | 333", "main.g | m.go:7 | - | 1 | 333"));
  EXPECT_THAT(Lines(document, "functions", {"function", "self", "with_callees"}),
              ElementsAre("main.f | 2 | 2", "main.main | 0 | 2", "main.g | 1 | 1"));
  EXPECT_THAT(Lines(document, "start_functions", {"start_function", "samples"}),
              ElementsAre("main.main | 2", "(not known) | 1"));
  EXPECT_THAT(Lines(document, "tasks", {"task", "samples"}), ElementsAre("(no task) | 3"));
}

class CpuGoldenTest : public ShippedTraceTest {};

TEST_P(CpuGoldenTest, NumbersAreThoseOfGo) {
  const simdjson::dom::element expected = Expected();
  const Document document = PartialOfFile("cpu", GetParam().trace_path)->ToDocument(AllOf());
  EXPECT_EQ(FactOf(document, "samples"), std::int64_t{expected["cpu_samples"]});
}

GTENGINE_TEST_SHIPPED_TRACES(CpuGoldenTest);

}  // namespace
}  // namespace gtengine
