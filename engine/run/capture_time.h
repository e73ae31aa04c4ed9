// When a trace was captured: by the wall clock that it holds, or else by its path.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/io/layout.h"
#include "engine/wire/format.h"

namespace gtengine::run {

// The wall clock at the first clock snapshot of a trace, in seconds of Unix time. Nothing where the
// format has none (before 25), where it is damaged, or beyond the year 9999. Walks batch headers up
// to the snapshot, which Go writes first, and touches nothing else.
std::optional<std::int64_t> WallClockOf(PaddedView trace, wire::Version version);

enum class TimeSource : std::uint8_t { kNone, kPath, kWallClock };

struct CaptureTime {
  TimeSource source = TimeSource::kNone;
  std::int64_t unix_seconds = 0;
};

// A day, and the seconds since its beginning as clocks on walls show them.
struct CivilTime {
  std::int64_t year = 1970;
  int month = 1;
  int day = 1;
  int second_of_day = 0;
};

// A zone of civil time. Immutable, cheap to copy; may be used from any thread.
class TimeZone {
 public:
  TimeZone();  // UTC
  // "UTC", an offset such as "+02:00", or a name of the system's time zone database such as
  // "Europe/Berlin". Errors (kUsage) are one line.
  static Result<TimeZone> Parse(std::string_view name);

  // As typed.
  const std::string& name() const { return name_; }
  CivilTime ToCivil(std::int64_t unix_seconds) const;
  // Nothing when there is no such day. A time that a change of clocks leaves out counts as if they
  // had not been changed, one that comes twice is the first.
  std::optional<std::int64_t> ToUnix(const CivilTime& civil) const;

 private:
  struct Zone;

  std::string name_;
  std::shared_ptr<const Zone> zone_;
};

// By the wall clock where there is one, and else by the path's date and time in `zone`; a path
// without a time of day tells none.
CaptureTime CaptureTimeOf(const io::TraceOrigin& origin, std::optional<std::int64_t> wall_seconds,
                          const TimeZone& zone);

}  // namespace gtengine::run
