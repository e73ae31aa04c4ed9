// What a compressed file holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/io/byte_source.h"

namespace gtengine::io {

enum class Compression : std::uint8_t { kNone, kGzip, kZstd };

// Tells it from the first 4 bytes, whatever the file is called.
Compression DetectCompression(ByteView head);

// The name of a compression that is not read ("xz"), by its first 6 bytes; empty: none of those.
std::string_view ForeignCompression(ByteView head);

// Bounds on what comes out. They are per compressed stream, of all its members or frames together.
struct ExpandLimits {
  // Below this a ratio says nothing: a few zeros compress well.
  static constexpr std::uint64_t kAnyRatioBytes = std::uint64_t{16} << 20;

  std::uint64_t max_bytes = std::uint64_t{64} << 30;
  std::uint64_t max_ratio = 200;  // to the compressed bytes read; traces have 3 to 20
};

// The greatest zstd window that is taken; it is what a decoder remembers of what it wrote.
enum class Window : std::uint8_t {
  kUsual,  // 8 MiB: all levels of the zstd command up to 19
  kLarge,  // 128 MiB: --ultra and --long
};

// The memory that an Expander takes, at most.
std::uint64_t ExpanderBytes(Compression compression, Window window);

// Expands gzip members or zstd frames (skippable ones, too), one behind the other, and checks their
// checksums. What came before an error is what a damaged file still gives. Errors: kTruncated,
// kCorrupt, kLimit; they tell the compressed byte.
class Expander : public ByteSource {
 public:
  // Borrows `compressed`. Not for kNone.
  Expander(ByteSource& compressed, Compression compression, const ExpandLimits& limits,
           Window window);
  Expander(const Expander&) = delete;
  Expander& operator=(const Expander&) = delete;
  ~Expander() override;

  Result<std::size_t> Read(std::span<std::uint8_t> out) override;

  std::uint64_t consumed_bytes() const { return consumed_; }
  std::uint64_t produced_bytes() const { return produced_; }
  bool has_failed() const { return error_.has_value(); }
  // The error is that a frame wants a window that kLarge would allow.
  bool wants_large_window() const { return wants_large_window_; }

 private:
  class Codec;
  class GzipCodec;
  class ZstdCodec;

  // Takes from input_ what it can.
  Result<std::size_t> Step(std::span<std::uint8_t> out);
  Status Refill(std::size_t wanted);
  Error At(ErrorCode code, std::string_view what) const;

  ByteSource& source_;
  const Compression compression_;
  const ExpandLimits limits_;
  const Window window_;
  std::unique_ptr<Codec> codec_;
  std::unique_ptr<std::uint8_t[]> buffer_;
  ByteView input_;  // in buffer_: read, not yet consumed
  bool is_input_over_ = false;
  bool is_inside_ = false;  // a member or frame
  std::uint64_t consumed_ = 0;
  std::uint64_t produced_ = 0;
  bool wants_large_window_ = false;
  std::optional<Error> error_;
};

}  // namespace gtengine::io
