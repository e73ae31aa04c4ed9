#include "engine/spans/range_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/mix_hash.h"

namespace gtengine::spans {

using order::OrderedEvent;
using wire::EventType;

RangeBuilder::RangeBuilder(ColumnSink<Ranges>& sink, GenerationRefs& refs, TraceTables& tables,
                           bool with_stacks)
    : sink_(sink), refs_(refs), tables_(tables), with_stacks_(with_stacks) {
  const auto name = [&](RangeKind kind, const char* text) {
    names_[static_cast<std::size_t>(kind)] = tables_.strings.Intern(text);
  };
  name(RangeKind::kMark, "GC concurrent mark phase");
  name(RangeKind::kSweep, "GC incremental sweep");
  name(RangeKind::kMarkAssist, "GC mark assist");
}

RangeBuilder::Key RangeBuilder::KeyOf(const OrderedEvent& event) {
  switch (event.type) {
    case EventType::kStwBegin:
    case EventType::kStwEnd:
      return {.kind = RangeKind::kStopTheWorld, .scope_g = event.g, .reason = event.args[0]};
    case EventType::kGcSweepBegin:
    case EventType::kGcSweepEnd:
      return {.kind = RangeKind::kSweep, .scope_p = event.p};
    case EventType::kGcSweepActive:
      return {.kind = RangeKind::kSweep,
              .scope_p = ProcId{static_cast<std::int64_t>(event.args[0])}};
    case EventType::kGcMarkAssistBegin:
    case EventType::kGcMarkAssistEnd:
      return {.kind = RangeKind::kMarkAssist, .scope_g = event.g};
    case EventType::kGcMarkAssistActive:
      return {.kind = RangeKind::kMarkAssist,
              .scope_g = GoId{static_cast<std::int64_t>(event.args[0])}};
    default:
      return {.kind = RangeKind::kMark};
  }
}

StringRef RangeBuilder::NameOf(const Key& key) {
  if (key.kind != RangeKind::kStopTheWorld) return names_[static_cast<std::size_t>(key.kind)];
  const std::string_view reason = tables_.strings.Get(refs_.String(key.reason));
  return tables_.strings.Intern(fmt::format("stop-the-world ({})", reason));
}

std::size_t RangeBuilder::KeyHash::operator()(const Key& key) const {
  const MixHash mix;
  const std::size_t scope = mix(Raw(key.scope_g) ^ Raw(key.scope_p));  // one of them is none
  return mix(static_cast<std::int64_t>(
      scope ^ (key.reason * kRangeKindCount + static_cast<std::uint64_t>(key.kind))));
}

void RangeBuilder::AddRange(const OrderedEvent& event) {
  const Key key = KeyOf(event);
  const order::EventKind kind = order::KindOf(event.type);
  const auto known = open_.find(key);
  if (kind == order::EventKind::kRangeEnd) {
    if (known == open_.end()) return;
    if (stopping_ == key) EndStopping();
    Close(key, known->second, event, 0);
    open_.erase(known);
  } else if (known == open_.end()) {
    // Later generations restate what is under way, which is known by then.
    Start(event, key, kind == order::EventKind::kRangeActive);
  }
}

void RangeBuilder::Start(const OrderedEvent& event, const Key& key, bool is_under_way) {
  const TimeNs start_ns = is_under_way ? trace_start_ns_ : event.time_ns;
  Open open{.name = NameOf(key),
            .start_g = event.g,
            .start_ns = start_ns,
            .stopped_ns = start_ns,
            .start_stack = StackOf(event),
            .flags = is_under_way ? kCutAtStart : std::uint8_t{0},
            .running_since_ns = {}};
  if (key.kind == RangeKind::kMarkAssist) {
    ++open_assists_;
    if (event.g == key.scope_g) open.running_since_ns = start_ns;
  }
  open_.emplace(key, open);
  if (key.kind != RangeKind::kStopTheWorld) return;
  EndStopping();
  stopping_ = key;
  stopped_ns_ = start_ns;
}

void RangeBuilder::AddToAssist(const OrderedEvent& event) {
  const auto found =
      open_.find(Key{.kind = RangeKind::kMarkAssist, .scope_g = order::SubjectGoroutine(event)});
  if (found == open_.end()) return;
  Open& open = found.value();
  if (static_cast<GoState>(event.to) == GoState::kRunning) {
    open.running_since_ns = event.time_ns;
  } else if (open.running_since_ns) {
    open.running_ns += LengthNs(*open.running_since_ns, event.time_ns);
    open.running_since_ns.reset();
  }
}

// The first P that runs again ends the time in which nothing does, although the end of the
// stop-the-world is written a little later.
void RangeBuilder::AddProc(const OrderedEvent& event) {
  if (!stopping_) return;
  if (static_cast<ProcState>(event.to) == ProcState::kRunning) {
    EndStopping();
  } else if (static_cast<ProcState>(event.from) == ProcState::kRunning) {
    stopped_ns_ = event.time_ns;
  }
}

void RangeBuilder::EndStopping() {
  if (stopping_) open_.find(*stopping_).value().stopped_ns = stopped_ns_;
  stopping_.reset();
}

void RangeBuilder::Close(const Key& key, const Open& open, const OrderedEvent& event,
                         std::uint8_t end_flags) {
  const auto [ranges, row] = sink_.AddRow();
  const bool has_bytes = event.type == EventType::kGcSweepEnd;
  if (key.kind == RangeKind::kMarkAssist) --open_assists_;
  ranges.kind[row] = key.kind;
  ranges.name[row] = open.name;
  ranges.scope_g[row] = key.scope_g;
  ranges.scope_p[row] = key.scope_p;
  ranges.start_g[row] = open.start_g;
  ranges.end_g[row] = event.g;
  ranges.start_ns[row] = open.start_ns;
  ranges.end_ns[row] = event.time_ns;
  ranges.stopped_ns[row] = open.stopped_ns;
  ranges.running_ns[row] =
      open.running_ns +
      (open.running_since_ns ? LengthNs(*open.running_since_ns, event.time_ns) : 0);
  ranges.start_stack[row] = open.start_stack;
  ranges.end_stack[row] = StackOf(event);
  ranges.swept_bytes[row] = has_bytes ? event.args[0] : 0;
  ranges.reclaimed_bytes[row] = has_bytes ? event.args[1] : 0;
  ranges.flags[row] = open.flags | end_flags;
}

void RangeBuilder::Finish(TimeNs trace_end_ns) {
  EndStopping();
  std::vector<std::pair<Key, Open>> left(open_.begin(), open_.end());
  std::ranges::sort(left, [](const auto& a, const auto& b) {
    return std::tuple(a.first.kind, a.first.scope_g, a.first.scope_p, a.first.reason) <
           std::tuple(b.first.kind, b.first.scope_g, b.first.scope_p, b.first.reason);
  });
  OrderedEvent end;
  end.time_ns = trace_end_ns;
  for (const auto& [key, open] : left) Close(key, open, end, kCutAtEnd);
}

}  // namespace gtengine::spans
