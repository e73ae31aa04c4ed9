#include "engine/render/json.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>

#include "tests/render/golden.h"

namespace gtengine {
namespace {

Document OneCell(Cell cell) {
  Document document;
  document.facts.push_back({"fact", std::move(cell), Unit::kCount});
  return document;
}

std::string FactOf(const Document& document) {
  simdjson::dom::parser parser;
  const simdjson::padded_string json(RenderJson({&document, 1}));
  return simdjson::minify(parser.parse(json)["reports"].at(0)["facts"]["fact"]["value"]);
}

TEST(JsonTest, Golden) {
  const Document document = SampleDocument();
  ExpectGolden("sched.json", RenderJson({&document, 1}));
}

TEST(JsonTest, NoDocuments) {
  EXPECT_EQ(
      RenderJson({}),
      "{\n  \"schema\": \"gtengine.report\",\n  \"schema_version\": 1,\n  \"reports\": []\n}\n");
}

TEST(JsonTest, NumbersKeepEveryDigit) {
  const Int128 greatest = 0x7fff'ffff'ffff'ffff;
  EXPECT_EQ(FactOf(OneCell(Cell::Integer(greatest))), "9223372036854775807");
  EXPECT_EQ(FactOf(OneCell(Cell::Integer(-greatest - 1))), "-9223372036854775808");
  EXPECT_EQ(FactOf(OneCell(Cell::Integer(greatest + 1))), "\"9223372036854775808\"");
  EXPECT_EQ(FactOf(OneCell(Cell::Integer(-greatest - 2))), "\"-9223372036854775809\"");
}

TEST(JsonTest, TextsAndNothing) {
  EXPECT_EQ(FactOf(OneCell(Cell())), "null");
  EXPECT_EQ(FactOf(OneCell(Cell::Text(""))), "\"\"");
  EXPECT_EQ(FactOf(OneCell(Cell::Text("a\xff\x1b"))), "\"a\xef\xbf\xbd\\u001b\"");
}

}  // namespace
}  // namespace gtengine
