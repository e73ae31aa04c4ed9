// Inputs for the decoders of timed events, and their comparison with the oracle.
#pragma once

#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/check.h"
#include "kernels/event_decode.h"

namespace gtengine::kernels {

using Random = std::mt19937_64;

// The table of Go's timed events (internal/trace/tracev2/spec.go), typed in once more.
constexpr ArgCounts MakeGoArgCounts() {
  ArgCounts counts{};
  constexpr std::uint8_t kFrom9[] = {3, 3, 1, 4, 3, 4, 2, 3, 1, 1, 3, 3, 4, 3, 1, 1, 4, 3, 1, 2,
                                     3, 2, 2, 2, 3, 2, 2, 1, 2, 2, 2, 5, 3, 4, 4, 5, 3, 3, 4, 5};
  for (std::size_t i = 0; i < std::size(kFrom9); ++i) counts[9 + i] = kFrom9[i];
  counts[51] = 4;
  constexpr std::uint8_t kFrom128[] = {4, 4, 2, 3, 3, 2, 3, 3, 2};
  for (std::size_t i = 0; i < std::size(kFrom128); ++i) counts[128 + i] = kFrom128[i];
  return counts;
}
inline constexpr ArgCounts kGoArgCounts = MakeGoArgCounts();
static_assert(kGoArgCounts[48] == 5 && kGoArgCounts[49] == 0 && kGoArgCounts[136] == 2);

// A type with each argument count, the time difference included.
inline constexpr std::uint8_t kTypeWith[] = {0, 11, 31, 16, 14, 44};
static_assert(kGoArgCounts[kTypeWith[1]] == 1 && kGoArgCounts[kTypeWith[2]] == 2 &&
              kGoArgCounts[kTypeWith[3]] == 3 && kGoArgCounts[kTypeWith[4]] == 4 &&
              kGoArgCounts[kTypeWith[5]] == 5);

// Bytes that end `readable_tail` bytes before a page that must not be touched.
class GuardedBytes {
 public:
  explicit GuardedBytes(std::size_t capacity)
      : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))),
        usable_((capacity + page_ - 1) / page_ * page_) {
    void* mapped = mmap(nullptr, usable_ + 2 * page_, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    GTENGINE_CHECK(mapped != MAP_FAILED);
    base_ = static_cast<std::uint8_t*>(mapped);
    GTENGINE_CHECK(mprotect(base_, page_, PROT_NONE) == 0);
    GTENGINE_CHECK(mprotect(base_ + page_ + usable_, page_, PROT_NONE) == 0);
  }
  GuardedBytes(const GuardedBytes&) = delete;
  GuardedBytes& operator=(const GuardedBytes&) = delete;
  ~GuardedBytes() { munmap(base_, usable_ + 2 * page_); }

  // Where `size` bytes with `tail` bytes behind them begin.
  std::uint8_t* Place(std::size_t size, std::size_t tail) const {
    GTENGINE_CHECK(size + tail <= usable_);
    return base_ + page_ + usable_ - tail - size;
  }

 private:
  std::size_t page_;
  std::size_t usable_;
  std::uint8_t* base_;
};

inline constexpr std::size_t kMaxInputBytes = 80 * 1024;

inline std::vector<std::int64_t> Targets() { return hwy::SupportedAndGeneratedTargets(); }

// Makes DecodeEvents use `target` until the end of the scope.
class UseTarget {
 public:
  explicit UseTarget(std::int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
  UseTarget(const UseTarget&) = delete;
  UseTarget& operator=(const UseTarget&) = delete;
  ~UseTarget() {
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().DeInit();
  }
};

// One input, decoded by the oracle and by all targets in the worst places: the oracle's copy has
// nothing readable behind it, that of the targets 64 bytes of garbage.
class Comparison {
 public:
  struct Options {
    std::size_t begin = 0;
    std::size_t capacity = static_cast<std::size_t>(-1);
    std::size_t misalignment = 0;  // bytes by which the input moves away from the guard page
  };

  // Returns the oracle's answer; its records are records().
  DecodeResult Run(std::span<const std::uint8_t> input, const Options& options) {
    const std::size_t capacity = std::min(options.capacity, input.size());
    std::uint8_t* exact = plain_.Place(input.size(), 0);
    Copy(input, exact);
    Fill(&expected_, capacity);
    const DecodeResult expected = DecodeEventsScalar(exact, options.begin, input.size(),
                                                     kGoArgCounts, expected_.data(), capacity);
    CheckCanary(expected_, capacity);

    const std::size_t tail = kReadableTailBytes + options.misalignment;
    std::uint8_t* data = padded_.Place(input.size(), tail);
    Copy(input, data);
    for (const std::int64_t target : Targets()) {
      const UseTarget use(target);
      FillTail(std::span(data + input.size(), tail));
      Fill(&actual_, capacity);
      const DecodeResult actual =
          DecodeEvents(data, options.begin, input.size(), kGoArgCounts, actual_.data(), capacity);
      CheckCanary(actual_, capacity);
      if (actual == expected && SameRecords(expected.events)) continue;
      ADD_FAILURE() << hwy::TargetName(target) << " differs: " << Describe(actual) << ", not "
                    << Describe(expected) << "; capacity " << capacity << ", begin "
                    << options.begin << ", misalignment " << options.misalignment << ", input"
                    << Hex(input);
    }
    return expected;
  }
  DecodeResult Run(std::span<const std::uint8_t> input) { return Run(input, Options()); }

