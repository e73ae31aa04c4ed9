#include "engine/run/capture_time.h"

#include <gtest/gtest.h>

#include "engine/io/mapped_file.h"
#include "engine/wire/header.h"
#include "engine/wire/trace_info.h"
#include "tests/golden/expected.h"

namespace gtengine::run {
namespace {

constexpr std::int64_t kNoon = 1'767'355'200;  // 2026-01-02T12:00:00Z

TEST(CaptureTimeTest, TheWallClockIsThatOfTheWholeTracesFirstGeneration) {
  std::size_t with_clock = 0;
  for (const ExpectedTrace& trace : ExpectedTraces()) {
    const auto file = io::MappedFile::Open(trace.trace_path);
    ASSERT_TRUE(file.ok());
    const auto version = wire::ReadHeader(file->view().bytes());
    ASSERT_TRUE(version.ok());
    const auto wall = WallClockOf(file->view(), *version);
    EXPECT_EQ(wall.has_value(), *version >= wire::Version::k25) << trace.name;
    if (!wall) continue;
    ++with_clock;
    const auto info = wire::DescribeTrace(file->view());
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(static_cast<std::uint64_t>(*wall),
              info->generations.front().clock_snapshot->wall_seconds);
  }
  EXPECT_GE(with_clock, 3u);
}

TEST(CaptureTimeTest, EveryPrefixOfATraceTellsTheSameOrNothing) {
  for (const ExpectedTrace& trace : ExpectedTraces()) {
    const auto file = io::MappedFile::Open(trace.trace_path);
    const auto version = wire::ReadHeader(file->view().bytes());
    const auto wall = WallClockOf(file->view(), *version);
    for (std::size_t size = 16; size < 400; ++size) {
      const auto found = WallClockOf(file->view().Sub(0, size), *version);
      if (found) {
        EXPECT_EQ(found, wall);
      }
    }
  }
}

TEST(CaptureTimeTest, TheClockGoesBeforeThePath) {
  const io::TraceOrigin origin{.service = "s", .host = "h", .date = "20260102", .time = "120000"};
  const CaptureTime path = CaptureTimeOf(origin, std::nullopt, TimeZone());
  EXPECT_EQ(path.source, TimeSource::kPath);
  EXPECT_EQ(path.unix_seconds, kNoon);
  const CaptureTime clock = CaptureTimeOf(origin, 7, TimeZone());
  EXPECT_EQ(clock.source, TimeSource::kWallClock);
  EXPECT_EQ(clock.unix_seconds, 7);
}

TEST(CaptureTimeTest, PathsWithoutATimeTellNone) {
  for (const auto& [date, time] :
       {std::pair("", ""), std::pair("20260102", ""), std::pair("20260230", "120000"),
        std::pair("20261302", "120000"), std::pair("20260102", "240000"),
        std::pair("20260102", "126000"), std::pair("20260102", "120060"),
        std::pair("00000000", "000000")}) {
    const io::TraceOrigin origin{.service = "", .host = "", .date = date, .time = time};
    EXPECT_EQ(CaptureTimeOf(origin, std::nullopt, TimeZone()).source, TimeSource::kNone) << date;
  }
}

TEST(CaptureTimeTest, ZonesAreOffsetsOrNames) {
  const TimeZone east = TimeZone::Parse("+05:30").value();
  EXPECT_EQ(east.ToCivil(kNoon).second_of_day, 17 * 3600 + 30 * 60);
  EXPECT_EQ(east.ToUnix({.year = 2026, .month = 1, .day = 2, .second_of_day = 63'000}), kNoon);
  const TimeZone west = TimeZone::Parse("-13:00").value();
  EXPECT_EQ(west.ToCivil(kNoon).day, 1);
  EXPECT_EQ(west.ToCivil(kNoon).second_of_day, 23 * 3600);
  for (const char* bad : {"", "utc", "+5:30", "+24:00", "+05:60", "../../etc/passwd", "/etc/x",
                          "Nowhere/Land", "+0530"}) {
    EXPECT_FALSE(TimeZone::Parse(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace gtengine::run
