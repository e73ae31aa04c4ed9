#include "tests/order/text_line.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace gtengine::testing {

void Complain(std::string what) { throw Complaint{std::move(what)}; }

std::uint64_t ParseNumber(std::string_view text) {
  const std::string_view whole = text;
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  const int base = text.starts_with("0x") ? 16 : 10;
  if (base == 16) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) {
    Complain(fmt::format("'{}' is no number", whole));
  }
  return is_negative ? 0 - value : value;
}

std::uint8_t ParseByte(std::string_view text) {
  if (text.size() != 2) Complain(fmt::format("'{}' is no byte", text));
  return static_cast<std::uint8_t>(ParseNumber(fmt::format("0x{}", text)));
}

std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  bool is_quoted = false;
  bool is_grouped = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (i < text.size()) {
      if (is_quoted && c == '\\') {
        ++i;
      } else if (c == '"') {
        is_quoted = !is_quoted;
      } else if (!is_quoted && (c == '(' || c == ')')) {
        is_grouped = c == '(';
      }
      if (c != ' ' || is_quoted || is_grouped) continue;
    } else if (is_quoted || is_grouped) {
      Complain("a quote or parenthesis is not closed");
    }
    if (i > begin) words.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return words;
}

std::string Unquote(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
    Complain(fmt::format("'{}' is no quoted text", text));
  }
  text = text.substr(1, text.size() - 2);
  std::string content;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      content += text[i];
      continue;
    }
    const char escape = i + 1 < text.size() ? text[++i] : '\0';
    switch (escape) {
      case '"':
      case '\\':
        content += escape;
        break;
      case 'n':
        content += '\n';
        break;
      case 't':
        content += '\t';
        break;
      case 'x':
        content += static_cast<char>(ParseByte(text.substr(i + 1, 2)));
        i += 2;
        break;
      default:
        Complain("unknown escape in a text");
    }
  }
  return content;
}

Arguments::Arguments(std::span<const std::string_view> words) {
  for (const std::string_view word : words) {
    const std::size_t equals = word.find('=');
    if (equals == 0 || equals == std::string_view::npos || word.front() == '"' ||
        word.front() == '(') {
      loose_.push_back(word);
    } else if (!named_.emplace(word.substr(0, equals), word.substr(equals + 1)).second) {
      Complain(fmt::format("{} is there twice", word.substr(0, equals)));
    }
  }
}

std::optional<std::string_view> Arguments::Take(std::string_view name) {
  const auto found = named_.find(name);
  if (found == named_.end()) return std::nullopt;
  const std::string_view value = found->second;
  named_.erase(found);
  return value;
}

std::string_view Arguments::TakeLoose() {
  if (loose_.empty()) Complain("something is missing");
  const std::string_view value = loose_.front();
  loose_.erase(loose_.begin());
  return value;
}

std::uint64_t Arguments::Number(std::string_view name, std::optional<std::uint64_t> or_else) {
  if (const auto value = Take(name)) return ParseNumber(*value);
  if (!or_else) Complain(fmt::format("{} is missing", name));
  return *or_else;
}

void Arguments::Done() const {
  if (!named_.empty()) Complain(fmt::format("{} does not belong here", named_.begin()->first));
  if (!loose_.empty()) Complain(fmt::format("{} does not belong here", loose_.front()));
}

}  // namespace gtengine::testing
