// Where a run is divided when further threads take parts of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gtengine::run {

// Which of the generations that begin at these offsets (ascending, the last one ends at `end`) are
// the first of another thread's part, in order: one less than `threads`, at most, and never the
// first of all. What is before the first of them, from `here` on, stays with the thread that has
// begun. Each other thread reads a generation more than its own, for warm-up: parts are so long
// that all end at about the same time. None is shorter than `least_bytes`.
std::vector<std::size_t> PlanParts(std::uint64_t here, std::span<const std::uint64_t> begins,
                                   std::uint64_t end, std::size_t threads,
                                   std::uint64_t least_bytes);

}  // namespace gtengine::run
