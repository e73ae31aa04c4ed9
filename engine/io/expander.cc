#include "engine/io/expander.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

#include "engine/base/check.h"

namespace gtengine::io {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} << 10;
constexpr std::size_t kMagicBytes = 4;
constexpr int kUsualWindowLog = 23;
constexpr int kLargeWindowLog = 27;
// Of gzip: inflate's window and state. Of zstd: its tables and a block.
constexpr std::uint64_t kGzipBytes = std::uint64_t{128} << 10;
constexpr std::uint64_t kZstdBytes = std::uint64_t{1} << 20;

int WindowLog(Window window) {
  return window == Window::kUsual ? kUsualWindowLog : kLargeWindowLog;
}

std::string_view NameOf(Compression compression) {
  return compression == Compression::kGzip ? "gzip" : "zstd";
}

bool BeginsWith(ByteView bytes, std::initializer_list<std::uint8_t> magic) {
  return bytes.size() >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.begin());
}

// RFC 8878: a frame, or one that decoders skip.
bool IsZstd(ByteView head) {
  if (BeginsWith(head, {0x28, 0xb5, 0x2f, 0xfd})) return true;
  return head.size() >= kMagicBytes && (head[0] & 0xf0) == 0x50 && head[1] == 0x2a &&
         head[2] == 0x4d && head[3] == 0x18;
}

}  // namespace

Compression DetectCompression(ByteView head) {
  if (BeginsWith(head, {0x1f, 0x8b})) return Compression::kGzip;
  return IsZstd(head) ? Compression::kZstd : Compression::kNone;
}

std::string_view ForeignCompression(ByteView head) {
  if (BeginsWith(head, {0xfd, '7', 'z', 'X', 'Z', 0})) return "xz";
  if (BeginsWith(head, {'7', 'z', 0xbc, 0xaf, 0x27, 0x1c})) return "7-Zip";
  if (BeginsWith(head, {'B', 'Z', 'h'})) return "bzip2";
  if (BeginsWith(head, {0x04, 0x22, 0x4d, 0x18})) return "lz4";
  if (BeginsWith(head, {'P', 'K', 3, 4})) return "zip";
  if (BeginsWith(head, {0x1f, 0x9d})) return "compress";
  if (BeginsWith(head, {0xff, 0x06, 0x00, 0x00, 's', 'N'})) return "snappy";
  return {};
}

std::uint64_t ExpanderBytes(Compression compression, Window window) {
  return kBufferBytes + (compression == Compression::kGzip
                             ? kGzipBytes
                             : kZstdBytes + (std::uint64_t{1} << WindowLog(window)));
}

// A decoder of one member or frame after the other.
class Expander::Codec {
 public:
  // What one call did. With an error, `what` is not empty.
  struct Progress {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    bool is_end = false;  // of a member or frame
    ErrorCode code = ErrorCode::kCorrupt;
    std::string what = {};
    bool wants_large_window = false;
  };

  virtual ~Codec() = default;
  virtual Progress Step(ByteView in, std::span<std::uint8_t> out) = 0;
};

class Expander::GzipCodec : public Codec {
 public:
  GzipCodec() {
    constexpr int kGzipOnly = 16;
    GTENGINE_CHECK(inflateInit2(&stream_, MAX_WBITS + kGzipOnly) == Z_OK);
  }
  GzipCodec(const GzipCodec&) = delete;
  GzipCodec& operator=(const GzipCodec&) = delete;
  ~GzipCodec() override { inflateEnd(&stream_); }

  Progress Step(ByteView in, std::span<std::uint8_t> out) override {
    out = out.first(std::min(out.size(), std::size_t{1} << 30));
    stream_.next_in = const_cast<std::uint8_t*>(in.data());
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    const int code = inflate(&stream_, Z_NO_FLUSH);
    Progress progress{.consumed = in.size() - stream_.avail_in,
                      .produced = out.size() - stream_.avail_out,
                      .is_end = code == Z_STREAM_END};
    if (code == Z_STREAM_END) {
      GTENGINE_CHECK(inflateReset(&stream_) == Z_OK);
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      progress.what = stream_.msg != nullptr ? stream_.msg : "cannot be expanded";
    }
    return progress;
  }

 private:
  z_stream stream_{};
};

