#include "engine/order/trace_slice.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/wire/salvage.h"

namespace gtengine::order {
namespace {

// Whole generations in one piece.
struct Piece {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::vector<std::uint64_t> begins = {};  // of each generation's bytes
  std::uint64_t end = 0;

  bool Has(std::uint64_t number) const { return number >= first && number <= last; }
};

std::vector<Piece> FindPieces(PaddedView trace, wire::Version version) {
  std::vector<Piece> pieces;
  wire::SalvageReader reader(trace, version);
  wire::Generation generation;
  while (reader.Next(generation)) {
    if (pieces.empty() || reader.gap()) pieces.push_back({.first = generation.number});
    Piece& piece = pieces.back();
    piece.last = generation.number;
    piece.begins.push_back(generation.begin);
    piece.end = generation.end;
  }
  return pieces;
}

// "1-4", "1-2, 4-5".
std::string Numbers(const std::vector<Piece>& pieces) {
  constexpr std::size_t kMost = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(pieces.size(), kMost); ++i) {
    const Piece& piece = pieces[i];
    text += fmt::format("{}{}", text.empty() ? "" : ", ", piece.first);
    if (piece.last > piece.first) text += fmt::format("-{}", piece.last);
  }
  return pieces.size() > kMost ? text + ", ..." : text;
}

Error Absent(std::string what, const std::vector<Piece>& pieces) {
  return {.code = ErrorCode::kUsage,
          .what = pieces.empty() ? what + "; the trace has no whole generation"
                                 : fmt::format("{}; the trace has {}", what, Numbers(pieces))};
}

}  // namespace

Result<GenerationRun> FindSlice(PaddedView trace, wire::Version version, GenerationNumbers numbers,
                                const WalkHooks& hooks) {
  if (wire::IsLegacy(version)) {
    return Error{.code = ErrorCode::kUsage,
                 .what = fmt::format("a trace of the format go 1.{} is one generation: it cannot "
                                     "be sliced",
                                     static_cast<int>(version))};
  }
  const std::vector<Piece> pieces = FindPieces(trace, version);
  const auto piece = std::ranges::find_if(
      pieces, [&](const Piece& candidate) { return candidate.Has(numbers.first); });
  if (piece == pieces.end()) {
    return Absent(fmt::format("there is no whole generation {}", numbers.first), pieces);
  }
  const std::uint64_t last = numbers.last.value_or(piece->last);
  if (!piece->Has(last)) {
    return Absent(
        fmt::format("generations {} to {} are not there in one piece", numbers.first, last),
        pieces);
  }
  const std::uint64_t begin = piece->begins[static_cast<std::size_t>(numbers.first - piece->first)];
  const std::uint64_t end = last == piece->last
                                ? piece->end
                                : piece->begins[static_cast<std::size_t>(last + 1 - piece->first)];
  RunReading reading = ReadRun(trace.Sub(0, static_cast<std::size_t>(end)), version, begin, hooks);
  if (!reading.damage.empty()) {
    Error error = std::move(reading.damage.front().error);
    error.what = "the generations cannot stand on their own: " + error.what;
    return error;
  }
  return reading.run;
}

}  // namespace gtengine::order
