#include "tools/tracegen/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace gtengine::tracegen {
namespace {

using ::testing::HasSubstr;

std::string Complaint(std::string Options::*option, const std::string& text) {
  Options options;
  options.*option = text;
  const auto settings = ParseOptions(options);
  return settings.ok() ? "" : settings.error().what;
}

Settings Parsed(const Options& options) {
  const auto settings = ParseOptions(options);
  EXPECT_TRUE(settings.ok()) << (settings.ok() ? "" : settings.error().what);
  return settings.ok() ? *settings : Settings();
}

TEST(Options, DefaultsAreThoseOfSettings) {
  const Settings parsed = Parsed({});
  const Settings defaults;
  EXPECT_EQ(parsed.version, defaults.version);
  EXPECT_EQ(parsed.seed, defaults.seed);
  EXPECT_EQ(parsed.procs, defaults.procs);
  EXPECT_EQ(parsed.goroutines, defaults.goroutines);
  EXPECT_EQ(parsed.batch_bytes, defaults.batch_bytes);
  EXPECT_EQ(parsed.gc_per_million, defaults.gc_per_million);
  EXPECT_EQ(parsed.samples_per_million, defaults.samples_per_million);
  EXPECT_EQ(parsed.strings, defaults.strings);
  EXPECT_EQ(parsed.stacks, defaults.stacks);
  EXPECT_EQ(parsed.stack_depth, defaults.stack_depth);
  EXPECT_EQ(parsed.run_length, defaults.run_length);
  EXPECT_EQ(parsed.frequency_hz, defaults.frequency_hz);
  EXPECT_EQ(parsed.events_per_second, defaults.events_per_second);
  EXPECT_EQ(parsed.clock_step_ns, defaults.clock_step_ns);
  EXPECT_EQ(parsed.disorder_per_million, defaults.disorder_per_million);
  EXPECT_EQ(parsed.disorder_reach, defaults.disorder_reach);
}

TEST(Options, TwoLengthsGiveTheThird) {
  const auto lengths = [](const char* size, const char* generations, const char* generation_size) {
    Options options;
    options.size = size;
    options.generations = generations;
    options.generation_size = generation_size;
    const Settings settings = Parsed(options);
    return std::pair(settings.generations, settings.generation_bytes);
  };
  EXPECT_EQ(lengths("", "", ""), std::pair(3ul, 100ul * 1024 * 1024 / 3));
  EXPECT_EQ(lengths("10G", "", ""), std::pair(320ul, 32ul << 20));
  EXPECT_EQ(lengths("10K", "", ""), std::pair(1ul, 10ul << 10));
  EXPECT_EQ(lengths("", "7", ""), std::pair(7ul, 32ul << 20));
  EXPECT_EQ(lengths("", "7", "2K"), std::pair(7ul, 2ul << 10));
  EXPECT_EQ(lengths("1M", "4", ""), std::pair(4ul, 256ul << 10));
  EXPECT_EQ(lengths("1M", "", "100K"), std::pair(10ul, (1ul << 20) / 10));
}

TEST(Options, RefuseAllThreeLengths) {
  Options options;
  options.size = options.generation_size = "1M";
  options.generations = "1";
  const auto settings = ParseOptions(options);
  ASSERT_FALSE(settings.ok());
  EXPECT_THAT(settings.error().what, HasSubstr("give two of them"));
}

TEST(Options, RefuseWhatIsOutOfRange) {
  const struct {
    std::string Options::*option;
    const char* name;
    const char* least;
    const char* greatest;
    const char* below;
    const char* above;
  } kRanges[] = {
      {&Options::ms, "--ms", "1", "256", "0", "257"},
      {&Options::goroutines, "--goroutines", "1", "1000000", "0", "1000001"},
      {&Options::batch_size, "--batch-size", "51", "64K", "50", "65537"},
      {&Options::size, "--size", "1K", "1T", "1023", "2T"},
      {&Options::generation_size, "--generation-size", "1K", "1T", "1023", "2T"},
      {&Options::generations, "--generations", "1", "32768", "0", "32769"},
      {&Options::gc, "--gc", "0", "10000", "-1", "10001"},
      {&Options::samples, "--samples", "0", "1000000", "-1", "1000001"},
      {&Options::strings, "--strings", "0", "1000000", "-1", "1000001"},
      {&Options::stacks, "--stacks", "0", "100000", "-1", "100001"},
      {&Options::stack_depth, "--stack-depth", "1", "128", "0", "129"},
      {&Options::run_length, "--run-length", "1", "1000000", "0", "1000001"},
      {&Options::frequency, "--frequency", "1000", "10000000000", "999", "10000000001"},
      {&Options::rate, "--rate", "1000", "10000000", "999", "10000001"},
      {&Options::clock_step, "--clock-step", "0", "1000000000", "-1", "1000000001"},
      {&Options::disorder, "--disorder", "0", "500000", "-1", "500001"},
      {&Options::disorder_reach, "--disorder-reach", "0", "1000000", "-1", "1000001"},
      {&Options::seed, "--seed", "0", "18446744073709551615", "-1", "18446744073709551616"},
  };
  for (const auto& range : kRanges) {
    SCOPED_TRACE(range.name);
    EXPECT_EQ(Complaint(range.option, range.least), "");
    EXPECT_EQ(Complaint(range.option, range.greatest), "");
    for (const char* text : {range.below, range.above, "x", "1x", "1e3"}) {
      EXPECT_THAT(Complaint(range.option, text), HasSubstr(range.name)) << text;
    }
  }
}

TEST(Options, RefuseOtherFormats) {
  for (const char* text : {"", "21", "24", "27", "1.26", "026"}) {
    EXPECT_THAT(Complaint(&Options::format, text), HasSubstr("is not 22, 23, 25 or 26")) << text;
  }
  EXPECT_EQ(Complaint(&Options::format, "23"), "");
  EXPECT_THAT(Complaint(&Options::mix, "nothing"), HasSubstr("--mix"));
}

}  // namespace
}  // namespace gtengine::tracegen
