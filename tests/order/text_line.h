// Lines of words, of which traces in text form are made: numbers, quoted texts, groups, NAME=VALUE.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gtengine::testing {

// What went wrong on a line. Thrown, since this is a test's own parser; caught in
// AssembleTextTraces.
struct Complaint {
  std::string what;
};

[[noreturn]] void Complain(std::string what);

// A number: decimal or 0x..., where a minus sign wraps at 64 bits.
std::uint64_t ParseNumber(std::string_view text);
// Two hexadecimal digits.
std::uint8_t ParseByte(std::string_view text);
// The words of a line: splits at spaces outside of quotes and parentheses.
std::vector<std::string_view> Split(std::string_view text);
// The content of a text in double quotes, with the escapes \" \\ \n \t \xNN.
std::string Unquote(std::string_view text);

// The arguments of a line; each must be taken.
class Arguments {
 public:
  explicit Arguments(std::span<const std::string_view> words);

  // The value of a name, if it is there.
  std::optional<std::string_view> Take(std::string_view name);
  // The next word that is not of the form NAME=VALUE.
  std::string_view TakeLoose();
  std::uint64_t Number(std::string_view name, std::optional<std::uint64_t> or_else = std::nullopt);
  // Complains when something was not taken.
  void Done() const;

 private:
  std::map<std::string_view, std::string_view> named_;
  std::vector<std::string_view> loose_;
};

}  // namespace gtengine::testing
