#include "engine/render/display_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

namespace gtengine {
namespace {

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 0;  // 0: not UTF-8
};

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// The code point at the front of a text that is not empty. Overlong forms, surrogates and what is
// beyond U+10FFFF are not UTF-8.
CodePoint Decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  std::uint32_t value = lead & (0xffu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!IsContinuation(text[i])) return {};
    value = value << 6 | (static_cast<unsigned char>(text[i]) & 0x3fu);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < kLeast[bytes] || value > 0x10ffff || is_surrogate) return {};
  return {value, bytes};
}

bool IsHarmful(std::uint32_t c) {
  if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return true;
  // Direction marks, embeddings, overrides and isolates; line and paragraph separators.
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

// The first `count` code points of a valid text that has as many.
std::string_view FirstOf(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; count > 0; --count) {
    ++at;
    while (at < text.size() && IsContinuation(text[at])) ++at;
  }
  return text.substr(0, at);
}

// The last `count` code points of a valid text that has as many.
std::string_view LastOf(std::string_view text, std::size_t count) {
  std::size_t at = text.size();
  for (; count > 0; --count) {
    --at;
    while (at > 0 && IsContinuation(text[at])) --at;
  }
  return text.substr(at);
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string printable;
  while (!text.empty()) {
    const CodePoint point = Decode(text);
    const std::size_t bytes = point.bytes == 0 ? 1 : point.bytes;
    if (point.bytes != 0 && !IsHarmful(point.value)) {
      printable += text.substr(0, bytes);
    } else {
      for (const char byte : text.substr(0, bytes)) {
        fmt::format_to(std::back_inserter(printable), "\\x{:02x}",
                       static_cast<unsigned char>(byte));
      }
    }
    text.remove_prefix(bytes);
  }
  return printable;
}

std::size_t DisplayWidth(std::string_view printable) {
  std::size_t width = 0;
  for (const char byte : printable) width += IsContinuation(byte) ? 0 : 1;
  return width;
}

std::string Shortened(std::string_view printable, std::size_t width) {
  constexpr std::string_view kGap = "..";
  if (DisplayWidth(printable) <= width) return std::string(printable);
  if (width <= kGap.size()) return std::string(LastOf(printable, width));
  const std::size_t kept = width - kGap.size();
  const std::size_t front = kept / 3;
  std::string shortened(FirstOf(printable, front));
  shortened += kGap;
  shortened += LastOf(printable, kept - front);
  return shortened;
}

}  // namespace gtengine
