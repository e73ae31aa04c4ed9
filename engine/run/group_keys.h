// What results are told apart by.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/run/capture_time.h"
#include "engine/run/trace_result.h"

namespace gtengine::run {

enum class GroupKey : std::uint8_t {
  kService,
  kHost,
  kDay,   // of capture, in a time zone
  kHour,  // likewise
  kVersion,
  kTask,       // what a row's goroutine worked for
  kGoroutine,  // the function that a row's goroutine was started with
};

// "service", "host", "day", "hour", "version", "task", "goroutine".
std::string_view Name(GroupKey key);
std::string GroupKeyNames();  // all, with commas
// The key of a name. Errors (kUsage) list those there are.
Result<GroupKey> ParseGroupKey(std::string_view name);

// Whether one trace has rows of several groups.
constexpr bool IsOfRows(GroupKey key) { return key >= GroupKey::kTask; }
constexpr bool IsOfTime(GroupKey key) { return key == GroupKey::kDay || key == GroupKey::kHour; }

// What a result is made of, and how it is told apart: it stands in the result.
struct Selection {
  // Option and pattern of each filter, in order, each once.
  std::vector<std::pair<std::string, std::string>> filters;
  std::vector<GroupKey> group_by;
  TimeZone zone;

  bool empty() const { return filters.empty() && group_by.empty(); }
};

// The keys of one group, in the order of Selection::group_by. Empty texts are what is not known.
using GroupTexts = std::vector<std::string>;

// The group of a trace, or of those of its rows whose texts are these: of the keys that are of
// rows, in the order of GroupKey.
GroupTexts GroupOf(const TraceFacts& facts, const GroupTexts& row_texts,
                   const Selection& selection);

}  // namespace gtengine::run
