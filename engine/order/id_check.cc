#include "engine/order/id_check.h"

#include <fmt/format.h>

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

bool IdCheck::PassesOneByOne(const OrderedEvent& event) const {
  const wire::IdPositions ids = wire::IdPositionsOf(event.type);
  const auto has_stack = [&](std::uint8_t position) {
    return position == 0 || tables_->HasStack(event.args[position - 1u]);
  };
  const auto has_string = [&](std::uint8_t position) {
    return position == 0 || tables_->HasString(event.args[position - 1u]);
  };
  return has_stack(ids.stacks[0]) && has_string(ids.strings[0]) && has_stack(ids.stacks[1]) &&
         has_string(ids.strings[1]);
}

std::string IdCheck::UnknownIn(const OrderedEvent& event) const {
  const wire::EventSpec& spec = wire::SpecOf(event.type);
  if (spec.event_class != wire::EventClass::kTimed) return {};
  for (const std::uint8_t position : spec.stacks) {
    if (position == 0) break;
    const std::uint64_t id = event.args[position - 1u];
    if (!tables_->HasStack(id)) return fmt::format("stack {}", id);
  }
  for (const std::uint8_t position : spec.strings) {
    if (position == 0) break;
    const std::uint64_t id = event.args[position - 1u];
    if (!tables_->HasString(id)) return fmt::format("string {}", id);
  }
  return {};
}

}  // namespace gtengine::order
