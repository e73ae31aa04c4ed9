// Go's reader and ours agree on generated traces, and traces depend on their settings alone.
#include "tools/tracegen/generator.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/base/padded_bytes.h"
#include "tests/base/sha256.h"
#include "tests/order/go_reader.h"
#include "tests/order/read_trace.h"
#include "tests/tools/tracegen/small_traces.h"

namespace gtengine::tracegen {
namespace {

using testing::PaddedBytes;
using testing::Sha256;

class GeneratorTest : public ::testing::TestWithParam<SmallTrace> {};

TEST_P(GeneratorTest, IsReadToItsEnd) {
  const SmallTrace& expected = GetParam();
  const wire::ByteBuffer bytes = Generate(expected.settings);
  EXPECT_EQ(Sha256({reinterpret_cast<const char*>(bytes.data()), bytes.size()}),
            expected.trace_sha256);
  const testing::TraceReading reading = testing::ReadTrace(PaddedBytes(bytes).view());
  EXPECT_FALSE(reading.error.has_value()) << reading.error->ToString();
  EXPECT_FALSE(reading.print_error.has_value()) << reading.print_error->ToString();
  EXPECT_EQ(reading.events, expected.events);
  EXPECT_EQ(Sha256(reading.dump), expected.dump_sha256);
}

INSTANTIATE_TEST_SUITE_P(SmallTraces, GeneratorTest, ::testing::ValuesIn(SmallTraces()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Generator, AgreeWithGo) {
  if (!testing::HasGoReader()) {
    GTEST_SKIP() << "GTENGINE_GOREF is not set: not compared with Go's reader";
  }
  for (const SmallTrace& expected : SmallTraces()) {
    SCOPED_TRACE(expected.name);
    const testing::GoReading reading = testing::ReadByGo(Generate(expected.settings));
    EXPECT_EQ(reading.error, "");
    EXPECT_EQ(reading.events, expected.events);
    EXPECT_EQ(Sha256(reading.dump), expected.dump_sha256);
  }
}

TEST(Generator, PiecesAreBounded) {
  const Settings settings{
      .procs = 4, .goroutines = 100, .generations = 3, .generation_bytes = 3 << 20};
  Generator generator(settings);
  std::size_t pieces = 0;
  std::size_t bytes = 0;
  while (true) {
    const std::size_t size = generator.Next().size();
    if (size == 0) break;
    EXPECT_LT(size, 3u << 19);
    bytes += size;
    ++pieces;
  }
  EXPECT_GE(pieces, 8u);
  EXPECT_NEAR(static_cast<double>(bytes), 9 << 20, 1 << 18);
  EXPECT_GT(generator.events(), 1'000'000u);
  EXPECT_TRUE(generator.Next().empty()) << "the end stays";
}

}  // namespace
}  // namespace gtengine::tracegen
