// From events of a legacy trace to those that newer traces have.
#pragma once

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/mix_hash.h"
#include "engine/columns/string_table.h"
#include "engine/order/event.h"
#include "engine/order/legacy_event.h"
#include "engine/wire/generation_tables.h"
#include "engine/wire/v1/clock.h"
#include "engine/wire/v1/tables.h"

namespace gtengine::order {

// Strings that the conversion needs and no trace holds: Tables::Finish takes them as further ones.
std::span<const std::string_view> LegacyStrings();

// Converts event by event as Go's reader does (internal/trace/tracev1.go). The events have passed
// LegacyCheck. Borrows what it is given. One thread at a time. Memory: about 60 bytes a live
// goroutine.
class LegacyConverter {
 public:
  static constexpr std::size_t kMaxEvents = 2;

  // `blocked_calls` as LegacyCheck found them.
  LegacyConverter(wire::Version version, const wire::v1::Tables& tables,
                  const wire::GenerationTables& strings, wire::v1::Clock clock,
                  const std::vector<bool>& blocked_calls);

  // Writes what the event becomes to `out`, up to kMaxEvents, and says how many: nothing when Go's
  // reader does not know such an event. Their times may still be equal, or fall.
  std::optional<std::size_t> Convert(const LegacyEvent& event, OrderedEvent* out);

  // The first event of a new GOMAXPROCS becomes the status of each goroutine that was there before
  // the trace and of which nothing else was told: any number of events, of its time.
  bool has_statuses() const { return !statuses_.empty(); }
  void TakeStatus(OrderedEvent& out);

  // Slots that goroutines have had so far are below this.
  std::size_t goroutine_slots() const { return slot_count_; }
  // Of ended tasks.
  const StringTable& names() const { return names_; }

 private:
  struct Goroutine {
    std::uint32_t slot = kNoSlot;
    bool waits_for_network = false;
  };
  struct Task {
    std::uint64_t name_id = 0;
    std::uint64_t parent = 0;
  };

  // False: the event is passed over.
  bool ConvertOne(const LegacyEvent& event, OrderedEvent& out);
  bool ConvertProc(const LegacyEvent& event, OrderedEvent& out);
  bool ConvertCollector(const LegacyEvent& event, OrderedEvent& out);
  bool ConvertGoroutine(const LegacyEvent& event, OrderedEvent& out);
  bool ConvertCreation(const LegacyEvent& event, OrderedEvent& out);
  void ConvertUnblock(const LegacyEvent& event, OrderedEvent& out);
  bool ConvertAnnotation(const LegacyEvent& event, OrderedEvent& out);
  void ConvertTaskEnd(const LegacyEvent& event, OrderedEvent& out);
  bool TellEarlyGoroutines(const LegacyEvent& event);
  void AddLabel(const LegacyEvent& event, OrderedEvent* out);
  void EndCallAtOnce(const LegacyEvent& event, OrderedEvent* out);

  void Place(const LegacyEvent& event, std::int32_t p, OrderedEvent& out);
  void Stop(const LegacyEvent& event, bool waits, OrderedEvent& out);
  void Restate(std::uint64_t g, GoState state, OrderedEvent& out);
  void Move(std::uint64_t g, GoState from, GoState to, OrderedEvent& out);
  std::uint64_t StackOf(const LegacyEvent& event) const;
  std::uint64_t StopReasonOf(std::uint64_t kind) const;
  std::uint32_t SlotOf(std::uint64_t g);
  ThreadId ThreadOf(std::int32_t p, ThreadId or_else);

  wire::Version version_;
  const wire::v1::Tables& tables_;
  const wire::GenerationTables& strings_;
  wire::v1::Clock clock_;
  const std::vector<bool>& blocked_calls_;
  std::size_t calls_ = 0;

  // Up to the first GOMAXPROCS the trace tells of goroutines that were there before it.
  bool is_early_ = true;
  tsl::robin_set<std::uint64_t, MixHash> early_;  // of which it has not told the state
  std::vector<std::uint64_t> statuses_;           // to be given, the next one last
  TimeNs statuses_ns_ = 0;
  tsl::robin_map<std::uint64_t, Goroutine, MixHash> goroutines_;
  std::vector<std::uint32_t> free_slots_;
  std::uint32_t slot_count_ = 1;
  tsl::robin_set<std::int32_t, MixHash> seen_procs_;
  tsl::robin_map<std::int32_t, ThreadId, MixHash> threads_;  // that run each P
  // What was looked up last: mostly it is so again.
  struct {
    std::uint64_t g = 0;
    std::uint32_t slot = kNoSlot;
    std::optional<std::int32_t> p;
    std::optional<ThreadId> thread;
  } last_;
  tsl::robin_map<std::uint64_t, Task, MixHash> tasks_;
  std::uint64_t stop_reason_ = 0;  // of the last stop-the-world: a string's id
  StringTable names_;
};

}  // namespace gtengine::order
