#include "engine/order/slot_table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <unordered_map>
#include <vector>

namespace gtengine::order {
namespace {

struct alignas(32) Record {
  std::uint64_t id = 0;
  int value = 0;
  bool alive = false;
};
using Table = SlotTable<Record>;

TEST(SlotTable, FindsById) {
  Table table;
  constexpr std::uint64_t kGreatest = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(table.Find(0), Table::kNoSlot);
  EXPECT_EQ(table.Find(kGreatest), Table::kNoSlot);
  const std::uint32_t zero = table.Add(0);
  const std::uint32_t greatest = table.Add(kGreatest);
  EXPECT_EQ(zero, 1u);
  EXPECT_EQ(table.Find(0), zero);
  EXPECT_EQ(table.Find(kGreatest), greatest);
  EXPECT_EQ(table.Find(1), Table::kNoSlot);
  EXPECT_EQ(table.At(greatest).id, kGreatest);
  EXPECT_TRUE(table.IsAt(kGreatest, greatest));
  EXPECT_FALSE(table.IsAt(kGreatest, zero));
  EXPECT_FALSE(table.IsAt(0, Table::kNoSlot));
  EXPECT_EQ(table.live(), 2u);
  EXPECT_EQ(table.slot_count(), 3u);
}

TEST(SlotTable, UsesSlotsAgainAndLeavesTheRestOfTheRecord) {
  Table table;
  const std::uint32_t slot = table.Add(4);
  table.At(slot).value = 17;
  table.Remove(slot);
  EXPECT_EQ(table.Find(4), Table::kNoSlot);
  EXPECT_EQ(table.live(), 0u);
  EXPECT_EQ(table.Add(5), slot);
  EXPECT_EQ(table.At(slot).value, 17);
  EXPECT_EQ(table.slot_count(), 2u);
}

TEST(SlotTable, VisitsLiveRecords) {
  Table table;
  for (std::uint64_t id = 10; id < 15; ++id) table.Add(id);
  table.Remove(table.Find(12));
  std::vector<std::uint64_t> ids;
  table.ForEach([&](const Record& record) { ids.push_back(record.id); });
  EXPECT_EQ(ids, (std::vector<std::uint64_t>{10, 11, 13, 14}));
}

// Adds and removes ids of `id(i)` at random; the table must agree with a map all the way.
template <class IdOf>
void AgreesWithAMap(IdOf id_of) {
  Table table;
  std::unordered_map<std::uint64_t, std::uint32_t> expected;
  std::mt19937_64 random(5);
  for (int step = 0; step < 40'000; ++step) {
    const std::uint64_t id = id_of(random() % 6000);
    const auto found = expected.find(id);
    ASSERT_EQ(table.Find(id), found == expected.end() ? Table::kNoSlot : found->second);
    table.FetchLine(static_cast<std::uint32_t>(id));
    table.FetchRecord(static_cast<std::uint32_t>(id));
    if (found == expected.end()) {
      expected.emplace(id, table.Add(id));
    } else if (random() % 3 == 0) {
      table.Remove(found->second);
      expected.erase(found);
    }
  }
  ASSERT_EQ(table.live(), expected.size());
  for (const auto& [id, slot] : expected) ASSERT_EQ(table.Find(id), slot);
}

TEST(SlotTable, AgreesWithAMapOnDenseIds) {
  AgreesWithAMap([](std::uint64_t i) { return i; });
}
// All for one line.
TEST(SlotTable, AgreesWithAMapOnIdsThatMeet) {
  AgreesWithAMap([](std::uint64_t i) { return i << 20; });
}
// All for one place of one line: eight low halves, each of many ids.
TEST(SlotTable, AgreesWithAMapOnIdsOfOneLowHalf) {
  AgreesWithAMap([](std::uint64_t i) { return i << 32 | i % 8; });
}
TEST(SlotTable, AgreesWithAMapOnScatteredIds) {
  AgreesWithAMap([](std::uint64_t i) { return i * 0x9E3779B97F4A7C15u; });
}

}  // namespace
}  // namespace gtengine::order
