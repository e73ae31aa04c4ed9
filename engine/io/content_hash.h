// A fingerprint of a file's content.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>

#include "engine/base/byte_view.h"

namespace gtengine::io {

// XXH3, 128 bits: equal content has equal hashes, and others differ for all purposes but an
// attacker's.
struct ContentHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend auto operator<=>(const ContentHash&, const ContentHash&) = default;
};

// Reads all of `bytes`, at about the speed of memory.
ContentHash HashContent(ByteView bytes);

// The same hash, of bytes that come in pieces.
class ContentHasher {
 public:
  ContentHasher();
  ContentHasher(const ContentHasher&) = delete;
  ContentHasher& operator=(const ContentHasher&) = delete;
  ~ContentHasher();

  void Add(ByteView piece);
  ContentHash Hash() const;  // of all pieces so far

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gtengine::io
