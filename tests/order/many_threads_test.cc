// The order of many threads, where ties are decided by Go's heap and sort. The digests are of the
// text that Go's reader prints.
#include "tests/order/many_threads.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

#include "tests/base/padded_bytes.h"
#include "tests/base/sha256.h"
#include "tests/order/go_reader.h"
#include "tests/order/read_trace.h"

namespace gtengine::testing {
namespace {

struct Expected {
  ManyThreads parameters;
  bool is_ok;
  std::size_t events;
  std::string_view dump_sha256;

  friend void PrintTo(const Expected& expected, std::ostream* out) {
    *out << expected.parameters.seed;
  }
};

using wire::Version;

constexpr Expected kExpected[] = {
    {.parameters = {.seed = 1,
                    .threads = 2,
                    .generations = 3,
                    .steps = 500,
                    .coarseness = 8,
                    .skew = 4,
                    .version = Version::k26},
     .is_ok = true,
     .events = 1554,
     .dump_sha256 = "fcd7a7b57aaa30f5357b94fc4b3e071921a48804c59776e5e8a702504298cec0"},
    {.parameters = {.seed = 2,
                    .threads = 5,
                    .generations = 2,
                    .steps = 1000,
                    .coarseness = 8,
                    .skew = 30,
                    .version = Version::k22},
     .is_ok = true,
     .events = 1710,
     .dump_sha256 = "7f5b2a3d02bcea526b5c2ffac6197fc06e81de7dcb812b03dd53ea6333425430"},
    {.parameters = {.seed = 3,
                    .threads = 12,
                    .generations = 2,
                    .steps = 2000,
                    .coarseness = 50,
                    .skew = 1,
                    .version = Version::k23},
     .is_ok = true,
     .events = 3819,
     .dump_sha256 = "2a2a5f7ce99f8a3981ca68ed7132326af5db1032b62eac4c39490eb5cf1f6eb4"},
    {.parameters = {.seed = 4,
                    .threads = 13,
                    .generations = 2,
                    .steps = 2000,
                    .coarseness = 8,
                    .skew = 30,
                    .version = Version::k25},
     .is_ok = true,
     .events = 3945,
     .dump_sha256 = "f4cc5dcae67c2e899397cddb902c2a702179eea75e83cab4cc44a2570445ecc4"},
    {.parameters = {.seed = 5,
                    .threads = 20,
                    .generations = 3,
                    .steps = 2000,
                    .coarseness = 50,
                    .skew = 30,
                    .version = Version::k26},
     .is_ok = true,
     .events = 5957,
     .dump_sha256 = "ba010d7a45be95e40a57f82ce4e55e8d243d2ce519cdbe597916f591396ba24d"},
    {.parameters = {.seed = 6,
                    .threads = 33,
                    .generations = 2,
                    .steps = 2000,
                    .coarseness = 2000,
                    .skew = 4,
                    .version = Version::k23},
     .is_ok = true,
     .events = 4308,
     .dump_sha256 = "b13503e4105ea4d386714a1bd1cfe9e890feceec59982519bd96d5b8bfa26d3b"},
    {.parameters = {.seed = 7,
                    .threads = 50,
                    .generations = 2,
                    .steps = 2000,
                    .coarseness = 8,
                    .skew = 300,
                    .version = Version::k22},
     .is_ok = true,
     .events = 4415,
     .dump_sha256 = "ff884a884e835010d9e3c0a269692d87fa16ada632a9bd2715f9166b145f5288"},
    {.parameters = {.seed = 8,
                    .threads = 51,
                    .generations = 2,
                    .steps = 3000,
                    .coarseness = 50,
                    .skew = 4,
                    .version = Version::k26},
     .is_ok = true,
     .events = 6576,
     .dump_sha256 = "fbcfa4f9c4aa323156b5885bb9cf333d5efce709280c698c470bf02aaec7a597"},
    {.parameters = {.seed = 9,
                    .threads = 64,
                    .generations = 3,
                    .steps = 3000,
                    .coarseness = 500,
                    .skew = 30,
                    .version = Version::k26},
     .is_ok = true,
     .events = 10106,
     .dump_sha256 = "cff1c4bcd362c5e49b08bfdb191d47899352f0b28bb9c332bfa4a12569e85116"},
    {.parameters = {.seed = 10,
                    .threads = 130,
                    .generations = 2,
                    .steps = 4000,
                    .coarseness = 50,
                    .skew = 300,
                    .version = Version::k26},
     .is_ok = true,
     .events = 10127,
     .dump_sha256 = "cfd15056e4267e57c8f37142d095ad8219cab861244719a4a420fd11c680a911"},
    {.parameters = {.seed = 11,
                    .threads = 300,
                    .generations = 2,
                    .steps = 5000,
                    .coarseness = 2000,
                    .skew = 30,
                    .version = Version::k25},
     .is_ok = true,
     .events = 14829,
     .dump_sha256 = "99a71279e893361f81a1d3951a7e9aaecbc95d37e9d4fcc4dd121860c98e517e"},
    {.parameters = {.seed = 12,
                    .threads = 13,
                    .generations = 1,
                    .steps = 500,
                    .coarseness = 2000,
                    .skew = 1,
                    .version = Version::k26},
     .is_ok = true,
     .events = 564,
     .dump_sha256 = "adfb99c1e4253e0cebc7f83aa925c5ccfaf9c3fe9ffeba0077cd0fa2b10e7e5d"},
    {.parameters = {.seed = 13,
                    .threads = 49,
                    .generations = 3,
                    .steps = 3700,
                    .coarseness = 50,
                    .skew = 30,
                    .version = Version::k23},
     .is_ok = true,
     .events = 11979,
     .dump_sha256 = "3b670027b37a8c5115b1b667e720bef122814530b5ed02cd060897f7707fdf6b"},
    {.parameters = {.seed = 5092,
                    .threads = 13,
                    .generations = 3,
                    .steps = 2100,
                    .coarseness = 50,
                    .skew = 1,
                    .version = Version::k23},
     .is_ok = false,
     .events = 2217,
     .dump_sha256 = "f79403a82441515ec94c89dee32a2c0cf9afee51fc006a31f1047007d10a7c29"},
};

class ManyThreadsTest : public ::testing::TestWithParam<Expected> {};

TEST_P(ManyThreadsTest, AreInGosOrder) {
  const PaddedBytes bytes(MakeManyThreads(GetParam().parameters));
  const TraceReading reading = ReadTrace(bytes.view());
  EXPECT_EQ(reading.events, GetParam().events);
  EXPECT_EQ(!reading.error.has_value(), GetParam().is_ok);
  EXPECT_EQ(Sha256(reading.dump), GetParam().dump_sha256);
}

TEST(ManyThreads, AgreeWithGo) {
  if (!HasGoReader()) GTEST_SKIP() << "GTENGINE_GOREF is not set: not compared with Go's reader";
  for (const Expected& expected : kExpected) {
    SCOPED_TRACE(expected.parameters.seed);
    const GoReading reading = ReadByGo(MakeManyThreads(expected.parameters));
    EXPECT_EQ(reading.events, expected.events);
    EXPECT_EQ(reading.error.empty(), expected.is_ok) << reading.error;
    EXPECT_EQ(Sha256(reading.dump), expected.dump_sha256);
  }
}

INSTANTIATE_TEST_SUITE_P(Parameters, ManyThreadsTest, ::testing::ValuesIn(kExpected),
                         [](const auto& test) {
                           return fmt::format("seed_{}", test.param.parameters.seed);
                         });

}  // namespace
}  // namespace gtengine::testing
