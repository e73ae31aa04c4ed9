// What a trace's path tells about it: whose it is and when it was captured.
#pragma once

#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace gtengine::io {

inline constexpr std::string_view kDefaultLayout = "service/host/yyyymmdd/hhmmss.trace";

// Empty parts are not told by the path.
struct TraceOrigin {
  std::string service;
  std::string host;
  std::string date;  // yyyymmdd
  std::string time;  // hhmmss

  friend bool operator==(const TraceOrigin&, const TraceOrigin&) = default;
};

// A pattern for the last components of a path. In it the words `service`, `host`, `yyyymmdd` and
// `hhmmss` stand for what they name, `*` for any text within a component, and all else for itself.
// Immutable; may be used from any thread.
class Layout {
 public:
  // Errors (kUsage) say what is wrong with the pattern.
  static Result<Layout> Parse(std::string_view pattern);

  // What `path` tells; everything empty when it does not end as the pattern asks.
  TraceOrigin Match(std::string_view path) const;

 private:
  enum class Field : unsigned char { kService, kHost, kDate, kTime };

  std::regex pattern_;
  std::vector<Field> fields_;  // of the capture groups, in order
};

}  // namespace gtengine::io
