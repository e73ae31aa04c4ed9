#include "engine/spans/allocation_builder.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "engine/wire/varint.h"

namespace gtengine::spans {

using order::OrderedEvent;
using wire::EventType;

namespace {

// First bytes of the experiment's data (Go's runtime/traceallocfree.go).
constexpr std::uint8_t kTypesData = 0;
constexpr std::uint8_t kUnitsData = 1;

// Bytes of a slot by size class (Go's internal/runtime/gc/sizeclasses.go); class 0 is for large
// objects, which have a span each.
constexpr std::array<std::uint16_t, 68> kSlotBytes = {
    0,     8,     16,    24,    32,    48,    64,    80,    96,    112,   128,   144,  160,   176,
    192,   208,   224,   240,   256,   288,   320,   352,   384,   416,   448,   480,  512,   576,
    640,   704,   768,   896,   1024,  1152,  1280,  1408,  1536,  1792,  2048,  2304, 2688,  3072,
    3200,  3456,  4096,  4864,  5376,  6144,  6528,  6784,  6912,  8192,  9472,  9728, 10240, 10880,
    12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768};

// A span is for objects when the lowest bit is 0; then comes whether they have no pointers, and
// their size class.
bool IsHeap(std::uint64_t kind_class) { return (kind_class & 1) == 0; }
AllocationKind KindOf(std::uint64_t kind_class) {
  return IsHeap(kind_class) ? AllocationKind::kHeapSpan : AllocationKind::kOtherSpan;
}

}  // namespace

void AllocationBuilder::BeginGeneration(const order::LoadedGeneration& loaded) {
  types_.clear();
  for (const ByteView data : loaded.tables.alloc_free_data()) {
    if (data.empty()) continue;
    if (data.front() == kTypesData) ReadTypes(data.subspan(1));
    if (data.front() == kUnitsData) ReadUnits(data.subspan(1));
  }
}

void AllocationBuilder::ReadTypes(ByteView data) {
  wire::ByteReader reader(data);
  while (!reader.done()) {
    const auto id = reader.Uvarint();
    const auto address = reader.Uvarint();
    const auto size = reader.Uvarint();
    const auto pointer_bytes = reader.Uvarint();
    const auto length = reader.Uvarint();
    if (!id || !address || !size || !pointer_bytes || !length || *length > reader.left()) return;
    const ByteView name = *reader.Bytes(static_cast<std::size_t>(*length));
    types_[*id] = strings_.Intern({reinterpret_cast<const char*>(name.data()), name.size()});
  }
}

void AllocationBuilder::ReadUnits(ByteView data) {
  wire::ByteReader reader(data);
  const auto heap_start = reader.Uvarint();
  const auto page_bytes = reader.Uvarint();
  const auto object_unit_bytes = reader.Uvarint();
  if (!heap_start || !page_bytes || !object_unit_bytes) return;
  if (*page_bytes == 0 || *object_unit_bytes == 0) return;
  page_bytes_ = *page_bytes;
  object_unit_bytes_ = *object_unit_bytes;
}

AllocationBuilder::Live AllocationBuilder::BornAt(const OrderedEvent& event, bool is_found) const {
  if (is_found) return {.start_ns = trace_start_ns_, .flags = kCutAtStart};
  return {.g = event.g, .start_ns = event.time_ns};
}

std::uint64_t AllocationBuilder::SlotBytes(std::uint64_t object) const {
  const std::uint64_t page = object * object_unit_bytes_ / page_bytes_;
  const auto after = spans_.upper_bound(page);
  if (after == spans_.begin()) return 0;
  const auto& [first_page, span] = *std::prev(after);
  if (page - first_page >= span.pages || !IsHeap(span.kind_class)) return 0;
  const std::uint64_t size_class = span.kind_class >> 2;
  if (size_class == 0) return span.live.bytes;
  return size_class < kSlotBytes.size() ? kSlotBytes[static_cast<std::size_t>(size_class)] : 0;
}

void AllocationBuilder::Add(const OrderedEvent& event) {
  const bool is_found = event.type == EventType::kSpan || event.type == EventType::kHeapObject ||
                        event.type == EventType::kGoroutineStack;
  switch (event.type) {
    case EventType::kSpan:
    case EventType::kSpanAlloc:
      return AddSpan(event, is_found);
    case EventType::kSpanFree:
      return FreeSpan(event);
    case EventType::kHeapObject:
    case EventType::kHeapObjectAlloc: {
      Live live = BornAt(event, is_found);
      live.bytes = SlotBytes(event.args[0]);
      if (const auto type = types_.find(event.args[1]); type != types_.end()) {
        live.type = type->second;
      }
      return Replace(AllocationKind::kObject, objects_[event.args[0]], live);
    }
    case EventType::kHeapObjectFree:
      return Free(objects_, AllocationKind::kObject, event);
    case EventType::kGoroutineStack:
    case EventType::kGoroutineStackAlloc: {
      Live live = BornAt(event, is_found);
      // Told as how many bits the size has, which is a power of 2.
      const std::uint64_t bits = event.args[1];
      if (bits >= 1 && bits <= 64) live.bytes = std::uint64_t{1} << (bits - 1);
      return Replace(AllocationKind::kStack, stacks_[event.args[0]], live);
    }
    case EventType::kGoroutineStackFree:
      return Free(stacks_, AllocationKind::kStack, event);
    default:
      return;
  }
}

// A new life in the place of another, if that has begun.
void AllocationBuilder::Replace(AllocationKind kind, Live& old, const Live& live) {
  const Live before = old;
  old = live;
  old.flags |= kReplaced;  // taken off when it is freed, or lives to the end
  if (before.flags & kReplaced) Write(kind, before, live.start_ns, 0);
}

void AllocationBuilder::Free(tsl::robin_map<std::uint64_t, Live, MixHash>& lives,
                             AllocationKind kind, const OrderedEvent& event) {
  const auto found = lives.find(event.args[0]);
  if (found == lives.end()) {
    Live unseen = BornAt(event, true);
    if (kind == AllocationKind::kObject) unseen.bytes = SlotBytes(event.args[0]);
    return Write(kind, unseen, event.time_ns, 0);
  }
  Live live = found->second;
  lives.erase(found);
  live.flags &= static_cast<std::uint8_t>(~kReplaced);
  Write(kind, live, event.time_ns, 0);
}

void AllocationBuilder::AddSpan(const OrderedEvent& event, bool is_found) {
  Live live = BornAt(event, is_found);
  live.bytes = event.args[1] * page_bytes_;
  Span& span = spans_[event.args[0]];
  const AllocationKind kind_before = KindOf(span.kind_class);
  span.pages = event.args[1];
  span.kind_class = event.args[2];
  Replace(kind_before, span.live, live);
}

void AllocationBuilder::FreeSpan(const OrderedEvent& event) {
  const auto found = spans_.find(event.args[0]);
  if (found == spans_.end()) {
    return Write(AllocationKind::kOtherSpan, BornAt(event, true), event.time_ns, 0);
  }
  Live live = found->second.live;
  live.flags &= static_cast<std::uint8_t>(~kReplaced);
  Write(KindOf(found->second.kind_class), live, event.time_ns, 0);
  spans_.erase(found);
}

void AllocationBuilder::Write(AllocationKind kind, const Live& live, TimeNs end_ns,
                              std::uint8_t end_flags) {
  const auto [allocations, row] = sink_.AddRow();
  allocations.kind[row] = kind;
  allocations.type[row] = live.type;
  allocations.bytes[row] = live.bytes;
  allocations.g[row] = live.g;
  allocations.start_ns[row] = live.start_ns;
  allocations.end_ns[row] = end_ns;
  allocations.flags[row] = live.flags | end_flags;
}

void AllocationBuilder::Finish(TimeNs trace_end_ns) {
  const auto write_open = [&](AllocationKind kind, Live live) {
    live.flags &= static_cast<std::uint8_t>(~kReplaced);
    Write(kind, live, trace_end_ns, kCutAtEnd);
  };
  const auto write_all = [&](AllocationKind kind, const auto& lives) {
    std::vector<std::uint64_t> ids;
    for (const auto& [id, live] : lives) ids.push_back(id);
    std::ranges::sort(ids);
    for (const std::uint64_t id : ids) write_open(kind, lives.at(id));
  };
  write_all(AllocationKind::kObject, objects_);
  write_all(AllocationKind::kStack, stacks_);
  for (const auto& [page, span] : spans_) write_open(KindOf(span.kind_class), span.live);
}

}  // namespace gtengine::spans