class Expander::ZstdCodec : public Codec {
 public:
  explicit ZstdCodec(Window window) : window_(window), context_(ZSTD_createDCtx()) {
    GTENGINE_CHECK(context_ != nullptr);
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, WindowLog(window));
  }
  ZstdCodec(const ZstdCodec&) = delete;
  ZstdCodec& operator=(const ZstdCodec&) = delete;
  ~ZstdCodec() override { ZSTD_freeDCtx(context_); }

  Progress Step(ByteView in, std::span<std::uint8_t> out) override {
    // No more than it asks for: what a call wrote before an error it does not tell.
    ZSTD_inBuffer input{in.data(), std::min(in.size(), wanted_), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t code = ZSTD_decompressStream(context_, &output, &input);
    Progress progress{.consumed = input.pos, .produced = output.pos, .is_end = code == 0};
    if (ZSTD_isError(code) == 0) {
      wanted_ = code > 0 ? code : kFirstBytes;
      return progress;
    }
    progress.what = ZSTD_getErrorName(code);
    if (ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge) {
      progress.code = ErrorCode::kLimit;
      progress.wants_large_window = window_ == Window::kUsual;
      progress.what = fmt::format("a frame wants a window above the {} MiB that are allowed",
                                  1 << (WindowLog(window_) - 20));
    }
    return progress;
  }

 private:
  static constexpr std::size_t kFirstBytes = 5;  // tell how long the frame's header is

  Window window_;
  ZSTD_DCtx* context_;
  std::size_t wanted_ = kFirstBytes;
};

Expander::Expander(ByteSource& compressed, Compression compression, const ExpandLimits& limits,
                   Window window)
    : source_(compressed),
      compression_(compression),
      limits_(limits),
      window_(window),
      buffer_(std::make_unique_for_overwrite<std::uint8_t[]>(kBufferBytes)) {
  GTENGINE_CHECK(compression != Compression::kNone);
  if (compression == Compression::kGzip) {
    codec_ = std::make_unique<GzipCodec>();
  } else {
    codec_ = std::make_unique<ZstdCodec>(window);
  }
}

Expander::~Expander() = default;

Error Expander::At(ErrorCode code, std::string_view what) const {
  return {.code = code,
          .what = fmt::format("compressed byte {}: {}: {}", consumed_, NameOf(compression_), what)};
}

Result<std::size_t> Expander::Read(std::span<std::uint8_t> out) {
  while (!error_ && !out.empty()) {
    auto produced = Step(out);
    if (!produced.ok()) {
      error_ = std::move(produced).error();
    } else if (*produced > 0) {
      return produced;
    } else if (!is_inside_ && input_.empty() && is_input_over_) {
      return std::size_t{0};
    }
  }
  if (error_) return *error_;
  return std::size_t{0};
}

// Makes sure that so many bytes are at hand, unless the input ends.
Status Expander::Refill(std::size_t wanted) {
  if (input_.size() >= wanted || is_input_over_) return {};
  if (!input_.empty()) std::memmove(buffer_.get(), input_.data(), input_.size());
  std::size_t size = input_.size();
  while (size < wanted && !is_input_over_) {
    const auto got = source_.Read({buffer_.get() + size, kBufferBytes - size});
    if (!got.ok()) return got.error();
    is_input_over_ = *got == 0;
    size += *got;
  }
  input_ = {buffer_.get(), size};
  return {};
}

Result<std::size_t> Expander::Step(std::span<std::uint8_t> out) {
  if (const Status filled = Refill(is_inside_ ? 1 : kMagicBytes); !filled.ok()) {
    return filled.error();
  }
  if (!is_inside_) {
    if (input_.empty()) return std::size_t{0};
    // Tapes and disks pad with zeros; gzip takes them for the end.
    if (compression_ == Compression::kGzip && consumed_ > 0 && input_[0] == 0) {
      const auto* end = std::ranges::find_if(input_, [](std::uint8_t b) { return b != 0; }).base();
      const auto zeros = static_cast<std::size_t>(end - input_.data());
      consumed_ += zeros;
      input_ = input_.subspan(zeros);
      return std::size_t{0};
    }
    if (DetectCompression(input_) != compression_) {
      return At(ErrorCode::kCorrupt, "what follows is not compressed");
    }
    is_inside_ = true;
  }
  // One byte more than is allowed, so that the limit is told from the end.
  const std::uint64_t room = limits_.max_bytes - produced_ + 1;
  if (out.size() > room) out = out.first(static_cast<std::size_t>(room));
  const Codec::Progress progress = codec_->Step(input_, out);
  consumed_ += progress.consumed;
  input_ = input_.subspan(progress.consumed);
  produced_ += progress.produced;
  is_inside_ = !progress.is_end;
  wants_large_window_ = progress.wants_large_window;
  if (produced_ > limits_.max_bytes) {
    return At(ErrorCode::kLimit,
              fmt::format("more than the {} bytes that are allowed come out", limits_.max_bytes));
  }
  if (produced_ > ExpandLimits::kAnyRatioBytes && produced_ / limits_.max_ratio > consumed_) {
    return At(ErrorCode::kLimit,
              fmt::format("more than {} times as many bytes come out", limits_.max_ratio));
  }
  if (!progress.what.empty()) {
    error_ = At(progress.code, progress.what);  // for the next call, where bytes came before it
    if (progress.produced == 0) return *error_;
  } else if (progress.produced == 0 && progress.consumed == 0 && !progress.is_end) {
    if (is_input_over_) return At(ErrorCode::kTruncated, "cut off");
    return At(ErrorCode::kCorrupt, "no end in sight");
  }
  return progress.produced;
}

}  // namespace gtengine::io
