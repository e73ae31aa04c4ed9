// Every trace of tests/order/data: our reader comes to the verdict that the file states, and, where
// $GTENGINE_GOREF names the program that tests/live/build_goref.sh builds, Go's reader comes to it
// too.
#include "tests/order/text_trace.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/base/padded_bytes.h"
#include "tests/order/go_reader.h"
#include "tests/order/read_trace.h"

namespace gtengine::testing {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path kFolder =
    std::filesystem::path(GTENGINE_SOURCE_DIR) / "tests" / "order" / "data";

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

// One trace of one file, or why a file has none.
struct Scenario {
  std::string name;  // FILE.CASE, of letters, digits and underscores
  TextTrace trace;
  std::string complaint;
};

void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.name; }

std::string AsTestName(std::string_view text) {
  std::string name(text);
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
}

std::vector<Scenario> AllScenarios() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().string().ends_with(".trace.txt")) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<Scenario> scenarios;
  for (const std::filesystem::path& path : paths) {
    const std::string stem = path.stem().stem().string();
    auto traces = AssembleTextTraces(ReadFile(path));
    if (!traces.ok()) {
      scenarios.push_back({.name = AsTestName(stem),
                           .trace = {},
                           .complaint = path.string() + ": " + traces.error().what});
      continue;
    }
    for (TextTrace& trace : *traces) {
      const std::string name =
          AsTestName(trace.name.empty() ? stem : fmt::format("{}__{}", stem, trace.name));
      scenarios.push_back({.name = name, .trace = std::move(trace), .complaint = {}});
    }
  }
  return scenarios;
}

class TextTraceTest : public ::testing::TestWithParam<Scenario> {
 protected:
  static void SetUpTestSuite() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
  }
  void SetUp() override { ASSERT_EQ(GetParam().complaint, ""); }
};

TEST_P(TextTraceTest, HasItsVerdict) {
  const TextTrace& expected = GetParam().trace;
  const TraceReading reading = ReadTrace(PaddedBytes(expected.bytes).view());
  EXPECT_EQ(reading.events, expected.events);
  if (expected.is_ok) {
    EXPECT_FALSE(reading.error.has_value()) << reading.error->ToString();
  } else {
    ASSERT_TRUE(reading.error.has_value());
    EXPECT_THAT(reading.error->ToString(), HasSubstr(expected.message));
  }
  EXPECT_EQ(reading.dump, expected.dump);
  EXPECT_EQ(reading.printed_events, expected.printable_events.value_or(expected.events));
  EXPECT_EQ(reading.print_error.has_value(), expected.printable_events.has_value());
  if (reading.print_error) {
    EXPECT_THAT(reading.print_error->ToString(), HasSubstr(expected.print_message));
  }
}

TEST(TextTraces, AgreeWithGo) {
  if (!HasGoReader()) GTEST_SKIP() << "GTENGINE_GOREF is not set: not compared with Go's reader";
  for (const Scenario& scenario : AllScenarios()) {
    SCOPED_TRACE(scenario.name);
    const TextTrace& expected = scenario.trace;
    const GoReading reading = ReadByGo(expected.bytes);
    EXPECT_EQ(reading.events, expected.events);
    EXPECT_EQ(reading.error.empty(), expected.is_ok) << reading.error;
    EXPECT_EQ(reading.panicked, expected.printable_events.has_value());
    if (!reading.panicked) {
      EXPECT_EQ(reading.dump, expected.dump);
    }
  }
}

// An empty folder is an error: an instantiation without parameters fails.
INSTANTIATE_TEST_SUITE_P(Data, TextTraceTest, ::testing::ValuesIn(AllScenarios()),
                         [](const auto& scenario) { return scenario.param.name; });

}  // namespace
}  // namespace gtengine::testing
