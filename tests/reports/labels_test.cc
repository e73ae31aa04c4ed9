// The labels report, by a trace written by hand and against what Go's reader says of the shipped
// ones.
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

TEST(LabelsTest, CountsThem) {
  const Document document = PartialOfText("labels", R"trace(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  GoLabel label_string="GC (idle)"
  GoLabel label_string="GC (dedicated)"
  GoLabel label_string="GC (idle)"
expect ok 0
)trace")
                                ->ToDocument({});
  EXPECT_THAT(Lines(document, "labels", {"label", "count"}),
              ElementsAre("GC (idle) | 2", "GC (dedicated) | 1"));
}

class LabelsGoldenTest : public ShippedTraceTest {};

TEST_P(LabelsGoldenTest, NumbersAreThoseOfGo) {
  const simdjson::dom::element expected = Expected();
  const Document document = PartialOfFile("labels", GetParam().trace_path)->ToDocument(AllOf());
  std::int64_t labels = 0;
  if (expected["kinds"]["Label"].get(labels) != simdjson::SUCCESS) labels = 0;
  EXPECT_EQ(FactOf(document, "times_given"), labels);
}

GTENGINE_TEST_SHIPPED_TRACES(LabelsGoldenTest);

}  // namespace
}  // namespace gtengine
