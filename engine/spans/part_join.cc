#include "engine/spans/part_join.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gtengine::spans {
namespace {

using order::OrderedEvent;

// Where the span is that a goroutine was in when a part began.
struct Owner {
  std::size_t part = 0;
  std::uint32_t slot = order::kNoSlot;
};

class Parts {
 public:
  explicit Parts(std::span<const Part> parts) : parts_(parts) {}

  const Part& operator[](std::size_t i) const { return parts_[i]; }
  std::size_t size() const { return parts_.size(); }

  // The last part before `before` that has a span of the goroutine; it was alive then, so that each
  // stream knows it up to the part where it came to be.
  std::optional<Owner> OwnerOf(GoId g, std::size_t before) const {
    for (std::size_t i = before; i-- > 0;) {
      const std::uint32_t slot = parts_[i].stream->SlotOf(g);
      if (slot == order::kNoSlot) return std::nullopt;
      if (parts_[i].builder->Has(slot)) return Owner{.part = i, .slot = slot};
    }
    return std::nullopt;
  }

  // The name that a goroutine had when a part began, empty if none; `unnamed` gets those who would
  // like to know it.
  std::string_view NameBefore(GoId g, std::size_t before, std::vector<Owner>& unnamed) const {
    unnamed.clear();
    for (auto owner = OwnerOf(g, before); owner; owner = OwnerOf(g, owner->part)) {
      const SpanBuilder& builder = *parts_[owner->part].builder;
      const std::string_view name = builder.StartFunction(owner->slot);
      if (!name.empty()) return name;
      unnamed.push_back(*owner);
      if (!builder.HasArrived(owner->slot)) break;
    }
    return {};
  }

 private:
  std::span<const Part> parts_;
};

void TellNames(const Parts& parts, std::size_t i) {
  std::vector<Owner> unnamed;
  SpanBuilder& builder = *parts[i].builder;
  for (const SpanBuilder::Arrival& arrival : builder.Arrivals()) {
    const std::string_view before = parts.NameBefore(arrival.g, i, unnamed);
    if (arrival.start_function == kEmptyString) {
      if (arrival.slot != order::kNoSlot) {
        if (!before.empty()) builder.Name(arrival.slot, before);
      } else if (arrival.has_unnamed_rows) {
        builder.NameRows(arrival.number, before);
      }
    } else if (before.empty()) {
      const std::string name(builder.tables().strings.Get(arrival.start_function));
      for (const Owner& owner : unnamed) parts[owner.part].builder->Name(owner.slot, name);
    }
  }
}

void CloseSpans(const Parts& parts, std::size_t i) {
  for (std::size_t before = 0; before < i; ++before) {
    parts[before].builder->BeginCrossings(parts[i].builder->tables());
  }
  for (const OrderedEvent& event : parts[i].builder->crossings()) {
    const auto owner = parts.OwnerOf(order::SubjectGoroutine(event), i);
    if (!owner) continue;
    SpanBuilder& builder = *parts[owner->part].builder;
    builder.Cross(owner->slot, event);
    const auto running = static_cast<std::uint8_t>(GoState::kRunning);
    const bool is_left = event.from == running || event.to == running;
    if (is_left && builder.Has(owner->slot)) builder.Forget(owner->slot);
  }
}

}  // namespace

bool GoTogether(std::span<const Part> part_span) {
  const Parts parts(part_span);
  const std::size_t i = parts.size() - 1;
  if (i == 0) return true;
  std::vector<Owner> unnamed;
  const SpanBuilder& builder = *parts[i].builder;
  for (const SpanBuilder::Arrival& arrival : builder.Arrivals()) {
    const auto owner = parts.OwnerOf(arrival.g, i);
    if (!owner || parts[owner->part].builder->WasForever(owner->slot)) return false;
    if (arrival.start_function == kEmptyString) continue;
    const std::string_view before = parts.NameBefore(arrival.g, i, unnamed);
    if (!before.empty() && before != builder.tables().strings.Get(arrival.start_function)) {
      return false;
    }
  }
  return true;
}

void JoinParts(std::span<const Part> part_span) {
  const Parts parts(part_span);
  for (std::size_t i = 1; i < parts.size(); ++i) TellNames(parts, i);
  for (std::size_t i = 1; i < parts.size(); ++i) CloseSpans(parts, i);
  const TimeNs end_ns = parts[parts.size() - 1].builder->last_ns();
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].builder->Finish(end_ns);
}

}  // namespace gtengine::spans
