#include "engine/base/go_time.h"

#include <fmt/format.h>

#include <ctime>
#include <iterator>

namespace gtengine {
namespace {

constexpr std::uint64_t kSecondsPerDay = 86400;
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

// Go counts days from the March 1st of a year so early that an unsigned number holds every time
// (time/time.go, "Computations on Times").
constexpr std::uint64_t kDaysPer400Years = 146097;
constexpr std::uint64_t kZeroYear = 292277022400;  // before year 0
constexpr std::uint64_t kUnixDay = kZeroYear / 400 * kDaysPer400Years + 719468;

struct Date {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

Date DateOf(std::uint64_t absolute_day) {
  const auto day_of_era = static_cast<unsigned>(absolute_day % kDaysPer400Years);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned month_from_march = (5 * day_of_year + 2) / 153;
  const unsigned day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const unsigned month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::uint64_t year = absolute_day / kDaysPer400Years * 400 + year_of_era - kZeroYear;
  return {
      .year = static_cast<std::int64_t>(year) + (month <= 2 ? 1 : 0), .month = month, .day = day};
}

std::int64_t ZoneOffset(std::int64_t seconds) {
  const std::time_t unix_time = seconds;
  std::tm local{};
  return ::localtime_r(&unix_time, &local) == nullptr ? 0 : local.tm_gmtoff;
}

}  // namespace

void AppendGoWallTime(std::int64_t seconds, std::int64_t nanoseconds, std::string& out) {
  auto unsigned_seconds = static_cast<std::uint64_t>(seconds);
  if (nanoseconds < 0 || nanoseconds >= kNsPerSecond) {
    unsigned_seconds += static_cast<std::uint64_t>(nanoseconds / kNsPerSecond);
    nanoseconds %= kNsPerSecond;
    if (nanoseconds < 0) {
      nanoseconds += kNsPerSecond;
      --unsigned_seconds;
    }
  }
  const std::int64_t offset = ZoneOffset(static_cast<std::int64_t>(unsigned_seconds));
  const std::uint64_t absolute =
      unsigned_seconds + static_cast<std::uint64_t>(offset) + kUnixDay * kSecondsPerDay;
  const Date date = DateOf(absolute / kSecondsPerDay);
  const std::uint64_t second_of_day = absolute % kSecondsPerDay;
  const auto write = std::back_inserter(out);
  if (date.year < 0) out += '-';
  fmt::format_to(write, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                 date.year < 0 ? -date.year : date.year, date.month, date.day, second_of_day / 3600,
                 second_of_day / 60 % 60, second_of_day % 60);
  if (nanoseconds != 0) {
    std::string fraction = fmt::format(".{:09}", nanoseconds);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    out += fraction;
  }
  const std::int64_t minutes = offset / 60;
  if (offset == 0) {
    out += 'Z';
  } else {
    const std::int64_t size = minutes < 0 ? -minutes : minutes;
    fmt::format_to(write, "{}{:02}:{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
  }
}

}  // namespace gtengine
