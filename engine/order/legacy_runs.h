// In which order the events of several sources come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gtengine::order {

// A long series of small numbers (of sources), in which the same one often comes several times
// running. Two bytes a run, or a few more.
class LegacyRuns {
 public:
  void Add(std::uint32_t source) {
    if (source == source_ && count_ < kMostAtOnce) {
      ++count_;
      return;
    }
    Finish();
    source_ = source;
    count_ = 1;
  }
  // Nothing may be added afterwards.
  void Finish() {
    if (count_ == 0) return;
    for (; source_ >= kGroup; source_ /= kGroup) {
      bytes_.push_back(static_cast<std::uint8_t>(source_ | kGroup));
    }
    bytes_.push_back(static_cast<std::uint8_t>(source_));
    bytes_.push_back(static_cast<std::uint8_t>(count_));
    count_ = 0;
  }

  // Goes through the series once. Borrows it.
  class Reader {
   public:
    explicit Reader(const LegacyRuns& runs) : bytes_(runs.bytes_) {}
    // False at the end.
    bool Next(std::uint32_t& source) {
      if (left_ == 0) {
        if (next_ == bytes_.size()) return false;
        source_ = 0;
        for (unsigned shift = 0;; shift += 7) {
          const std::uint8_t byte = bytes_[next_++];
          source_ |= std::uint32_t{byte & (kGroup - 1)} << shift;
          if (byte < kGroup) break;
        }
        left_ = bytes_[next_++];
      }
      --left_;
      source = source_;
      return true;
    }

   private:
    const std::vector<std::uint8_t>& bytes_;
    std::size_t next_ = 0;
    std::uint32_t source_ = 0;
    std::uint32_t left_ = 0;
  };

  std::size_t bytes() const { return bytes_.size(); }
  // Bytes of a run when there are so many sources.
  static std::uint64_t MostBytes(std::uint64_t sources) {
    std::uint64_t bytes = 2;
    for (; sources > kGroup; sources /= kGroup) ++bytes;
    return bytes;
  }

 private:
  static constexpr std::uint32_t kGroup = 128;  // a source's number goes in groups of 7 bits
  static constexpr std::uint32_t kMostAtOnce = 255;

  std::vector<std::uint8_t> bytes_;
  std::uint32_t source_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace gtengine::order
