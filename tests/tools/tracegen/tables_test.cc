#include "tools/tracegen/tables.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "engine/wire/generation.h"
#include "engine/wire/generation_tables.h"
#include "tests/base/padded_bytes.h"

namespace gtengine::tracegen {
namespace {

using ::gtengine::testing::PaddedBytes;

// The tables of one generation as the engine reads them. Keeps the bytes that they borrow.
class Read {
 public:
  Read(Tables& tables, std::uint64_t generation) : bytes_(Write(tables, generation)) {
    wire::Generation found;
    wire::GenerationReader reader(bytes_.view(), wire::Version::k26);
    const auto next = reader.Next(found);
    EXPECT_TRUE(next.ok() && *next);
    const Status loaded = tables_.Load(bytes_.view(), found, wire::Version::k26);
    EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().what);
  }

  std::string Text(std::uint64_t id) const { return std::string(tables_.String(id).value()); }
  bool HasStack(std::uint64_t id) const { return tables_.HasStack(id); }
  std::size_t Depth(std::uint64_t id) const { return tables_.Stack(id).size(); }
  std::string Leaf(std::uint64_t id) const {
    return std::string(tables_.frames()[tables_.Stack(id)[0]].function);
  }
  std::string Root(std::uint64_t id) const {
    return std::string(tables_.frames()[tables_.Stack(id).back()].function);
  }
  std::size_t size() const { return bytes_.view().size(); }

 private:
  static wire::ByteBuffer Write(Tables& tables, std::uint64_t generation) {
    wire::ByteBuffer out;
    wire::AppendHeader(wire::Version::k26, out);
    wire::BatchEncoder sync;
    sync.Begin(wire::BatchKind::kSync, wire::Version::k26);
    EXPECT_TRUE(sync.Frequency(1000).ok());
    EXPECT_TRUE(sync.Snapshot(1, 2, 3, 4).ok());
    sync.Finish(generation, kNoThread, 100, out);
    tables.BeginGeneration(generation);
    tables.Append(generation, 100, wire::Version::k26, out);
    wire::AppendEndOfGeneration(out);
    return out;
  }

  PaddedBytes bytes_;
  wire::GenerationTables tables_;
};

// All ids that random numbers lead to.
std::set<std::uint64_t> StackIds(const Tables& tables, StackKind kind) {
  Random random(1);
  std::set<std::uint64_t> ids;
  for (int i = 0; i < 5000; ++i)
    ids.insert(tables.Stack(kind, tables.Start(random.Next()), random.Next()));
  return ids;
}

TEST(Tables, IdsLeadToTheSameTextsInEachGeneration) {
  Tables tables({.strings = 300, .stacks = 100, .stack_depth = 8});
  std::set<std::uint64_t> ids;
  for (const std::uint64_t generation : {1u, 2u, 50u}) {
    const Read read(tables, generation);
    EXPECT_EQ(read.Text(tables.IdOf(Text::kSync)), "sync");
    EXPECT_EQ(read.Text(tables.TaskName(8 + 4)), "search");
    EXPECT_EQ(read.Text(tables.RegionName(12 + 7)), "lock");
    EXPECT_EQ(read.Text(tables.LogKey(2)), "status");
    EXPECT_EQ(read.Text(tables.LogValue(0)).substr(0, 6), "value ");
    EXPECT_EQ(read.Text(tables.LogValue(~std::uint64_t{0})), "value 299");
    EXPECT_EQ(read.Leaf(tables.Stack(StackKind::kStart, 0, 0)),
              "example.com/shop/cart.(*Store0).Load0");
    ids.insert(tables.IdOf(Text::kSync));
  }
  EXPECT_EQ(ids.size(), 3u) << "ids are those of one generation";
}

TEST(Tables, EachKindHasItsStacks) {
  Tables tables({.strings = 0, .stacks = 400, .stack_depth = 128});
  const Read read(tables, 1);
  std::set<std::uint64_t> all;
  std::size_t sum = 0;
  std::size_t deepest = 0;
  for (int kind = 0; kind < static_cast<int>(StackKind::kCount); ++kind) {
    for (const std::uint64_t id : StackIds(tables, static_cast<StackKind>(kind))) {
      ASSERT_TRUE(id != 0 && read.HasStack(id));
      deepest = std::max(deepest, read.Depth(id));
      all.insert(id);
      ++sum;
    }
  }
  EXPECT_EQ(sum, all.size()) << "no stack is of two kinds";
  EXPECT_EQ(all.size(), 400u);
  EXPECT_GT(deepest, 110u);
  for (const std::uint64_t id : StackIds(tables, StackKind::kStart)) EXPECT_EQ(read.Depth(id), 1u);
}

TEST(Tables, AllStacksOfAGoroutineBeginWithItsFunction) {
  for (const std::uint32_t count : {5u, 60u, 400u}) {
    Tables tables({.strings = 0, .stacks = count, .stack_depth = 16});
    const Read read(tables, 2);
    Random random(7);
    std::set<std::string> roots;
    for (int i = 0; i < 3000; ++i) {
      const std::uint32_t start = tables.Start(random.Next());
      const auto kind =
          static_cast<StackKind>(random.Below(static_cast<std::uint64_t>(StackKind::kCount)));
      const std::string root = read.Leaf(tables.Stack(StackKind::kStart, start, 0));
      ASSERT_EQ(read.Root(tables.Stack(kind, start, random.Next())), root) << count;
      roots.insert(root);
    }
    EXPECT_GE(roots.size(), count / 30u) << count;
  }
}

TEST(Tables, FewStacksAreShared) {
  for (const std::uint32_t count : {1u, 5u, 30u}) {
    Tables tables({.strings = 0, .stacks = count, .stack_depth = 1});
    const Read read(tables, 3);
    for (int kind = 0; kind < static_cast<int>(StackKind::kCount); ++kind) {
      for (const std::uint64_t id : StackIds(tables, static_cast<StackKind>(kind))) {
        EXPECT_TRUE(id != 0 && read.HasStack(id)) << count << " " << kind << " " << id;
        EXPECT_EQ(read.Depth(id), 1u);
      }
    }
  }
}

TEST(Tables, WithoutStacks) {
  Tables tables({.strings = 50, .stacks = 0, .stack_depth = 16});
  const Read read(tables, 1);
  EXPECT_EQ(tables.Stack(StackKind::kBlock, 0, 12345), 0u);
  EXPECT_EQ(read.Text(tables.IdOf(Text::kSelect)), "select");
}

TEST(Tables, FillSeveralBatches) {
  Tables tables({.strings = 20'000, .stacks = 5000, .stack_depth = 64});
  const Read read(tables, 1);
  EXPECT_GT(read.size(), 10 * wire::kMaxBatchBytes);
  EXPECT_EQ(read.Text(tables.LogValue(~std::uint64_t{0})), "value 19999");
}

}  // namespace
}  // namespace gtengine::tracegen
