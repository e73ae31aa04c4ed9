#include "tools/tracegen/tables.h"

#include <algorithm>

#include "engine/base/check.h"

namespace gtengine::tracegen {
namespace {

using wire::BatchEncoder;
using wire::BatchKind;

// How many of a hundred stacks are of which kind.
constexpr std::array<std::uint32_t, static_cast<std::size_t>(StackKind::kCount)> kShares{
    4, 18, 16, 6, 8, 16, 6, 10, 6, 4, 6};

constexpr std::uint32_t kSites = 4;
constexpr std::uint64_t kCodeBegin = 0x480000;
constexpr std::uint64_t kFunctionBytes = 0x240;
constexpr std::uint64_t kSiteBytes = 0x51;

// One function for every two stacks, and at least one.
std::uint32_t FunctionsFor(std::uint32_t stacks) { return stacks == 0 ? 0 : stacks / 2 + 1; }

// Adds an entry to a batch; where it is full, to another.
template <class Add>
void AddTo(BatchEncoder& batch, BatchKind kind, std::uint64_t generation, Ticks base,
           wire::Version version, wire::ByteBuffer& out, const Add& add) {
  if (add().ok()) return;
  batch.Finish(generation, kNoThread, base, out);
  batch.Begin(kind, version);
  GTENGINE_CHECK(add().ok());
}

}  // namespace

Tables::Tables(const TableSizes& sizes)
    : functions_(FunctionsFor(sizes.stacks)),
      names_(MakeNames(std::max(sizes.strings, LeastTexts(functions_)), functions_)) {
  DivideStacks(sizes.stacks);
  stacks_.reserve(sizes.stacks);
  const Range starts = ranges_[static_cast<std::size_t>(StackKind::kStart)];
  for (std::uint32_t i = 0; i < sizes.stacks; ++i) {
    const auto depth = static_cast<std::uint32_t>(1 + Scramble(i) % sizes.stack_depth);
    stacks_.push_back(MakeStack(i, i < starts.count ? 1 : depth));
  }
}

void Tables::DivideStacks(std::uint32_t count) {
  if (count == 0) return;
  std::uint32_t share = 0;
  for (std::size_t kind = 0; kind < kShares.size(); ++kind) {
    const std::uint64_t begin = std::uint64_t{count} * share / 100;
    share += kShares[kind];
    const std::uint64_t end = std::uint64_t{count} * share / 100;
    // Too few for one each: kinds share.
    ranges_[kind] = {std::min<std::uint64_t>(begin, count - 1),
                     std::max<std::uint64_t>(end - begin, 1)};
  }
  const auto fewest = std::ranges::min(ranges_, {}, &Range::count).count;
  starts_ = static_cast<std::uint32_t>(fewest);
}

// Leaf first, the root is one of the functions that goroutines begin with. Frames near it are of
// few functions: stacks have them in common.
std::vector<Tables::Frame> Tables::MakeStack(std::uint32_t index, std::uint32_t depth) const {
  std::vector<Frame> frames(depth);
  frames[0] = {index % functions_, index / functions_ % kSites};
  frames[depth - 1] = {index % starts_, index / starts_ % kSites};
  for (std::uint32_t i = 1; i + 1 < depth; ++i) {
    const std::uint32_t level = depth - i;  // from the root
    const std::uint64_t choice =
        Scramble((std::uint64_t{level} << 32) | index % (level * level + 1));
    frames[i] = {static_cast<std::uint32_t>(choice % functions_),
                 static_cast<std::uint32_t>(choice >> 32) % kSites};
  }
  return frames;
}

void Tables::BeginGeneration(std::uint64_t generation) {
  string_shift_ = generation * 37 % names_.texts.size();
  stack_shift_ = stacks_.empty() ? 0 : generation * 11 % stacks_.size();
}

std::uint64_t Tables::LogValue(std::uint64_t random) const {
  return IdOfText(names_.log_values + Skewed(random, names_.texts.size() - names_.log_values));
}

wire::EncodedFrame Tables::Encode(const Frame& frame) const {
  return {.pc = kCodeBegin + frame.function * kFunctionBytes + frame.site * kSiteBytes,
          .function = IdOfText(names_.functions + frame.function),
          .file = IdOfText(names_.files + frame.function / kFunctionsOfFile),
          .line = 20 + frame.function % kFunctionsOfFile * 40 + frame.site * 7};
}

void Tables::Append(std::uint64_t generation, Ticks base, wire::Version version,
                    wire::ByteBuffer& out) const {
  BatchEncoder batch;
  if (!stacks_.empty()) {
    batch.Begin(BatchKind::kStacks, version);
    std::vector<wire::EncodedFrame> frames;
    for (std::size_t i = 0; i < stacks_.size(); ++i) {
      frames.clear();
      for (const Frame& frame : stacks_[i]) frames.push_back(Encode(frame));
      AddTo(batch, BatchKind::kStacks, generation, base, version, out,
            [&] { return batch.Stack(Rotated(i, stack_shift_, stacks_.size()), frames); });
    }
    batch.Finish(generation, kNoThread, base, out);
  }
  batch.Begin(BatchKind::kStrings, version);
  for (std::size_t i = 0; i < names_.texts.size(); ++i) {
    AddTo(batch, BatchKind::kStrings, generation, base, version, out,
          [&] { return batch.String(IdOfText(i), names_.texts[i]); });
  }
  batch.Finish(generation, kNoThread, base, out);
}

}  // namespace gtengine::tracegen
