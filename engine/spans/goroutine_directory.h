// Which goroutines are alive, and what they are.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/heap_bytes.h"
#include "engine/base/ids.h"
#include "engine/base/mix_hash.h"
#include "engine/columns/string_table.h"
#include "engine/order/event.h"
#include "engine/spans/generation_refs.h"

namespace gtengine::spans {

// Whether the runtime started the goroutine for itself, by its start function; also when that is
// unknown (Go's trace.IsSystemGoroutine).
bool IsSystemGoroutine(std::string_view start_function);

// Goroutines by id and by their dense number (slot), named by the root function of the first stack
// of their own that is seen. Fed with transitions between two different states. Borrows the refs. A
// few ns an event; 40 bytes a live goroutine.
class GoroutineDirectory {
 public:
  GoroutineDirectory(GenerationRefs& refs, const StringTable& strings)
      : refs_(refs), strings_(strings) {}

  // Takes in a goroutine's transition before anybody else looks at it. True when it has told the
  // goroutine's name.
  bool Enter(const order::OrderedEvent& event) {
    const std::uint32_t slot = event.subject_slot;
    const bool is_new = static_cast<GoState>(event.from) <= GoState::kNotExist;
    const bool is_named =
        !is_new && slot < entries_.size() && entries_[slot].start_function != kEmptyString;
    return !is_named && EnterUnnamed(event);
  }
  // The same transition after everybody has seen it: one who ended is forgotten.
  void Leave(const order::OrderedEvent& event) {
    if (static_cast<GoState>(event.to) != GoState::kNotExist) return;
    slots_.erase(Raw(order::SubjectGoroutine(event)));
  }

  // kNoSlot when no such goroutine is alive.
  std::uint32_t Find(GoId g) const {
    const auto found = slots_.find(Raw(g));
    return found == slots_.end() ? order::kNoSlot : found->second;
  }
  // Of a slot that is alive.
  StringRef StartFunction(std::uint32_t slot) const { return entries_[slot].start_function; }
  bool IsSystem(std::uint32_t slot) const { return entries_[slot].is_system; }

  std::size_t state_bytes(const Growth& growth) const {
    return HeapBytes(entries_, growth.goroutines) + RobinBytes(slots_, growth.goroutines);
  }

 private:
  struct Entry {
    StringRef start_function = kEmptyString;
    bool is_system = true;
  };

  bool EnterUnnamed(const order::OrderedEvent& event);

  GenerationRefs& refs_;
  const StringTable& strings_;
  std::vector<Entry> entries_;  // by slot
  tsl::robin_map<std::int64_t, std::uint32_t, MixHash> slots_;
};

}  // namespace gtengine::spans
