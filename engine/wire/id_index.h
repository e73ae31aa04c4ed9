// From ids that a file states to dense positions, in bounded memory whatever the ids are.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace gtengine::wire {

// Ids are added in order and get positions 0, 1, 2, ...; Seal makes them findable. Ids of real
// traces are nearly dense and end in an array; scattered ones in a hash map. At most about 40 bytes
// an id.
class IdIndex {
 public:
  void Clear();
  void Add(std::uint64_t id) { ids_.push_back(id); }
  // Makes Find usable. Returns an id that was added twice (or is 0, which always means "none"), if
  // any.
  std::optional<std::uint64_t> Seal();

  // Position of `id`; nothing when it was never added. 0 is never found.
  std::optional<std::uint32_t> Find(std::uint64_t id) const {
    if (id < dense_.size()) {
      const std::uint32_t position = dense_[static_cast<std::size_t>(id)];
      if (position == kAbsent) return std::nullopt;
      return position;
    }
    if (sparse_.empty()) return std::nullopt;
    const auto found = sparse_.find(id);
    if (found == sparse_.end()) return std::nullopt;
    return found->second;
  }

  bool Has(std::uint64_t id) const { return id - 1 < contiguous_ || Find(id).has_value(); }

  // Ids are below this where they are dense enough for an array; 0 otherwise. At most about four
  // times size().
  std::size_t dense_limit() const { return dense_.size(); }
  // The ids from 1 to this are all there; others may be.
  std::uint64_t contiguous() const { return contiguous_; }

  std::size_t size() const { return ids_.size(); }
  std::uint64_t IdAt(std::size_t position) const { return ids_[position]; }

 private:
  static constexpr std::uint32_t kAbsent = ~std::uint32_t{0};

  std::uint64_t contiguous_ = 0;
  std::vector<std::uint64_t> ids_;
  std::vector<std::uint32_t> dense_;
  std::unordered_map<std::uint64_t, std::uint32_t> sparse_;
};

}  // namespace gtengine::wire
