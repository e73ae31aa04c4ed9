// The gomaxprocs report, by a trace written by hand and against what Go's reader says of the
// shipped ones.
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

TEST(GoMaxProcsTest, TellsHowLongEachValueHeld) {
  const Document document = PartialOfText("gomaxprocs", R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  ProcsChange dt=8 procs_value=4
  ProcsChange dt=10 procs_value=4
  ProcsChange dt=20 procs_value=2
  ProcsChange dt=5 procs_value=4
  ProcStop dt=5
expect ok 0
)")
                                ->ToDocument({});
  EXPECT_THAT(
      Lines(document, "settings", {"service", "procs", "time_ns", "share", "times_set", "traces"}),
      ElementsAre("s | 4 | 45 | 900 | 1 | 1", "s | 2 | 5 | 100 | 1 | 1"));
  EXPECT_EQ(FactOf(document, "changes"), 2);
}

class GoMaxProcsGoldenTest : public ShippedTraceTest {};

TEST_P(GoMaxProcsGoldenTest, NumbersAreThoseOfGo) {
  const simdjson::dom::element expected = Expected();
  const Document document = PartialOfFile("gomaxprocs", GetParam().trace_path)->ToDocument(AllOf());
  EXPECT_EQ(FactOf(document, "gomaxprocs_max"), std::int64_t{expected["gomaxprocs_max"]});
}

GTENGINE_TEST_SHIPPED_TRACES(GoMaxProcsGoldenTest);

}  // namespace
}  // namespace gtengine
