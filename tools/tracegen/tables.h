// The string and stack tables that a simulated program writes with each generation.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/wire/encoder.h"
#include "tools/tracegen/names.h"
#include "tools/tracegen/random.h"

namespace gtengine::tracegen {

// What a stack is of. Each kind has stacks of its own where there are enough.
enum class StackKind : std::uint8_t {
  kStart,  // one frame: the function that a goroutine begins with
  kBlock,
  kUnblock,
  kStop,
  kCreate,
  kSyscall,
  kTask,
  kRegion,
  kLog,
  kRuntime,  // collections and stops of the world
  kSample,
  kCount,
};

struct TableSizes {
  std::uint32_t strings = 0;      // raised to the fewest that the stacks need
  std::uint32_t stacks = 0;       // 0: events without stacks
  std::uint32_t stack_depth = 1;  // frames at most
};

// The same texts and stacks in every generation, under other ids in each. Memory: the tables.
class Tables {
 public:
  explicit Tables(const TableSizes& sizes);

  // From now on ids are those of this generation.
  void BeginGeneration(std::uint64_t generation);

  std::uint64_t IdOf(Text text) const { return IdOfText(static_cast<std::uint32_t>(text)); }
  std::uint64_t TaskName(std::uint64_t task) const {
    return IdOfText(names_.tasks + task % kTaskNames);
  }
  std::uint64_t RegionName(std::uint64_t region) const {
    return IdOfText(names_.regions + region % kRegionNames);
  }
  // By a random number; the first ones more often.
  std::uint64_t LogKey(std::uint64_t random) const {
    return IdOfText(names_.log_keys + random % kLogKeys);
  }
  std::uint64_t LogValue(std::uint64_t random) const;
  // The function that a goroutine begins with, of few; the first ones more often.
  std::uint32_t Start(std::uint64_t random) const {
    return static_cast<std::uint32_t>(Skewed(random, starts_));
  }
  // A stack of a goroutine that began with this function: the function is its root.
  std::uint64_t Stack(StackKind kind, std::uint32_t start, std::uint64_t random) const {
    const Range range = ranges_[static_cast<std::size_t>(kind)];
    if (range.count == 0) return 0;
    if (kind == StackKind::kStart) return Rotated(start, stack_shift_, stacks_.size());
    const std::uint64_t first = (start + starts_ - range.begin % starts_) % starts_;
    const std::uint64_t count = (range.count - first + starts_ - 1) / starts_;
    return Rotated(range.begin + first + starts_ * Skewed(random, count), stack_shift_,
                   stacks_.size());
  }

  // Appends the batches of both tables to `out`. About 20 ns an entry's number.
  void Append(std::uint64_t generation, Ticks base, wire::Version version,
              wire::ByteBuffer& out) const;

 private:
  struct Range {
    std::uint64_t begin = 0;
    std::uint64_t count = 0;
  };
  struct Frame {
    std::uint32_t function = 0;
    std::uint32_t site = 0;  // which call in it
  };

  // Below `count`; the low ones more often.
  static std::uint64_t Skewed(std::uint64_t random, std::uint64_t count) {
    const std::uint64_t high = random >> 32;
    return Random::Scale(high * high, count);
  }
  static std::uint64_t Rotated(std::uint64_t index, std::uint64_t shift, std::uint64_t count) {
    const std::uint64_t place = index + shift;
    return 1 + (place < count ? place : place - count);
  }
  std::uint64_t IdOfText(std::uint64_t index) const {
    return Rotated(index, string_shift_, names_.texts.size());
  }
  void DivideStacks(std::uint32_t count);
  std::vector<Frame> MakeStack(std::uint32_t index, std::uint32_t depth) const;
  wire::EncodedFrame Encode(const Frame& frame) const;

  std::uint32_t functions_;
  Names names_;
  std::array<Range, static_cast<std::size_t>(StackKind::kCount)> ranges_{};
  std::uint32_t starts_ = 0;  // functions that goroutines begin with: no kind has fewer stacks
  std::vector<std::vector<Frame>> stacks_;
  std::uint64_t string_shift_ = 0;
  std::uint64_t stack_shift_ = 0;
};

}  // namespace gtengine::tracegen
