// What the order remembers of goroutines, Ps and threads while it goes through a trace.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/base/ids.h"
#include "engine/base/mix_hash.h"
#include "engine/columns/string_table.h"
#include "engine/order/event.h"
#include "engine/order/open_regions.h"
#include "engine/order/slot_table.h"
#include "engine/wire/format.h"

namespace gtengine::order {

// Place of an event in the sequence of one resource: counted anew in each generation. Generations
// are told apart by an ordinal, which is shorter than their number.
struct Sequence {
  std::uint64_t number = 0;
  std::uint32_t generation = 0;

  bool Succeeds(const Sequence& before) const {
    return generation == before.generation && number == before.number + 1;
  }
};

// The special ranges (stop-the-world, mark assist, sweep) that are open on one goroutine or P: each
// kind at most once, where stop-the-worlds differ by the string id of their reason.
class OpenRanges {
 public:
  struct Range {
    wire::EventType begin = wire::EventType::kNone;
    std::uint64_t reason = 0;

    friend bool operator==(const Range&, const Range&) = default;
  };

  bool Has(const Range& range) const;
  void Add(const Range& range) { ranges_.push_back(range); }
  void Clear() { ranges_.clear(); }
  const std::vector<Range>& all() const { return ranges_; }
  std::size_t heap_bytes() const { return HeapBytes(ranges_); }
  // Takes the first range of this kind out; nothing when none is open.
  std::optional<Range> Take(wire::EventType begin);

 private:
  std::vector<Range> ranges_;
};

// The sequence is apart to fit the 32 bytes that SlotTable asks for.
struct alignas(32) GoroutineState {
  GoId id = kNoGoroutine;
  std::uint64_t sequence_number = 0;
  std::uint32_t sequence_generation = 0;
  wire::GoStatus status = wire::GoStatus::kBad;
  bool alive = false;
  bool is_from_before = false;                // see SchedulerState::AssumeFromHere
  std::uint32_t region = OpenRegions::kNone;  // the innermost
  std::uint32_t ranges = 0;                   // see GoroutineTable::RangesOf

  bool IsFollowedBy(const Sequence& next) const {
    return next.Succeeds({.number = sequence_number, .generation = sequence_generation});
  }
  void SetSequence(const Sequence& sequence) {
    sequence_number = sequence.number;
    sequence_generation = sequence.generation;
  }
};

// All live goroutines, each in a slot from 1 on that stays its own until it ends.
class GoroutineTable {
 public:
  // kNoSlot when there is none of this id.
  std::uint32_t Find(GoId id) const { return states_.Find(static_cast<std::uint64_t>(Raw(id))); }
  // The slot of `id`, given where it was seen last: cheap when it is still there.
  std::uint32_t FindFrom(GoId id, std::uint32_t hint) const {
    return states_.IsAt(static_cast<std::uint64_t>(Raw(id)), hint) ? hint : Find(id);
  }
  GoroutineState& At(std::uint32_t slot) { return states_.At(slot); }
  const GoroutineState& At(std::uint32_t slot) const { return states_.At(slot); }
  OpenRegions& regions() { return regions_; }
  // The ranges that are open on a goroutine. Their memory stays with the slot.
  OpenRanges& RangesOf(GoroutineState& state) {
    if (state.ranges == 0) {
      state.ranges = static_cast<std::uint32_t>(ranges_.size());
      ranges_.emplace_back();
    }
    return ranges_[state.ranges];
  }
  const OpenRegions& regions() const { return regions_; }
  const OpenRanges& RangesOf(const GoroutineState& state) const { return ranges_[state.ranges]; }
  template <class Visit>
  void ForEach(Visit visit) {
    states_.ForEach(visit);
  }
  template <class Visit>
  void ForEach(Visit visit) const {
    states_.ForEach(visit);
  }
  // There must be none of this id.
  std::uint32_t Add(GoId id, wire::GoStatus status, const Sequence& sequence);
  void Remove(std::uint32_t slot);

  std::size_t live() const { return states_.live(); }
  // Slots ever used at one time: one more than the greatest slot.
  std::size_t slot_count() const { return states_.slot_count(); }
  const SlotTable<GoroutineState>& states() const { return states_; }
  // Bytes of memory at most while the table grows by so much, but for what open ranges own.
  std::size_t heap_bytes(const Growth& growth) const {
    return states_.heap_bytes(growth.goroutines) + HeapBytes(ranges_, growth.goroutines) +
           regions_.heap_bytes(growth.regions);
  }

 private:
  SlotTable<GoroutineState> states_;
  OpenRegions regions_;
  std::deque<OpenRanges> ranges_ = std::deque<OpenRanges>(1);  // from 1 on
};

// A task that has begun and not ended.
struct alignas(32) ActiveTask {
  std::uint64_t id = 0;
  TaskId parent = kNoTask;
  StringRef name = kEmptyString;
  bool alive = false;
};

struct ProcStateRecord {
  ProcId id = kNoProc;
  Sequence sequence;
  wire::ProcStatus status = wire::ProcStatus::kBad;
  OpenRanges ranges;
};

// A thread and what is bound to it. `g_slot` is where `g` was last seen.
struct ThreadState {
  ThreadId id = kNoThread;
  GoId g = kNoGoroutine;
  ProcId p = kNoProc;
  std::uint32_t g_slot = kNoSlot;
};

// Records found by id that never go away; their addresses are stable. Small ids, as Ps have, are
// found without hashing.
template <class Id, class Record>
class ResourceTable {
 public:
  // Null when there is none of this id.
  Record* Find(Id id) {
    const auto index = static_cast<std::uint64_t>(Raw(id));
    if (index < kSmallIds) return index < small_.size() ? small_[index] : nullptr;
    const auto found = others_.find(Raw(id));
    return found == others_.end() ? nullptr : found->second;
  }
  // There must be none of this id.
  Record& Add(Id id) {
    Record& record = records_.emplace_back();
    record.id = id;
    const auto index = static_cast<std::uint64_t>(Raw(id));
    if (index < kSmallIds) {
      if (small_.size() <= index) small_.resize(index + 1);
      small_[index] = &record;
    } else {
      others_.emplace(Raw(id), &record);
    }
    return record;
  }
  std::size_t heap_bytes() const {
    return HeapBytes(records_) + HeapBytes(small_) + RobinBytes(others_);
  }
  auto begin() const { return records_.begin(); }
  auto end() const { return records_.end(); }
  std::size_t size() const { return records_.size(); }

 private:
  static constexpr std::uint64_t kSmallIds = 4096;

  std::deque<Record> records_;
  std::vector<Record*> small_;
  tsl::robin_map<std::int64_t, Record*, MixHash> others_;
};

}  // namespace gtengine::order
