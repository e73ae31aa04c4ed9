#include "engine/run/trace_filter.h"

#include <tbb/parallel_for.h>

#include <array>
#include <utility>

#include "engine/io/stored_trace.h"
#include "engine/run/task_hand_off.h"
#include "engine/wire/header.h"

namespace gtengine::run {
namespace {

constexpr int kSecondsPerDay = 86'400;

using Numbers = std::array<int, 4>;

// Reads `pattern` from the front of `text`: in it 0 stands for a digit, all else for itself. The
// numbers are those of the series of digits.
bool TakeNumbers(std::string_view& text, std::string_view pattern, Numbers& numbers) {
  if (text.size() < pattern.size()) return false;
  std::size_t series = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '0') {
      if (text[i] != pattern[i]) return false;
      continue;
    }
    if (text[i] < '0' || text[i] > '9') return false;
    if (i == 0 || pattern[i - 1] != '0') numbers[series++] = 0;
    numbers[series - 1] = numbers[series - 1] * 10 + (text[i] - '0');
  }
  text.remove_prefix(pattern.size());
  return true;
}

}  // namespace

Result<TimeOfDay> TimeOfDay::Parse(std::string_view text) {
  Numbers numbers = {};
  std::string_view left = text;
  const bool is_read = TakeNumbers(left, "00:00-00:00", numbers) && left.empty();
  const auto [from_hour, from_minute, to_hour, to_minute] = numbers;
  const TimeOfDay span{.begin_second = (from_hour * 60 + from_minute) * 60,
                       .end_second = (to_hour * 60 + to_minute) * 60};
  if (!is_read || from_minute > 59 || to_minute > 59 || span.begin_second >= kSecondsPerDay ||
      span.end_second > kSecondsPerDay || span.begin_second == span.end_second) {
    return Error{.code = ErrorCode::kUsage,
                 .what = "\"" + std::string(text) +
                         "\" is no stretch of the day; valid is HH:MM-HH:MM, such as 09:00-17:30 "
                         "or 22:00-06:00"};
  }
  return span;
}

Result<std::int64_t> ParseInstant(std::string_view text, const TimeZone& zone) {
  const auto bad = [text] {
    return Error{.code = ErrorCode::kUsage,
                 .what = "\"" + std::string(text) +
                         "\" is no time; valid are 2026-01-02, 2026-01-02T15:04 and "
                         "2026-01-02T15:04:05, each with Z or +hh:mm behind it or in --path-tz"};
  };
  std::string_view left = text;
  Numbers date = {};
  Numbers time = {};
  Numbers second = {};
  if (!TakeNumbers(left, "0000-00-00", date)) return bad();
  const bool has_time = left.starts_with('T');
  if (has_time && !TakeNumbers(left, "T00:00", time)) return bad();
  if (has_time && left.starts_with(':') && !TakeNumbers(left, ":00", second)) return bad();
  if (time[0] > 23 || time[1] > 59 || second[0] > 59) return bad();
  TimeZone in = zone;
  if (left == "Z") {
    in = TimeZone();
  } else if (!left.empty()) {
    auto offset = TimeZone::Parse(left);
    if (!offset.ok() || (left.front() != '+' && left.front() != '-')) return bad();
    in = std::move(*offset);
  }
  const auto unix_seconds = in.ToUnix({.year = date[0],
                                       .month = date[1],
                                       .day = date[2],
                                       .second_of_day = (time[0] * 60 + time[1]) * 60 + second[0]});
  if (!unix_seconds) return bad();
  return *unix_seconds;
}

bool TraceFilter::AcceptsOrigin(const io::TraceOrigin& origin) const {
  return (service.empty() || service.AcceptsText(origin.service)) &&
         (host.empty() || host.AcceptsText(origin.host));
}

bool TraceFilter::AcceptsFile(std::uint32_t format, const CaptureTime& time) const {
  if (!formats.empty() && !formats.contains(format)) return false;
  if (!needs_time()) return true;
  if (time.source == TimeSource::kNone) return false;
  if (from && time.unix_seconds < *from) return false;
  if (until && time.unix_seconds >= *until) return false;
  return !time_of_day || time_of_day->Contains(zone.ToCivil(time.unix_seconds).second_of_day);
}

bool Accepts(const TraceFilter& filter, const io::TraceOrigin& origin, PaddedView trace) {
  if (!filter.AcceptsOrigin(origin)) return false;
  if (filter.formats.empty() && !filter.needs_time()) return true;
  const auto version = wire::ReadHeader(trace.bytes());
  if (!version.ok()) return true;
  const CaptureTime time = filter.needs_time()
                               ? CaptureTimeOf(origin, WallClockOf(trace, *version), filter.zone)
                               : CaptureTime();
  return filter.AcceptsFile(static_cast<std::uint32_t>(*version), time);
}

ChosenTraces ChooseTraces(std::vector<io::CorpusFile> traces, const io::Layout& layout,
                          const TraceFilter& filter, const io::ExpandOptions& expand) {
  ChosenTraces chosen;
  if (filter.empty()) {
    chosen.traces = std::move(traces);
    return chosen;
  }
  const bool needs_files = !filter.formats.empty() || filter.needs_time();
  std::vector<char> belongs(traces.size());  // not bits, which threads would share
  const auto look = [&](std::size_t i) {
    const TaskScope scope;
    const io::TraceOrigin origin = layout.Match(io::NameOfContent(traces[i]));
    belongs[i] = filter.AcceptsOrigin(origin);
    if (!belongs[i] || !needs_files) return;
    const auto opened = io::OpenTrace(traces[i].path, traces[i].place, expand);
    if (opened.ok()) belongs[i] = Accepts(filter, origin, opened->file.view());
  };
  PublishToTasks();
  tbb::parallel_for(std::size_t{0}, traces.size(), look);
  ReceiveFromTasks();
  for (std::size_t i = 0; i < traces.size(); ++i) {
    if (belongs[i]) chosen.traces.push_back(std::move(traces[i]));
  }
  chosen.left_out = traces.size() - chosen.traces.size();
  return chosen;
}

}  // namespace gtengine::run
