#include "engine/base/go_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace gtengine {
namespace {

struct Element {
  std::int64_t key = 0;
  std::int64_t index = 0;
};

struct Expected {
  std::string_view pattern;
  std::string_view sizes;
  std::uint64_t digest;

  friend void PrintTo(const Expected& expected, std::ostream* out) {
    *out << expected.pattern << ' ' << expected.sizes;
  }
};

// Printed by go_sort_digests.go, where patterns, sizes and digests are described.
constexpr Expected kExpected[] = {
    {"equal", "to_12", 0x6f60a0e62fd4fd87},
    {"equal", "to_49", 0xfde935ab68e297f8},
    {"equal", "to_130", 0x99e823c83e65f129},
    {"equal", "large", 0x0e81bc847da16fbf},
    {"increasing", "to_12", 0x6f60a0e62fd4fd87},
    {"increasing", "to_49", 0xfde935ab68e297f8},
    {"increasing", "to_130", 0x99e823c83e65f129},
    {"increasing", "large", 0x0e81bc847da16fbf},
    {"decreasing", "to_12", 0x46f84c91081295b3},
    {"decreasing", "to_49", 0xe3a5c4d7a1ede60c},
    {"decreasing", "to_130", 0x595a0ccb46bb4ec9},
    {"decreasing", "large", 0xa7e969565a42877f},
    {"organ_pipe", "to_12", 0xa48c8460ee332e64},
    {"organ_pipe", "to_49", 0x6de832b3bd8f42ed},
    {"organ_pipe", "to_130", 0x6644b2fb53741503},
    {"organ_pipe", "large", 0xe60d830c7189d565},
    {"valley", "to_12", 0x7cc7a18768102b30},
    {"valley", "to_49", 0x27bc5c13c347fec7},
    {"valley", "to_130", 0xc9a83bc60d6599e6},
    {"valley", "large", 0x1471ef57d376ffbe},
    {"saw", "to_12", 0xab8aa3a487b9a709},
    {"saw", "to_49", 0x306645f2a389d648},
    {"saw", "to_130", 0x362d30861db5fabc},
    {"saw", "large", 0x6cfd09a5c99b3af8},
    {"long_saw", "to_12", 0x5744e0d2b85a2d41},
    {"long_saw", "to_49", 0xd378d2e94346907c},
    {"long_saw", "to_130", 0x4aba72615cd6cf27},
    {"long_saw", "large", 0xbdf0d00290443d0d},
    {"halves", "to_12", 0x7c9c1e07a73c93d3},
    {"halves", "to_49", 0x95f65d91c2a6d6ad},
    {"halves", "to_130", 0x3ab61e685e142422},
    {"halves", "large", 0xed9c057e0473682a},
    {"random", "to_12", 0x142542bc119cee4d},
    {"random", "to_49", 0x947e048f80201aee},
    {"random", "to_130", 0x8b32ec0deed5de89},
    {"random", "large", 0x101abeaa157c70bc},
    {"random_of_2", "to_12", 0xf2985d833c0f7f6a},
    {"random_of_2", "to_49", 0xa360438f00b7faef},
    {"random_of_2", "to_130", 0x9031c69de2592e43},
    {"random_of_2", "large", 0x8038e30f69f1e33c},
    {"random_of_10", "to_12", 0xa176c62363ccf689},
    {"random_of_10", "to_49", 0x19bac53cf2851a39},
    {"random_of_10", "to_130", 0x62259a83681a6dd8},
    {"random_of_10", "large", 0xc32c67ca9de45e26},
    {"random_of_n", "to_12", 0x0bde726328b86bbe},
    {"random_of_n", "to_49", 0xdaacd26d58f8744b},
    {"random_of_n", "to_130", 0x587e38b8121add50},
    {"random_of_n", "large", 0x66815dc11888c877},
    {"nearly_sorted", "to_12", 0xd34cfbbd01056f45},
    {"nearly_sorted", "to_49", 0x8fb86170c5dd7c5c},
    {"nearly_sorted", "to_130", 0xd4fba1adce7bd679},
    {"nearly_sorted", "large", 0x52a3ea7983b89e47},
    {"pairs_out_of_order", "to_12", 0xff61d0f8615a11f8},
    {"pairs_out_of_order", "to_49", 0x596d7969223e1640},
    {"pairs_out_of_order", "to_130", 0x870225bd330b5d78},
    {"pairs_out_of_order", "large", 0x0119159e7a240765},
    {"one_out_of_order", "to_12", 0xe2657b94cc025bd8},
    {"one_out_of_order", "to_49", 0x1066fb9ff2a7d006},
    {"one_out_of_order", "to_130", 0xe11508fa9a574a33},
    {"one_out_of_order", "large", 0x044e2a4cdefc2468},
    {"adversary", "to_12", 0x6f60a0e62fd4fd87},
    {"adversary", "to_49", 0xd7fe3156c54ae07b},
    {"adversary", "to_130", 0x7e6863ea3d345f2b},
    {"adversary", "large", 0x201189052401c810},
};

std::vector<std::int64_t> SizesOf(std::string_view group) {
  if (group == "large") return {500, 1000, 1023, 1024, 5000, 20000};
  std::int64_t from = 0;
  std::int64_t to = 12;
  if (group == "to_49") from = 13, to = 49;
  if (group == "to_130") from = 50, to = 130;
  std::vector<std::int64_t> sizes;
  for (std::int64_t n = from; n <= to; ++n) sizes.push_back(n);
  return sizes;
}

class Xorshift {
 public:
  explicit Xorshift(std::uint64_t state) : state_(state) {}
  std::uint64_t operator()() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  std::uint64_t state_;
};

std::int64_t KeyOf(std::string_view pattern, std::int64_t i, std::int64_t n, Xorshift& random) {
  const auto below = [&](std::int64_t limit) {
    return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(limit));
  };
  if (pattern == "equal") return 7;
  if (pattern == "increasing") return i;
  if (pattern == "decreasing") return n - i;
  if (pattern == "organ_pipe") return std::min(i, n - i);
  if (pattern == "valley") return std::max(i, n - i);
  if (pattern == "saw") return i % 5;
  if (pattern == "long_saw") return i % (n / 3 + 1);
  if (pattern == "halves") return (i + n / 2) % n;
  if (pattern == "random") return static_cast<std::int64_t>(random());
  if (pattern == "random_of_2") return below(2);
  if (pattern == "random_of_10") return below(10);
  if (pattern == "random_of_n") return below(n);
  if (pattern == "nearly_sorted") return below(20) == 0 ? below(n) : i;
  if (pattern == "pairs_out_of_order") return i ^ 1;
  if (pattern == "one_out_of_order") return i == n / 2 ? -1 : i;
  ADD_FAILURE() << "unknown pattern " << pattern;
  return 0;
}

