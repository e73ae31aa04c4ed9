// Tests that run once for each shipped trace, beside what Go's own reader says of it.
#pragma once

#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>

#include "tests/golden/expected.h"

namespace gtengine {

// Base of their fixtures.
class ShippedTraceTest : public ::testing::TestWithParam<ExpectedTrace> {
 protected:
  // The expected results. Good until the next call and the test's end.
  simdjson::dom::element Expected() { return parser_.load(GetParam().json); }

 private:
  simdjson::dom::parser parser_;
};

inline std::string NameOfShippedTrace(const ::testing::TestParamInfo<ExpectedTrace>& trace) {
  return TestName(trace.param.name);
}

// Runs the fixture's tests for each shipped trace.
#define GTENGINE_TEST_SHIPPED_TRACES(Fixture)                                      \
  INSTANTIATE_TEST_SUITE_P(Corpus, Fixture, ::testing::ValuesIn(ExpectedTraces()), \
                           NameOfShippedTrace)

}  // namespace gtengine
