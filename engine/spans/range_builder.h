// Special ranges of the runtime: mark phases, stop-the-worlds, sweeps, mark assists.
#pragma once

#include <tsl/robin_map.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/base/heap_bytes.h"
#include "engine/columns/ranges.h"
#include "engine/columns/stack_table.h"
#include "engine/order/event.h"
#include "engine/spans/column_sinks.h"
#include "engine/spans/generation_refs.h"

namespace gtengine::spans {

// Borrows the sink, the refs and the tables. Memory: some 100 bytes an open range.
class RangeBuilder {
 public:
  RangeBuilder(ColumnSink<Ranges>& sink, GenerationRefs& refs, TraceTables& tables,
               bool with_stacks);

  void Begin(TimeNs trace_start_ns) { trace_start_ns_ = trace_start_ns; }
  // An event of kind kRangeBegin, kRangeActive or kRangeEnd.
  void AddRange(const order::OrderedEvent& event);
  // A P's transition between two different states: tells when the world stood still.
  void AddProc(const order::OrderedEvent& event);
  // A goroutine's transition between two different states: tells how long it ran in an assist.
  void AddGoroutine(const order::OrderedEvent& event) {
    if (open_assists_ > 0) AddToAssist(event);
  }
  void Finish(TimeNs trace_end_ns);
  std::size_t state_bytes() const { return RobinBytes(open_); }

 private:
  // What tells open ranges apart.
  struct Key {
    RangeKind kind = RangeKind::kMark;
    GoId scope_g = kNoGoroutine;
    ProcId scope_p = kNoProc;
    std::uint64_t reason = 0;  // of a stop-the-world: string id, which is kept over generations

    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Open {
    StringRef name = kEmptyString;
    GoId start_g = kNoGoroutine;
    TimeNs start_ns = 0;
    TimeNs stopped_ns = 0;
    StackRef start_stack = kNoStack;
    std::uint8_t flags = 0;
    std::optional<TimeNs> running_since_ns;  // of an assist: while its goroutine runs
    std::uint64_t running_ns = 0;            // before that
  };

  static Key KeyOf(const order::OrderedEvent& event);
  StringRef NameOf(const Key& key);
  StackRef StackOf(const order::OrderedEvent& event) {
    return with_stacks_ ? refs_.Stack(order::ContextStack(event)) : kNoStack;
  }
  void Start(const order::OrderedEvent& event, const Key& key, bool is_under_way);
  void Close(const Key& key, const Open& open, const order::OrderedEvent& event,
             std::uint8_t end_flags);
  void AddToAssist(const order::OrderedEvent& event);
  void EndStopping();

  ColumnSink<Ranges>& sink_;
  GenerationRefs& refs_;
  TraceTables& tables_;
  bool with_stacks_;
  TimeNs trace_start_ns_ = 0;
  std::array<StringRef, kRangeKindCount> names_{};  // but that of a stop-the-world
  tsl::robin_map<Key, Open, KeyHash> open_;
  std::size_t open_assists_ = 0;
  // The stop-the-world during which no P has begun to run yet, and when a P stopped last.
  std::optional<Key> stopping_;
  TimeNs stopped_ns_ = 0;
};

}  // namespace gtengine::spans