class Digest {
 public:
  void Add(std::int64_t value) {
    for (int shift = 0; shift < 64; shift += 8) {
      value_ ^= static_cast<std::uint64_t>(value) >> shift & 0xFF;
      value_ *= 0x100000001B3;
    }
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xCBF29CE484222325;
};

// Decides what the keys are only when it is asked, so that every pivot is a bad one (M. D. McIlroy,
// "A Killer Adversary for Quicksort"): what it sees of the sort is each single comparison.
class Adversary {
 public:
  explicit Adversary(std::int64_t n) : keys_(static_cast<std::size_t>(n), n), gas_(n) {}

  bool Less(std::int64_t x, std::int64_t y) {
    if (Key(x) == gas_ && Key(y) == gas_) Key(x == candidate_ ? x : y) = solid_++;
    if (Key(x) == gas_) {
      candidate_ = x;
    } else if (Key(y) == gas_) {
      candidate_ = y;
    }
    return Key(x) < Key(y);
  }

 private:
  std::int64_t& Key(std::int64_t i) { return keys_[static_cast<std::size_t>(i)]; }

  std::vector<std::int64_t> keys_;
  std::int64_t gas_;
  std::int64_t solid_ = 0;
  std::int64_t candidate_ = 0;
};

void AddSorted(std::string_view pattern, std::int64_t n, Digest& digest) {
  std::vector<Element> elements(static_cast<std::size_t>(n));
  Xorshift random(static_cast<std::uint64_t>(n) * 2 + 1);
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t key = pattern == "adversary" ? 0 : KeyOf(pattern, i, n, random);
    elements[static_cast<std::size_t>(i)] = {.key = key, .index = i};
  }
  Adversary adversary(n);
  std::int64_t comparisons = 0;
  GoSort(std::span(elements), [&](const Element& a, const Element& b) {
    ++comparisons;
    return pattern == "adversary" ? adversary.Less(a.index, b.index) : a.key < b.key;
  });
  for (const Element& element : elements) digest.Add(element.index);
  digest.Add(comparisons);
}

class GoSortTest : public ::testing::TestWithParam<Expected> {};

TEST_P(GoSortTest, GivesGosAnswer) {
  Digest digest;
  for (const std::int64_t n : SizesOf(GetParam().sizes)) {
    AddSorted(GetParam().pattern, n, digest);
  }
  EXPECT_EQ(digest.value(), GetParam().digest);
}

INSTANTIATE_TEST_SUITE_P(Patterns, GoSortTest, ::testing::ValuesIn(kExpected),
                         [](const auto& test) {
                           return std::string(test.param.pattern) + "_" +
                                  std::string(test.param.sizes);
                         });

}  // namespace
}  // namespace gtengine
