#include "engine/order/legacy_runs.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace gtengine::order {
namespace {

std::vector<std::uint32_t> RoundTrip(const std::vector<std::uint32_t>& sources) {
  LegacyRuns runs;
  for (const std::uint32_t source : sources) runs.Add(source);
  runs.Finish();
  std::vector<std::uint32_t> read;
  LegacyRuns::Reader reader(runs);
  std::uint32_t source = 0;
  while (reader.Next(source)) read.push_back(source);
  EXPECT_FALSE(reader.Next(source));
  return read;
}

TEST(LegacyRuns, GiveBackWhatTheyGot) {
  for (const std::vector<std::uint32_t>& sources : {std::vector<std::uint32_t>{},
                                                    {0},
                                                    {127},
                                                    {128},
                                                    {~std::uint32_t{0}},
                                                    {0, 0, 1, 1, 0},
                                                    std::vector<std::uint32_t>(1000, 5),
                                                    std::vector<std::uint32_t>(255, 300)}) {
    EXPECT_EQ(RoundTrip(sources), sources);
  }
}

TEST(LegacyRuns, GiveBackAnything) {
  std::mt19937 random(3);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::uint32_t> sources;
    for (int i = 0; i < 100; ++i) {
      const auto source = static_cast<std::uint32_t>(random() >> random() % 32);
      sources.insert(sources.end(), 1 + random() % 600, source);
    }
    EXPECT_EQ(RoundTrip(sources), sources);
  }
}

TEST(LegacyRuns, AreShort) {
  LegacyRuns runs;
  for (std::uint32_t i = 0; i < 1000; ++i) runs.Add(i / 10 % 100);
  runs.Finish();
  EXPECT_EQ(runs.bytes(), 200u);
  EXPECT_EQ(LegacyRuns::MostBytes(128), 2u);
  EXPECT_EQ(LegacyRuns::MostBytes(129), 3u);
}

}  // namespace
}  // namespace gtengine::order
