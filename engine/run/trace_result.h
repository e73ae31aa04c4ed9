// What a scan makes of one trace.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/io/content_hash.h"
#include "engine/io/layout.h"
#include "engine/reports/report.h"

namespace gtengine::run {

// A stretch of a trace that gave nothing.
struct LostStretch {
  std::string what;  // one line: place and reason, without the path
  std::uint64_t bytes = 0;

  friend auto operator<=>(const LostStretch&, const LostStretch&) = default;
};

struct TraceFacts {
  std::string path;  // as given; "-" for standard input
  std::uint64_t bytes = 0;
  io::ContentHash content;  // zero when nobody asked for it
  io::TraceOrigin origin;
  std::uint32_t format = 0;  // the NN of "go 1.NN trace"; 0: not read
  std::uint64_t events = 0;  // of whole generations, as Go's reader counts them
  std::uint64_t generations = 0;
  std::vector<LostStretch> lost;
  std::optional<std::int64_t> wall_seconds = {};  // when it was captured, where it holds that
};

// What the reports made of those rows of a trace that belong to one group.
struct RowGroup {
  std::vector<std::string> texts;  // one for each key of rows, in the order of GroupKey
  std::vector<std::unique_ptr<ReportPartial>> partials;
};

// Partials stand in the order of the reports that were asked for. Owned; movable.
struct TraceResult {
  TraceFacts facts;
  std::vector<std::unique_ptr<ReportPartial>> partials;  // none where rows are grouped
  std::vector<RowGroup> row_groups = {};                 // in order of their texts, each once
};

}  // namespace gtengine::run
