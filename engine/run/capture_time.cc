#include "engine/run/capture_time.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <charconv>
#include <utility>

#include "engine/wire/batch.h"
#include "engine/wire/varint.h"

namespace gtengine::run {
namespace {

constexpr std::int64_t kSecondsOf10000Years = 253'402'300'800;
constexpr int kSecondsPerHour = 3600;

// The snapshot in the data of a sync batch.
std::optional<std::int64_t> SnapshotIn(ByteView data) {
  wire::ByteReader reader(data);
  reader.Byte();  // that it is a sync batch
  while (!reader.done()) {
    const auto type = static_cast<wire::EventType>(*reader.Byte());
    if (type == wire::EventType::kFrequency) {
      if (!reader.Uvarint()) return std::nullopt;
    } else if (type == wire::EventType::kClockSnapshot) {
      const auto since_base = reader.Uvarint();
      const auto mono_ns = reader.Uvarint();
      const auto seconds = reader.Uvarint();
      if (!since_base || !mono_ns || !seconds || *seconds >= kSecondsOf10000Years) {
        return std::nullopt;
      }
      return static_cast<std::int64_t>(*seconds);
    } else {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

int NumberAt(std::string_view digits, std::size_t begin, std::size_t count) {
  int number = 0;
  std::from_chars(digits.data() + begin, digits.data() + begin + count, number);
  return number;
}

// The seconds of "+hh:mm" or "-hh:mm".
std::optional<int> OffsetOf(std::string_view text) {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  for (const std::size_t i : {1, 2, 4, 5}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  const int hours = NumberAt(text, 1, 2);
  const int minutes = NumberAt(text, 4, 2);
  if (hours > 23 || minutes > 59) return std::nullopt;
  const int seconds = hours * kSecondsPerHour + minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

}  // namespace

std::optional<std::int64_t> WallClockOf(PaddedView trace, wire::Version version) {
  if (version < wire::Version::k25) return std::nullopt;
  for (std::uint64_t offset = wire::kHeaderBytes;;) {
    const auto batch = wire::ReadBatch(trace, offset, version);
    if (!batch.ok() || !*batch) return std::nullopt;
    if ((*batch)->kind == wire::BatchKind::kSync) {
      return SnapshotIn(trace.bytes().subspan((*batch)->data_offset, (*batch)->size));
    }
    offset = (*batch)->end();
  }
}

struct TimeZone::Zone {
  absl::TimeZone zone;
};

TimeZone::TimeZone() : name_("UTC"), zone_(std::make_shared<Zone>(Zone{absl::UTCTimeZone()})) {}

Result<TimeZone> TimeZone::Parse(std::string_view name) {
  TimeZone zone;
  zone.name_ = name;
  if (name == "UTC") return zone;
  if (const auto offset = OffsetOf(name)) {
    zone.zone_ = std::make_shared<Zone>(Zone{absl::FixedTimeZone(*offset)});
    return zone;
  }
  absl::TimeZone found;
  // A path, or what the library makes of an odd name, is not for users.
  const bool is_name = !name.empty() && name.front() >= 'A' && name.front() <= 'Z' &&
                       name.find("..") == std::string_view::npos;
  if (!is_name || !absl::LoadTimeZone(std::string(name), &found)) {
    return Error{.code = ErrorCode::kUsage,
                 .what = "there is no time zone \"" + std::string(name) +
                         "\"; valid are: UTC, +hh:mm, -hh:mm, and names such as Europe/Berlin "
                         "(where the package tzdata is installed)"};
  }
  zone.zone_ = std::make_shared<Zone>(Zone{found});
  return zone;
}

CivilTime TimeZone::ToCivil(std::int64_t unix_seconds) const {
  const absl::CivilSecond civil =
      absl::ToCivilSecond(absl::FromUnixSeconds(unix_seconds), zone_->zone);
  return {.year = civil.year(),
          .month = civil.month(),
          .day = civil.day(),
          .second_of_day = civil.hour() * kSecondsPerHour + civil.minute() * 60 + civil.second()};
}

std::optional<std::int64_t> TimeZone::ToUnix(const CivilTime& civil) const {
  const absl::CivilDay day(civil.year, civil.month, civil.day);
  if (day.month() != civil.month || day.day() != civil.day) return std::nullopt;
  const absl::CivilSecond second = absl::CivilSecond(day) + civil.second_of_day;
  return absl::ToUnixSeconds(absl::FromCivil(second, zone_->zone));
}

CaptureTime CaptureTimeOf(const io::TraceOrigin& origin, std::optional<std::int64_t> wall_seconds,
                          const TimeZone& zone) {
  if (wall_seconds) return {.source = TimeSource::kWallClock, .unix_seconds = *wall_seconds};
  if (origin.date.size() != 8 || origin.time.size() != 6) return {};
  const int hour = NumberAt(origin.time, 0, 2);
  const int minute = NumberAt(origin.time, 2, 2);
  const int second = NumberAt(origin.time, 4, 2);
  if (hour > 23 || minute > 59 || second > 59) return {};
  const auto unix_seconds =
      zone.ToUnix({.year = NumberAt(origin.date, 0, 4),
                   .month = NumberAt(origin.date, 4, 2),
                   .day = NumberAt(origin.date, 6, 2),
                   .second_of_day = hour * kSecondsPerHour + minute * 60 + second});
  if (!unix_seconds) return {};
  return {.source = TimeSource::kPath, .unix_seconds = *unix_seconds};
}

}  // namespace gtengine::run
