#include "engine/order/id_check.h"

#include <limits>

#include "engine/wire/event_spec.h"

namespace gtengine::order {

void IdCheck::BeginGeneration(const wire::GenerationTables& tables) {
  tables_ = &tables;
  for (std::size_t type = 0; type < limits_.size(); ++type) {
    const wire::EventSpec& spec = wire::SpecOf(static_cast<std::uint8_t>(type));
    limits_[type].fill(std::numeric_limits<std::uint64_t>::max());
    if (spec.event_class != wire::EventClass::kTimed) continue;
    for (const std::uint8_t position : spec.stacks) {
      if (position != 0) limits_[type][position - 1u] = tables.contiguous_stacks();
    }
    for (const std::uint8_t position : spec.strings) {
      if (position != 0) limits_[type][position - 1u] = tables.contiguous_strings();
    }
  }
}

std::optional<IdCheck::Unknown> IdCheck::UnknownIn(const OrderedEvent& event) const {
  const wire::IdPositions& ids = wire::IdPositionsOf(event.type);
  for (const std::uint8_t position : ids.stacks) {
    if (position == 0) break;
    const std::uint64_t id = event.args[position - 1u];
    if (!tables_->HasStack(id)) return Unknown{"stack", id};
  }
  for (const std::uint8_t position : ids.strings) {
    if (position == 0) break;
    const std::uint64_t id = event.args[position - 1u];
    if (!tables_->HasString(id)) return Unknown{"string", id};
  }
  return std::nullopt;
}

}  // namespace gtengine::order
