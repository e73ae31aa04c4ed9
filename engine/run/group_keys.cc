#include "engine/run/group_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace gtengine::run {
namespace {

constexpr std::string_view kNames[] = {"service", "host", "day",      "hour",
                                       "version", "task", "goroutine"};

std::string TimeText(GroupKey key, const TraceFacts& facts, const TimeZone& zone) {
  const CaptureTime time = CaptureTimeOf(facts.origin, facts.wall_seconds, zone);
  if (time.source == TimeSource::kNone) return {};
  const CivilTime civil = zone.ToCivil(time.unix_seconds);
  std::string text = fmt::format("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
  if (key == GroupKey::kHour) text += fmt::format(" {:02}:00", civil.second_of_day / 3600);
  return text;
}

}  // namespace

std::string_view Name(GroupKey key) { return kNames[static_cast<std::size_t>(key)]; }

std::string GroupKeyNames() { return fmt::format("{}", fmt::join(kNames, ", ")); }

Result<GroupKey> ParseGroupKey(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found != std::end(kNames)) return static_cast<GroupKey>(found - std::begin(kNames));
  return Error{.code = ErrorCode::kUsage,
               .what = fmt::format("--group-by: there is no group \"{}\"; groups are: {}", name,
                                   GroupKeyNames())};
}

GroupTexts GroupOf(const TraceFacts& facts, const GroupTexts& row_texts,
                   const Selection& selection) {
  GroupTexts texts;
  for (const GroupKey key : selection.group_by) {
    if (IsOfRows(key)) {
      const auto before = static_cast<std::size_t>(std::ranges::count_if(
          selection.group_by, [key](GroupKey other) { return IsOfRows(other) && other < key; }));
      texts.push_back(before < row_texts.size() ? row_texts[before] : "");
    } else if (IsOfTime(key)) {
      texts.push_back(TimeText(key, facts, selection.zone));
    } else if (key == GroupKey::kVersion) {
      texts.push_back(fmt::format("go 1.{}", facts.format));
    } else {
      texts.push_back(key == GroupKey::kService ? facts.origin.service : facts.origin.host);
    }
  }
  return texts;
}

}  // namespace gtengine::run
