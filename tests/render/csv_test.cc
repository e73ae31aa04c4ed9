#include "engine/render/csv.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/render/golden.h"

namespace gtengine {
namespace {

TEST(CsvTest, Golden) {
  const Document document = SampleDocument();
  ExpectGolden("sched.csv", RenderCsv({&document, 1}));
}

TEST(CsvTest, NoDocuments) { EXPECT_EQ(RenderCsv({}), ""); }

TEST(CsvTest, FieldsAreQuotedWhereNeeded) {
  const Document documents[] = {
      {.report = "a", .title = "A", .facts = {}, .tables = {}, .notes = {"one, \"two\""}},
      {.report = "b",
       .title = "B",
       .facts = {{"k", Cell::Integer(-(Int128{1} << 70)), Unit::kNs}},
       .tables = {{.id = "t",
                   .heading = "T",
                   .columns = {{"x", "x", Unit::kText}, {"y", "y", Unit::kCount}},
                   .rows = {{Cell::Text("f(a,b)"), Cell::Integer(1234567)},
                            {Cell::Text("\"\""), Cell()},
                            {Cell::Text(""), Cell::Integer(0)},
                            {Cell::Text("a\r\nb\x1b\xff"), Cell::Integer(-1)}}},
                  {.id = "none", .heading = "N", .columns = {{"z", "z"}}, .rows = {}}},
       .notes = {}}};
  EXPECT_EQ(RenderCsv(documents),
            "report,table,note\n"
            "a,notes,\"one, \"\"two\"\"\"\n"
            "\n"
            "report,table,key,value,unit\n"
            "b,facts,k,-1180591620717411303424,ns\n"
            "\n"
            "report,table,x,y\n"
            "b,t,\"f(a,b)\",1234567\n"
            "b,t,\"\"\"\"\"\",\n"
            "b,t,,0\n"
            "b,t,a\\x0d\\x0ab\\x1b\\xff,-1\n"
            "\n"
            "report,table,z\n");
}

}  // namespace
}  // namespace gtengine
