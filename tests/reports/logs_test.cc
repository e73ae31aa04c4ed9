// The logs report, by a trace written by hand and against what Go's reader says of the shipped
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

TEST(LogsTest, CountsThemByCategoryMessageAndTask) {
  const Document document = PartialOfText("logs", R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  UserTaskBegin task=7 parent_task=0 name_string="order"
  UserLog task=7 key_string="id" value_string="42"
  UserLog task=7 key_string="id" value_string="43"
  UserLog task=0 key_string="id" value_string="42"
  UserLog task=0 key_string="" value_string="hello"
expect ok 0
)")
                                ->ToDocument({});
  EXPECT_THAT(Lines(document, "categories", {"category", "count", "messages"}),
              ElementsAre("id | 3 | 2", "- | 1 | 1"));
  EXPECT_THAT(Lines(document, "messages", {"category", "message", "count"}),
              ElementsAre("id | 42 | 2", "- | hello | 1", "id | 43 | 1"));
  EXPECT_THAT(Lines(document, "tasks", {"category", "task", "count"}),
              ElementsAre("id | order | 2", "- | - | 1", "id | - | 1"));
}

TEST(LogsTest, ShowsWhatIsSearchedFor) {
  const auto partial = PartialOfText("logs", R"(version 26
generation 1
frequency 1000000000
batch m=1 time=100
  ProcStatus p=0 pstatus=running
  GoStatus g=1 gstatus=running
  UserLog task=0 key_string="id" value_string="42"
  UserLog task=0 key_string="id" value_string="17"
  UserLog task=0 key_string="user 42" value_string="hello"
  UserLog task=0 key_string="other" value_string="hello"
expect ok 0
)");
  ReportOptions options;
  options.grep = "42";
  const Document document = partial->ToDocument(options);
  EXPECT_THAT(Lines(document, "messages", {"category", "message"}),
              ElementsAre("id | 42", "user 42 | hello"));
  EXPECT_THAT(Lines(document, "categories", {"category", "count"}),
              ElementsAre("id | 1", "user 42 | 1"));
  EXPECT_THAT(Lines(document, "tasks", {"category", "count"}),
              ElementsAre("id | 2", "user 42 | 1"));
  EXPECT_EQ(FactOf(document, "logs"), 4);
  EXPECT_EQ(FactOf(document, "matching"), 2);
}

class LogsGoldenTest : public ShippedTraceTest {};

TEST_P(LogsGoldenTest, NumbersAreThoseOfGo) {
  const simdjson::dom::element expected = Expected();
  const Document document = PartialOfFile("logs", GetParam().trace_path)->ToDocument(AllOf());
  EXPECT_EQ(FactOf(document, "logs"), std::int64_t{expected["logs"]});
}

GTENGINE_TEST_SHIPPED_TRACES(LogsGoldenTest);

}  // namespace
}  // namespace gtengine
