// Records of goroutines and tasks, found by id at the cost of two cache lines, both known before.
#pragma once

#include <tsl/robin_map.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/base/mix_hash.h"

namespace gtengine::order {

// Eight slots by the low halves of their ids. No two of them have the same.
struct alignas(64) SlotLine {
  static constexpr std::size_t kEntries = 8;

  // The place that an id has unless another one is there.
  static std::size_t Home(std::uint32_t low_half) { return low_half % kEntries; }
  bool IsAtHome(std::uint32_t low_half) const {
    return low_halves[Home(low_half) / 4][low_half % 4] == low_half;
  }
  std::uint32_t HomeSlot(std::uint32_t low_half) const {
    return slots[Home(low_half) / 4][low_half % 4];
  }
  // The slot with this low half of an id, else 0. All entries are looked at at once.
  std::uint32_t SlotOf(std::uint32_t low_half) const {
    const Four wanted = {low_half, low_half, low_half, low_half};
    const Four found =
        ((low_halves[0] == wanted) & slots[0]) | ((low_halves[1] == wanted) & slots[1]);
    return found[0] | found[1] | found[2] | found[3];
  }

  using Four [[gnu::vector_size(16)]] = std::uint32_t;
  Four low_halves[2];
  Four slots[2];  // 0: free
};

// Live records, each in a slot from 1 on that stays its own until it is removed and is then used
// again. The record is a struct of 32 bytes with an `id` (a 64-bit enum or integer) and `bool
// alive`, which are the table's to write.
//
// The runtime counts ids up, and those in use at one time are nearly dense: so eight ids side by
// side share a line of the index, and the next eight have the next line. An id that its line has no
// room for, or whose low half is there already, stands in a hash map, so that no choice of ids
// makes the table slow. Memory: about 100 bytes for each record that lived at one time, and twice
// that while the table grows.
template <class Record>
class SlotTable {
 public:
  static constexpr std::uint32_t kNoSlot = 0;

  // kNoSlot when there is none of this id.
  std::uint32_t Find(std::uint64_t id) const {
    const SlotLine& line = lines_[LineOf(id)];
    if (line.IsAtHome(LowHalf(id))) [[likely]] {
      const std::uint32_t slot = line.HomeSlot(LowHalf(id));
      if (IsAt(id, slot)) [[likely]]
        return slot;
    }
    const std::uint32_t slot = line.SlotOf(LowHalf(id));
    if (IsAt(id, slot)) return slot;
    return elsewhere_.empty() ? kNoSlot : FindElsewhere(id);
  }
  // Whether the record of `id` is in this slot.
  bool IsAt(std::uint64_t id, std::uint32_t slot) const {
    return records_[slot].alive && IdOf(records_[slot]) == id;
  }
  Record& At(std::uint32_t slot) { return records_[slot]; }
  const Record& At(std::uint32_t slot) const { return records_[slot]; }

  // The slot of a new record. There must be none of this id. What else the record has stays as the
  // last one in its slot left it.
  std::uint32_t Add(std::uint64_t id) {
    std::uint32_t slot = kNoSlot;
    if (free_.empty()) {
      slot = static_cast<std::uint32_t>(records_.size());
      records_.emplace_back();
      if (4 * records_.size() > SlotLine::kEntries * lines_.size()) Grow();
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    records_[slot].id = static_cast<decltype(Record::id)>(id);
    records_[slot].alive = true;
    Enter(id, slot);
    return slot;
  }

  void Remove(std::uint32_t slot) {
    Record& record = records_[slot];
    record.alive = false;
    free_.push_back(slot);
    SlotLine& line = lines_[LineOf(IdOf(record))];
    for (SlotLine::Four& slots : line.slots) {
      for (std::size_t i = 0; i < 4; ++i) {
        if (slots[i] != slot) continue;
        slots[i] = kNoSlot;
        return;
      }
    }
    elsewhere_.erase(IdOf(record));
  }

  template <class Visit>
  void ForEach(Visit visit) {
    for (Record& record : records_) {
      if (record.alive) visit(record);
    }
  }
  template <class Visit>
  void ForEach(Visit visit) const {
    for (const Record& record : records_) {
      if (record.alive) visit(record);
    }
  }

  std::size_t live() const { return records_.size() - 1 - free_.size(); }
  // Slots ever used at one time: one more than the greatest slot.
  std::size_t slot_count() const { return records_.size(); }

  // Bytes of memory at most while the table gets so many more records.
  std::size_t heap_bytes(std::size_t more) const {
    const std::size_t records = records_.size() + more;
    std::size_t lines = lines_.size();
    while (4 * records > SlotLine::kEntries * lines) lines *= 2;
    const std::size_t old_lines = lines == lines_.size() ? 0 : lines / 2;
    return HeapBytes(records_, more) + HeapBytes(free_, more > 0 ? records - free_.size() : 0) +
           (lines + old_lines) * sizeof(SlotLine) + RobinBytes(elsewhere_, more);
  }

  // Bring the line of an id, then its record, into the near caches. It is likely to be there; no
  // harm is done when it is not.
  [[gnu::always_inline]] void FetchLine(std::uint32_t low_half) const {
    __builtin_prefetch(&lines_[LineOf(low_half)]);
  }
  [[gnu::always_inline]] void FetchRecord(std::uint32_t low_half) const {
    __builtin_prefetch(&records_[lines_[LineOf(low_half)].SlotOf(low_half)]);
  }

 private:
  static_assert(sizeof(Record) == 32 && alignof(Record) == 32, "two a cache line");

  static std::uint64_t IdOf(const Record& record) { return static_cast<std::uint64_t>(record.id); }
  static std::uint32_t LowHalf(std::uint64_t id) { return static_cast<std::uint32_t>(id); }
  std::size_t LineOf(std::uint64_t id) const {
    return static_cast<std::size_t>(id / SlotLine::kEntries) & (lines_.size() - 1);
  }

  [[gnu::noinline]] std::uint32_t FindElsewhere(std::uint64_t id) const {
    const auto found = elsewhere_.find(id);
    return found == elsewhere_.end() ? kNoSlot : found->second;
  }

  void Enter(std::uint64_t id, std::uint32_t slot) {
    SlotLine& line = lines_[LineOf(id)];
    if (line.SlotOf(LowHalf(id)) == kNoSlot) [[likely]] {
      for (std::size_t step = 0; step < SlotLine::kEntries; ++step) {
        const std::size_t i = SlotLine::Home(LowHalf(id)) ^ step;
        if (line.slots[i / 4][i % 4] != kNoSlot) continue;
        line.low_halves[i / 4][i % 4] = LowHalf(id);
        line.slots[i / 4][i % 4] = slot;
        return;
      }
    }
    elsewhere_.emplace(id, slot);
  }

  void Grow() {
    lines_.assign(2 * lines_.size(), SlotLine{});
    elsewhere_.clear();
    for (std::uint32_t slot = 1; slot < records_.size(); ++slot) {
      if (records_[slot].alive) Enter(IdOf(records_[slot]), slot);
    }
  }

  // kNoSlot is never alive, so that whoever finds it needs no branch.
  std::vector<Record> records_ = std::vector<Record>(1);
  std::vector<std::uint32_t> free_;
  std::vector<SlotLine> lines_ = std::vector<SlotLine>(128);  // a power of two
  tsl::robin_map<std::uint64_t, std::uint32_t, MixHash> elsewhere_;
};

}  // namespace gtengine::order
