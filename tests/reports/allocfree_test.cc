// The allocfree report, against what Go's reader says of the shipped trace with the experiment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/golden/shipped_trace_test.h"
#include "tests/reports/document_facts.h"
#include "tests/reports/document_rows.h"
#include "tests/reports/report_run.h"

namespace gtengine {
namespace {

using testing::AllOf;
using ::testing::HasSubstr;
using testing::PartialOfFile;
using ::testing::StartsWith;

class AllocFreeGoldenTest : public ShippedTraceTest {};

TEST_P(AllocFreeGoldenTest, CountsAreThoseOfGo) {
  const Document document = PartialOfFile("allocfree", GetParam().trace_path)->ToDocument(AllOf());
  if (!GetParam().name.starts_with("lab/alloc-24/")) {
    EXPECT_EQ(FactOf(document, "objects_allocated"), 0);
    EXPECT_THAT(document.notes.front(), StartsWith("None: no trace has allocations"));
    return;
  }
  // Events of each name in Go's dump of the trace. Every free but those of things it never tells
  // of before is of one that was found or allocated.
  EXPECT_EQ(FactOf(document, "objects_allocated"), 213'365);
  EXPECT_EQ(FactOf(document, "objects_freed"), 149'112);
  EXPECT_EQ(FactOf(document, "spans_allocated"), 1'359);
  EXPECT_EQ(FactOf(document, "spans_freed"), 984);
  EXPECT_EQ(FactOf(document, "stacks_allocated"), 61);
  EXPECT_EQ(FactOf(document, "stacks_freed"), 46);
  // Types are named by the experiment's own data.
  const std::vector<std::string> types = Lines(document, "types", {"type"});
  EXPECT_TRUE(std::ranges::any_of(types, [](const std::string& type) {
    return type == "uint8" || type == "[]uint8" || type.starts_with("main.");
  }));
}

GTENGINE_TEST_SHIPPED_TRACES(AllocFreeGoldenTest);

}  // namespace
}  // namespace gtengine
