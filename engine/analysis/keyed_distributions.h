// Distributions by a dense number and a small code, for counting at one row a few nanoseconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/analysis/distribution.h"
#include "engine/base/heap_bytes.h"

namespace gtengine {

// For keys as tables number them (StackRef, StringRef): a vector is indexed, nothing is hashed. The
// codes of one key are a short list (one or two in practice) searched from its front. Not safe for
// concurrent use.
class KeyedDistributions {
 public:
  KeyedDistributions() : cells_(1) {}  // cell 0 ends every list

  // The distribution of (key, code), made on first use. Valid until the next call. Amortised
  // O(codes of the key); allocates only for a new pair or a greater key than any before. `code` is
  // not kNoCode.
  Distribution& At(std::uint32_t key, std::uint32_t code) {
    if (key < key_limit_) [[likely]] {
      const Head head = heads_[key];
      if (head.code == code) [[likely]]
        return cells_[head.cell].distribution;
    }
    return Find(key, code);
  }

  // Calls visit(code, distribution) for the codes of one key, in no particular order.
  template <class Visit>
  void ForEachCode(std::uint32_t key, Visit visit) const {
    if (key >= heads_.size()) return;
    for (std::uint32_t at = heads_[key].cell; at != 0; at = cells_[at].next) {
      visit(cells_[at].code, cells_[at].distribution);
    }
  }

  // Forgets one key and gives its memory to the next new pair.
  void Forget(std::uint32_t key);

  // Bytes of memory about, at most, while keys up to `more_keys` above the greatest are added and
  // distributions become twice as many, but no more than these keys. Amortised O(1): distributions
  // are looked at when there are a quarter more than before.
  std::size_t heap_bytes(std::size_t more_keys);

  // All keys are below this.
  std::uint32_t key_limit() const { return static_cast<std::uint32_t>(key_limit_); }

 private:
  static constexpr std::uint32_t kNoCode = ~std::uint32_t{0};

  // On cache lines of its own: a row touches two of its three.
  struct alignas(64) Cell {
    Distribution distribution;
    std::uint32_t code = kNoCode;
    std::uint32_t next = 0;
  };
  // The first cell of a key's list, and its code, to be known without a look at the cell.
  struct Head {
    std::uint32_t cell = 0;
    std::uint32_t code = kNoCode;
  };

  Distribution& Find(std::uint32_t key, std::uint32_t code);

  std::vector<Head> heads_;    // by key
  std::size_t key_limit_ = 0;  // their number, which size() would calculate for every row
  std::vector<Cell> cells_;
  std::size_t counted_cells_ = 0;    // those in the count
  std::size_t histogram_bytes_ = 0;  // of theirs
  std::uint32_t calls_ = 0;          // since then, of heap_bytes
  std::uint32_t free_ = 0;           // a list of cells to use again
};

}  // namespace gtengine
