// Which traces of a corpus are to be read at all.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/analysis/text_filter.h"
#include "engine/base/result.h"
#include "engine/io/layout.h"
#include "engine/run/capture_time.h"
#include "engine/run/duplicates.h"

namespace gtengine::run {

// A stretch of the day; it goes over midnight when its end is not behind its beginning.
struct TimeOfDay {
  int begin_second = 0;
  int end_second = 0;  // not in it any more

  // "HH:MM-HH:MM", 24:00 being the end of the day. Errors (kUsage) are one line.
  static Result<TimeOfDay> Parse(std::string_view text);
  bool Contains(int second) const {
    return begin_second < end_second ? begin_second <= second && second < end_second
                                     : begin_second <= second || second < end_second;
  }
};

// "yyyy-mm-dd", "yyyy-mm-ddThh:mm" or "yyyy-mm-ddThh:mm:ss" in `zone`, or one of these with a `Z`
// or an offset such as `+02:00` behind. In seconds of Unix time. Errors (kUsage) are one line.
Result<std::int64_t> ParseInstant(std::string_view text, const TimeZone& zone);

// All conditions must hold. A trace belongs to the moment at which its capture began.
// Immutable while in use; from any thread.
struct TraceFilter {
  TextFilter service = {};
  TextFilter host = {};
  std::set<std::uint32_t> formats = {};    // NN of "go 1.NN trace"; empty: all
  std::optional<std::int64_t> from = {};   // Unix seconds
  std::optional<std::int64_t> until = {};  // likewise; not in it any more
  std::optional<TimeOfDay> time_of_day = {};
  TimeZone zone = {};  // of paths' times and of the time of day

  bool empty() const { return service.empty() && host.empty() && formats.empty() && !needs_time(); }
  bool needs_time() const { return from || until || time_of_day; }

  // What the path tells; false: whatever the file holds, it does not belong.
  bool AcceptsOrigin(const io::TraceOrigin& origin) const;
  // The rest.
  bool AcceptsFile(std::uint32_t format, const CaptureTime& time) const;
};

// Those of `traces` that belong, in their order. Of the others nothing is read but, where the
// format or the time counts, their first bytes. A file that cannot be told to be of a format that
// is read stays: the scan says what is wrong with it. `left_out` is how many do not belong. Runs on
// the threads of the caller's arena. Compressed traces are expanded for it.
struct ChosenTraces {
  std::vector<io::CorpusFile> traces;
  std::uint64_t left_out = 0;
};
ChosenTraces ChooseTraces(std::vector<io::CorpusFile> traces, const io::Layout& layout,
                          const TraceFilter& filter, const io::ExpandOptions& expand = {});

// Whether one trace belongs whose bytes are at hand.
bool Accepts(const TraceFilter& filter, const io::TraceOrigin& origin, PaddedView trace);

}  // namespace gtengine::run