  std::span<const EventRecord> records() const { return expected_; }

 private:
  static void Copy(std::span<const std::uint8_t> input, std::uint8_t* to) {
    if (!input.empty()) std::memcpy(to, input.data(), input.size());
  }

  void FillTail(std::span<std::uint8_t> tail) {
    constexpr std::uint8_t kGarbage[] = {0x00, 0x80, 0xFF, 0x01, 0x10, 0x7F};
    const std::size_t kind = tails_++ % (std::size(kGarbage) + 1);
    for (std::uint8_t& byte : tail) {
      byte = kind < std::size(kGarbage) ? kGarbage[kind] : static_cast<std::uint8_t>(random_());
    }
  }

  static constexpr std::uint8_t kCanary = 0xA5;
  static void Fill(std::vector<EventRecord>* records, std::size_t capacity) {
    if (records->size() < capacity + 2) records->resize(capacity + 2);
    std::memset(records->data(), kCanary, (capacity + 2) * sizeof(EventRecord));
  }
  static void CheckCanary(const std::vector<EventRecord>& records, std::size_t capacity) {
    std::array<std::uint8_t, 2 * sizeof(EventRecord)> canary;
    canary.fill(kCanary);
    EXPECT_EQ(std::memcmp(&records[capacity], canary.data(), canary.size()), 0)
        << "wrote behind the output";
  }
  bool SameRecords(std::size_t events) const {
    return std::memcmp(expected_.data(), actual_.data(), events * sizeof(EventRecord)) == 0;
  }

  static std::string Describe(const DecodeResult& result) {
    return std::to_string(result.events) + " events in " + std::to_string(result.bytes) +
           " bytes, stop " + std::to_string(static_cast<int>(result.stop));
  }
  static std::string Hex(std::span<const std::uint8_t> bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size() && i < 200; ++i) {
      constexpr char kDigits[] = "0123456789abcdef";
      text += {' ', kDigits[bytes[i] >> 4], kDigits[bytes[i] & 15]};
    }
    return text;
  }

  GuardedBytes plain_{kMaxInputBytes};
  GuardedBytes padded_{kMaxInputBytes + 2 * kReadableTailBytes};
  std::vector<EventRecord> expected_;
  std::vector<EventRecord> actual_;
  std::size_t tails_ = 0;
  Random random_{20};
};

inline std::uint64_t Below(Random* random, std::uint64_t bound) { return (*random)() % bound; }

inline void AppendUvarint(std::uint64_t value, std::vector<std::uint8_t>* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<std::uint8_t>(value | 0x80));
  out->push_back(static_cast<std::uint8_t>(value));
}

// A valid uvarint of just `length` bytes, often with more zeros at its end than it needs.
inline void AppendUvarintOfLength(std::size_t length, Random* random,
                                  std::vector<std::uint8_t>* out) {
  const std::uint64_t bits = (*random)();
  const bool zeros = Below(random, 4) == 0;
  for (std::size_t i = 0; i < length; ++i) {
    auto byte = static_cast<std::uint8_t>(bits >> (7 * i % 57) & 0x7F);
    if (zeros && i > 0) byte = 0;
    if (i == 9) byte &= 1;
    if (i + 1 < length) byte |= 0x80;
    out->push_back(byte);
  }
}

// Events as real traces have them: mostly small numbers, now and then everything.
inline std::vector<std::uint8_t> LifelikeEvents(std::size_t bytes, Random* random) {
  std::vector<std::uint8_t> types;
  for (std::size_t type = 0; type < 256; ++type) {
    if (kGoArgCounts[type] != 0) types.push_back(static_cast<std::uint8_t>(type));
  }
  constexpr int kUsualBits[] = {3, 6, 7, 7, 7, 10, 12, 14, 20, 26};
  std::vector<std::uint8_t> out;
  while (out.size() < bytes) {
    const std::uint8_t type = types[Below(random, types.size())];
    out.push_back(type);
    for (std::size_t i = 0; i < kGoArgCounts[type]; ++i) {
      const auto bits = Below(random, 100) == 0 ? static_cast<int>(1 + Below(random, 64))
                                                : kUsualBits[Below(random, std::size(kUsualBits))];
      AppendUvarint((*random)() >> (64 - bits), &out);
    }
  }
  return out;
}

}  // namespace gtengine::kernels
