// Every trace of tests/order/data: our reader comes to the verdict that the file states, and, where
// $GTENGINE_GOREF names the program that tests/live/build_goref.sh builds, Go's reader comes to it
// too.
#include "tests/order/text_trace.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/base/padded_bytes.h"
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

struct Output {
  std::string text;
  int status = 0;
};

Output RunCommand(const std::string& command) {
  Output output;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {.text = {}, .status = -1};
  std::array<char, 1 << 16> buffer;
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.text.append(buffer.data(), count);
  }
  output.status = ::pclose(pipe);
  return output;
}

void ExpectAgreement(const char* goref, const Scenario& scenario) {
  const TextTrace& expected = scenario.trace;
  const std::string path = fmt::format("{}{}.trace", ::testing::TempDir(), scenario.name);
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(expected.bytes.data()),
             static_cast<std::streamsize>(expected.bytes.size()));

  const Output count = RunCommand(fmt::format("'{}' -count '{}'", goref, path));
  EXPECT_EQ(count.status, 0);
  std::size_t events = 0;
  std::string error;
  std::istringstream(count.text) >> events >> error;
  EXPECT_EQ(events, expected.events) << count.text;
  EXPECT_EQ(error.empty(), expected.is_ok) << count.text;

  const Output dump = RunCommand(fmt::format("'{}' -dump '{}' 2>&1 >'{}.dump'", goref, path, path));
  if (expected.printable_events) {
    // It panics, and what it printed before is lost.
    EXPECT_THAT(dump.text, HasSubstr("panic:"));
  } else {
    EXPECT_EQ(ReadFile(path + ".dump"), expected.dump);
  }
  std::filesystem::remove(path);
  std::filesystem::remove(path + ".dump");
}

TEST(TextTraces, AgreeWithGo) {
  const char* goref = std::getenv("GTENGINE_GOREF");
  if (goref == nullptr) GTEST_SKIP() << "GTENGINE_GOREF is not set: not compared with Go's reader";
  ::setenv("TZ", "UTC", 1);
  for (const Scenario& scenario : AllScenarios()) {
    SCOPED_TRACE(scenario.name);
    ExpectAgreement(goref, scenario);
  }
}

// An empty folder is an error: an instantiation without parameters fails.
INSTANTIATE_TEST_SUITE_P(Data, TextTraceTest, ::testing::ValuesIn(AllScenarios()),
                         [](const auto& scenario) { return scenario.param.name; });

}  // namespace
}  // namespace gtengine::testing
