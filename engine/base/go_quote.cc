#include "engine/base/go_quote.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace gtengine {
namespace {

struct Rune {
  char32_t value;
  std::size_t bytes;  // 0: no UTF-8 stands here
};

bool IsContinuation(std::uint8_t byte) { return (byte & 0xC0) == 0x80; }

// Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
Rune DecodeRune(std::string_view text) {
  const auto at = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = at(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return {0, 0};
  char32_t value = lead & (0x7Fu >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!IsContinuation(at(i))) return {0, 0};
    value = value << 6 | (at(i) & 0x3Fu);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kLeast[bytes] || value > 0x10FFFF || is_surrogate) return {0, 0};
  return {value, bytes};
}

void AppendEscaped(char32_t rune, std::string& out) {
  const auto write = std::back_inserter(out);
  switch (rune) {
    case '\a':
      out += "\\a";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\v':
      out += "\\v";
      return;
    default:
      break;
  }
  const auto number = static_cast<std::uint32_t>(rune);
  if (number < ' ' || number == 0x7F) {
    fmt::format_to(write, "\\x{:02x}", number);
  } else if (number < 0x10000) {
    fmt::format_to(write, "\\u{:04x}", number);
  } else {
    fmt::format_to(write, "\\U{:08x}", number);
  }
}

}  // namespace

void AppendGoQuoted(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const Rune rune = DecodeRune(text);
    if (rune.bytes == 0) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<std::uint8_t>(text[0]));
      text.remove_prefix(1);
      continue;
    }
    if (rune.value == '"' || rune.value == '\\') {
      out += '\\';
      out += static_cast<char>(rune.value);
    } else if (IsPrintableRune(rune.value)) {
      out += text.substr(0, rune.bytes);
    } else {
      AppendEscaped(rune.value, out);
    }
    text.remove_prefix(rune.bytes);
  }
  out += '"';
}

}  // namespace gtengine
