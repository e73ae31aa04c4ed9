#include "engine/wire/header.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace gtengine::wire {
namespace {

constexpr std::string_view kPrefix = "go 1.";
constexpr std::string_view kSuffix{" trace\0\0\0", 9};

std::string_view AsText(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct ParsedHeader {
  int minor = -1;  // the NN; -1: not a trace
  bool whole = false;
};

// Go scans the header by fmt.Fscanf, which takes a version of any number of digits; no real one has
// other than one or two.
ParsedHeader Parse(ByteView bytes) {
  std::string_view text = AsText(bytes.first(std::min(bytes.size(), kHeaderBytes)));
  if (!text.starts_with(kPrefix)) return {};
  text.remove_prefix(kPrefix.size());
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > 2) return {};
  int minor = 0;
  for (const char digit : text.substr(0, digits)) minor = minor * 10 + (digit - '0');
  text.remove_prefix(digits);
  if (!kSuffix.starts_with(text.substr(0, kSuffix.size()))) return {};
  return {.minor = minor, .whole = text.size() >= kSuffix.size()};
}

}  // namespace

bool LooksLikeTrace(ByteView bytes) { return Parse(bytes).whole; }

Result<Version> ReadHeader(ByteView bytes) {
  const ParsedHeader header = Parse(bytes);
  if (header.minor < 0) {
    return Error{.code = ErrorCode::kNotATrace,
                 .what = bytes.empty() ? "empty file: not a Go execution trace"
                                       : "not a Go execution trace: no \"go 1.NN trace\" header"};
  }
  if (!header.whole) {
    return Error{.code = ErrorCode::kTruncated, .what = "the file ends inside the trace header"};
  }
  switch (header.minor) {
    case 11:
    case 19:
    case 21:
    case 22:
    case 23:
    case 25:
    case 26:
      return static_cast<Version>(header.minor);
    case 5:
    case 7:
    case 8:
    case 9:
    case 10:
      return Error{.code = ErrorCode::kUnsupportedVersion,
                   .what = fmt::format("trace format go 1.{} is not read: go tool trace of Go 1.22 "
                                       "is the last that reads it",
                                       header.minor)};
    default:
      return Error{.code = ErrorCode::kUnsupportedVersion,
                   .what = fmt::format("trace format go 1.{} is not read; formats read: go 1.11, "
                                       "1.19, 1.21, 1.22, 1.23, 1.25, 1.26 (Go 1.11 to 1.27)",
                                       header.minor)};
  }
}

}  // namespace gtengine::wire
