// Whether a generation has the stacks and strings that its events refer to.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/order/event.h"
#include "engine/wire/generation_tables.h"

namespace gtengine::order {

// Borrows the tables. Cost: four comparisons an event where ids are dense, as in real traces.
class IdCheck {
 public:
  // `tables` stays borrowed until the next call.
  void BeginGeneration(const wire::GenerationTables& tables);

  // True when all ids among the event's arguments can be resolved.
  bool Passes(const OrderedEvent& event) const {
    const auto& limits = limits_[static_cast<std::uint8_t>(event.type)];
    if (event.args[0] <= limits[0] && event.args[1] <= limits[1] && event.args[2] <= limits[2] &&
        event.args[3] <= limits[3]) [[likely]] {
      return true;
    }
    return !UnknownIn(event);
  }
  // An id that cannot be resolved.
  struct Unknown {
    std::string_view kind;  // "stack" or "string"
    std::uint64_t id;
  };
  // The first of the event's; nothing when all can be resolved.
  std::optional<Unknown> UnknownIn(const OrderedEvent& event) const;

 private:
  using Limits = std::array<std::uint64_t, wire::kMaxTimedArgs>;

  const wire::GenerationTables* tables_ = nullptr;
  // By type: arguments up to these are no ids, or ids that are there.
  std::array<Limits, 256> limits_ = {};
};

}  // namespace gtengine::order
