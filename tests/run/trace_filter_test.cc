#include "engine/run/trace_filter.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/io/mapped_file.h"
#include "tests/run/scan_setup.h"

namespace gtengine::run {
namespace {

std::int64_t Instant(const std::string& text, const TimeZone& zone = {}) {
  const auto parsed = ParseInstant(text, zone);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed.ok() ? *parsed : -1;
}

TEST(TraceFilterTest, TimesAreInTheZoneUnlessTheySayAnother) {
  EXPECT_EQ(Instant("2026-01-02"), 1'767'312'000);
  EXPECT_EQ(Instant("2026-01-02T12:00"), 1'767'355'200);
  EXPECT_EQ(Instant("2026-01-02T12:00:01Z"), 1'767'355'201);
  EXPECT_EQ(Instant("2026-01-02T12:00+02:00"), 1'767'348'000);
  const TimeZone zone = TimeZone::Parse("+02:00").value();
  EXPECT_EQ(Instant("2026-01-02T12:00", zone), 1'767'348'000);
  EXPECT_EQ(Instant("2026-01-02T12:00Z", zone), 1'767'355'200);
  for (const char* bad : {"", "2026", "2026-02-30", "2026-01-02T24:00", "2026-01-02T12", "x",
                          "2026-01-02T12:00:60", "2026-01-02 12:00", "2026-01-02UTC"}) {
    EXPECT_FALSE(ParseInstant(bad, TimeZone()).ok()) << bad;
  }
}

TEST(TraceFilterTest, AStretchOfTheDayMayGoOverMidnight) {
  const TimeOfDay day = TimeOfDay::Parse("09:00-17:30").value();
  EXPECT_FALSE(day.Contains(9 * 3600 - 1));
  EXPECT_TRUE(day.Contains(9 * 3600));
  EXPECT_FALSE(day.Contains(17 * 3600 + 1800));
  const TimeOfDay night = TimeOfDay::Parse("22:00-06:00").value();
  EXPECT_TRUE(night.Contains(22 * 3600));
  EXPECT_TRUE(night.Contains(0));
  EXPECT_FALSE(night.Contains(6 * 3600));
  EXPECT_TRUE(TimeOfDay::Parse("00:00-24:00")->Contains(86'399));
  for (const char* bad : {"", "9-17", "09:00", "09:00-09:00", "24:00-01:00", "09:60-10:00",
                          "00:00-24:01", "09:00-10:00x"}) {
    EXPECT_FALSE(TimeOfDay::Parse(bad).ok()) << bad;
  }
}

TEST(TraceFilterTest, FromIsInAndToIsOut) {
  TraceFilter filter;
  filter.from = 100;
  filter.until = 200;
  const auto accepts = [&](std::int64_t seconds) {
    return filter.AcceptsFile(26, {.source = TimeSource::kPath, .unix_seconds = seconds});
  };
  EXPECT_FALSE(accepts(99));
  EXPECT_TRUE(accepts(100));
  EXPECT_TRUE(accepts(199));
  EXPECT_FALSE(accepts(200));
  EXPECT_FALSE(filter.AcceptsFile(26, {}));  // nobody knows when
}

TEST(TraceFilterTest, AStretchAndTheRestOfTheDayDivideTraces) {
  TraceFilter in;
  in.time_of_day = TimeOfDay::Parse("22:15-06:00").value();
  TraceFilter out;
  out.time_of_day = TimeOfDay::Parse("06:00-22:15").value();
  for (int minute = 0; minute < 24 * 60; ++minute) {
    const CaptureTime time{.source = TimeSource::kWallClock, .unix_seconds = minute * 60};
    EXPECT_NE(in.AcceptsFile(26, time), out.AcceptsFile(26, time));
  }
}

TEST(TraceFilterTest, ChoosesByFormatAndKeepsWhatItCannotRead) {
  std::vector<io::CorpusFile> files;
  for (const std::string& path : SmallTraces()) files.push_back({.path = path, .bytes = 1});
  files.push_back({.path = "no such file", .bytes = 1});
  TraceFilter filter;
  filter.formats = {23};
  const io::Layout layout = io::Layout::Parse(io::kDefaultLayout).value();
  const ChosenTraces chosen = ChooseTraces(files, layout, filter);
  ASSERT_EQ(chosen.traces.size(), 3u);
  EXPECT_EQ(chosen.traces[0].path, files[0].path);
  EXPECT_EQ(chosen.traces[1].path, files[2].path);
  EXPECT_EQ(chosen.traces[2].path, "no such file");
  EXPECT_EQ(chosen.left_out, 2u);
}

TEST(TraceFilterTest, WhatThePathRefusesIsNotOpened) {
  TraceFilter filter;
  filter.service = TextFilter::Parse({"shop"}).value();
  filter.formats = {23};
  const io::Layout layout = io::Layout::Parse(io::kDefaultLayout).value();
  const ChosenTraces chosen =
      ChooseTraces({{.path = "chat/h/20260102/000000.trace", .bytes = 1}}, layout, filter);
  EXPECT_TRUE(chosen.traces.empty());  // though it cannot be opened
}

}  // namespace
}  // namespace gtengine::run
