// What went wrong with an input, and where. An Error is a value: nothing is printed or thrown here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace gtengine {

enum class ErrorCode : std::uint8_t {
  kIo,                  // the operating system refused: open, read, map, write
  kNotATrace,           // the bytes do not begin as a Go execution trace
  kUnsupportedVersion,  // a Go trace of a format that is not read
  kTruncated,           // the bytes end in the middle of something
  kCorrupt,             // the bytes break a rule of the format
  kBrokenOrder,         // whole batches whose events fit no order
  kLimit,               // a bound on memory or size was reached
  kUsage,               // the caller asked for something that does not exist
};

// Where it happened: each part is absent until somebody knows it. Offsets count bytes from the
// start of the file (of the decompressed trace).
struct Error {
  ErrorCode code = ErrorCode::kCorrupt;
  std::string what = {};
  std::string path = {};
  std::optional<std::uint64_t> byte_offset = {};
  std::optional<std::uint64_t> generation = {};
  std::optional<std::int64_t> m = {};

  // One line: "PATH: byte 123, generation 4, M 5: WHAT". Absent parts are left out.
  std::string ToString() const;
};

}  // namespace gtengine
