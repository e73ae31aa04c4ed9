// Lives of pieces of memory, from the AllocFree experiment.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <map>

#include "engine/base/heap_bytes.h"
#include "engine/base/mix_hash.h"
#include "engine/columns/allocations.h"
#include "engine/order/event.h"
#include "engine/order/event_stream.h"
#include "engine/spans/column_sinks.h"

namespace gtengine::spans {

// Borrows the sink and the strings. Memory: some 60 bytes a live piece and some 10 a type.
class AllocationBuilder {
 public:
  AllocationBuilder(ColumnSink<Allocations>& sink, StringTable& strings)
      : sink_(sink), strings_(strings) {}

  void Begin(TimeNs trace_start_ns) { trace_start_ns_ = trace_start_ns; }
  // The generation's types and the units of ids; data that is not understood is left out.
  void BeginGeneration(const order::LoadedGeneration& loaded);
  // An event of kind kExperimental.
  void Add(const order::OrderedEvent& event);
  void Finish(TimeNs trace_end_ns);
  std::size_t state_bytes() const {
    return RobinBytes(objects_) + RobinBytes(stacks_) + HeapBytes(spans_) + RobinBytes(types_);
  }

 private:
  struct Live {
    StringRef type = kEmptyString;
    std::uint64_t bytes = 0;
    GoId g = kNoGoroutine;
    TimeNs start_ns = 0;
    std::uint8_t flags = 0;
  };
  struct Span {
    Live live;
    std::uint64_t pages = 0;
    std::uint64_t kind_class = 0;
  };

  void ReadTypes(ByteView data);
  void ReadUnits(ByteView data);
  Live BornAt(const order::OrderedEvent& event, bool is_found) const;
  std::uint64_t SlotBytes(std::uint64_t object) const;
  void AddSpan(const order::OrderedEvent& event, bool is_found);
  void FreeSpan(const order::OrderedEvent& event);
  void Write(AllocationKind kind, const Live& live, TimeNs end_ns, std::uint8_t end_flags);
  void Replace(AllocationKind kind, Live& old, const Live& live);
  void Free(tsl::robin_map<std::uint64_t, Live, MixHash>& lives, AllocationKind kind,
            const order::OrderedEvent& event);

  ColumnSink<Allocations>& sink_;
  StringTable& strings_;
  TimeNs trace_start_ns_ = 0;
  std::uint64_t page_bytes_ = 8192;
  std::uint64_t object_unit_bytes_ = 8;                      // ids of objects count these
  tsl::robin_map<std::uint64_t, StringRef, MixHash> types_;  // of the generation
  tsl::robin_map<std::uint64_t, Live, MixHash> objects_;
  tsl::robin_map<std::uint64_t, Live, MixHash> stacks_;
  std::map<std::uint64_t, Span> spans_;  // by their first page
};

}  // namespace gtengine::spans
