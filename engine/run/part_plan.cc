#include "engine/run/part_plan.h"

#include <algorithm>

namespace gtengine::run {

std::vector<std::size_t> PlanParts(std::uint64_t here, std::span<const std::uint64_t> begins,
                                   std::uint64_t end, std::size_t threads,
                                   std::uint64_t least_bytes) {
  std::vector<std::size_t> firsts;
  const std::uint64_t bytes = end - here;
  const std::uint64_t most = bytes / std::max<std::uint64_t>(least_bytes, 1);
  const std::size_t parts =
      std::min({threads, static_cast<std::size_t>(most), (begins.size() + 1) / 2});
  if (parts < 2) return firsts;
  // Of a generation that is warm-up only the order is made.
  const std::uint64_t warm_up = (end - begins.front()) / begins.size() * 3 / 4;
  const std::uint64_t first_part = (bytes + (parts - 1) * warm_up) / parts;
  std::uint64_t planned = here + first_part;
  for (std::size_t i = 1; i < parts; ++i, planned += first_part - warm_up) {
    // The beginning that is nearest.
    auto at = static_cast<std::size_t>(std::ranges::lower_bound(begins, planned) - begins.begin());
    if (at > 0 && (at == begins.size() || planned - begins[at - 1] < begins[at] - planned)) --at;
    at = std::max(at, firsts.empty() ? 1 : firsts.back() + 1);
    if (at < begins.size()) firsts.push_back(at);
  }
  return firsts;
}

}  // namespace gtengine::run
