// Compressed bytes and archives for tests.
#pragma once

#include <zlib.h>
#include <zstd.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "engine/base/byte_view.h"
#include "engine/base/check.h"

namespace gtengine::io {

inline ByteView View(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// One gzip member.
inline std::string Gzip(std::string_view text) {
  z_stream stream{};
  GTENGINE_CHECK(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) ==
                 Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  GTENGINE_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// One zstd frame with a checksum; its window is 2^window_log bytes where that is not 0.
inline std::string Zstd(std::string_view text, int window_log = 0) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  if (window_log > 0) ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  // In two steps, so that the size of the content makes no smaller window.
  ZSTD_compressStream2(context, &to, &in, ZSTD_e_continue);
  GTENGINE_CHECK(ZSTD_compressStream2(context, &to, &in, ZSTD_e_end) == 0);
  out.resize(to.pos);
  ZSTD_freeCCtx(context);
  return out;
}

// A ustar header that says what it is told, with a right checksum.
inline std::string TarHeader(std::string_view name, std::uint64_t size, char type = '0') {
  std::string block(512, '\0');
  block.replace(0, name.size(), name);
  block.replace(100, 8, std::string_view("0000644\0", 8));
  char digits[13];
  std::snprintf(digits, sizeof(digits), "%011llo", static_cast<unsigned long long>(size));
  block.replace(124, 11, digits);
  block[156] = type;
  block.replace(257, 8, std::string_view("ustar\00000", 8));
  block.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<std::uint8_t>(c);
  std::snprintf(digits, sizeof(digits), "%06o", sum);
  block.replace(148, 7, std::string_view(digits, 7));
  return block;
}

// A member with its content, padded.
inline std::string TarMemberBytes(std::string_view name, std::string_view content,
                                  char type = '0') {
  std::string bytes = TarHeader(name, content.size(), type);
  bytes += content;
  bytes.resize((bytes.size() + 511) / 512 * 512);
  return bytes;
}

inline std::string TarEnd() { return std::string(1024, '\0'); }

}  // namespace gtengine::io
