// Interned strings: each distinct content once, under a small dense number.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/base/heap_bytes.h"

namespace gtengine {

// Number of a string in one StringTable. 0 is the empty string in every table.
enum class StringRef : std::uint32_t {};
inline constexpr StringRef kEmptyString{0};

// Owns copies of its strings; a view from Get lives as long as the table and is not moved by
// growth. Refs are dense, counted from 0 in order of first Intern. Not safe for concurrent Intern.
class StringTable {
 public:
  StringTable();
  StringTable(const StringTable& other);
  StringTable& operator=(const StringTable& other);
  StringTable(StringTable&&) = default;
  StringTable& operator=(StringTable&&) = default;

  // The ref of `content`, added when new. Amortised O(length).
  StringRef Intern(std::string_view content);
  std::string_view Get(StringRef ref) const { return strings_[static_cast<std::size_t>(ref)]; }
  // Number of strings, the empty one included.
  std::size_t size() const { return strings_.size(); }
  // Bytes of content held: for memory accounting.
  std::size_t content_bytes() const { return content_bytes_; }
  // Bytes of memory beyond the object itself, at most.
  std::size_t heap_bytes() const {
    constexpr std::size_t kAround = 16;  // of what a string's content takes
    return content_bytes_ + kAround * strings_.size() + HeapBytes(strings_) + HeapBytes(refs_);
  }

 private:
  std::deque<std::string> strings_;
  std::unordered_map<std::string_view, StringRef> refs_;
  std::size_t content_bytes_ = 0;
};

}  // namespace gtengine
