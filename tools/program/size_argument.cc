#include "tools/program/size_argument.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <optional>

namespace gtengine::cli {
namespace {

// The number that `text` begins with, which is taken off it.
std::optional<std::uint64_t> TakeDigits(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

// Powers of 1024 that a unit stands for.
std::optional<unsigned> UnitPower(std::string_view unit) {
  if (unit.empty() || unit == "B") return 0;
  const std::size_t letter = std::string_view("KMGTkmgt").find(unit.front());
  unit.remove_prefix(1);
  if (letter == std::string_view::npos) return std::nullopt;
  if (!unit.empty() && unit != "B" && unit != "iB") return std::nullopt;
  return static_cast<unsigned>(letter % 4 + 1);
}

constexpr std::uint64_t kMostPercent = 1'000'000;

struct TimeUnit {
  std::string_view name;
  std::int64_t ns;
};
constexpr TimeUnit kTimeUnits[] = {{"ns", 1},
                                   {"us", 1'000},
                                   {"ms", 1'000'000},
                                   {"s", 1'000'000'000},
                                   {"m", 60'000'000'000},
                                   {"h", 3'600'000'000'000}};

}  // namespace

Result<std::uint64_t> ParseSize(std::string_view option, std::string_view text) {
  std::string_view left = text;
  const auto number = TakeDigits(left);
  const auto power = UnitPower(left);
  if (!number || !power || *number == 0) {
    return Error{.code = ErrorCode::kUsage,
                 .what = fmt::format("{}: \"{}\" is not a size; examples: 512M, 2G", option, text)};
  }
  const unsigned shift = *power * 10;
  if (*number > std::numeric_limits<std::uint64_t>::max() >> shift) {
    return Error{.code = ErrorCode::kUsage,
                 .what = fmt::format("{}: \"{}\" is too much", option, text)};
  }
  return *number << shift;
}

Result<std::uint64_t> ParseNumber(std::string_view option, std::string_view text,
                                  std::uint64_t least, std::uint64_t greatest) {
  std::string_view left = text;
  const auto number = TakeDigits(left);
  if (!number || !left.empty() || *number < least || *number > greatest) {
    return Error{.code = ErrorCode::kUsage,
                 .what = fmt::format("{}: \"{}\" is not a number from {} to {}", option, text,
                                     least, greatest)};
  }
  return *number;
}

Result<std::int64_t> ParsePercent(std::string_view option, std::string_view text) {
  std::string_view left = text;
  const auto whole = TakeDigits(left);
  std::uint64_t tenths = 0;
  if (left.size() == 3 && left[0] == '.' && left[1] >= '0' && left[1] <= '9') {
    tenths = static_cast<std::uint64_t>(left[1] - '0');
    left.remove_prefix(2);
  }
  if (!whole || left != "%" || *whole > kMostPercent) {
    return Error{.code = ErrorCode::kUsage,
                 .what = fmt::format("{}: \"{}\" is no percentage up to {}%; examples: 10%, 2.5%",
                                     option, text, kMostPercent)};
  }
  return static_cast<std::int64_t>(*whole * 10 + tenths);
}

Result<std::int64_t> ParseTime(std::string_view option, std::string_view text) {
  std::string_view left = text;
  const auto number = TakeDigits(left);
  for (const TimeUnit& unit : kTimeUnits) {
    if (!number || left != unit.name) continue;
    if (*number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max() / unit.ns)) {
      return Error{.code = ErrorCode::kUsage,
                   .what = fmt::format("{}: \"{}\" is too much", option, text)};
    }
    return static_cast<std::int64_t>(*number) * unit.ns;
  }
  return Error{
      .code = ErrorCode::kUsage,
      .what = fmt::format("{}: \"{}\" is no length of time; examples: 100ms, 2s", option, text)};
}

}  // namespace gtengine::cli
