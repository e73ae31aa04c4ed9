// The allocfree report: what was allocated and freed, by type and size, where a trace tells it.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/report_tables.h"
#include "engine/reports/state_report.h"

namespace gtengine {

template <>
inline constexpr std::uint64_t kEnumLimit<AllocationKind> = kAllocationKindCount;

namespace {

struct SizeKey {
  AllocationKind kind = AllocationKind::kObject;
  std::uint64_t bytes = 0;

  static constexpr auto Fields() { return std::tuple(&SizeKey::kind, &SizeKey::bytes); }
  friend auto operator<=>(const SizeKey&, const SizeKey&) = default;
};

struct Totals {
  std::uint64_t found = 0;  // at a trace's start
  std::uint64_t allocated = 0;
  std::uint64_t freed = 0;
  Uint128 found_bytes = 0;
  Uint128 allocated_bytes = 0;
  Uint128 freed_bytes = 0;
  Distribution lived_ns;  // of those that were allocated and freed in a trace

  static constexpr auto Fields() {
    return std::tuple(&Totals::found, &Totals::allocated, &Totals::freed, &Totals::found_bytes,
                      &Totals::allocated_bytes, &Totals::freed_bytes, &Totals::lived_ns);
  }
  void Add(const Totals& other) {
    found += other.found;
    allocated += other.allocated;
    freed += other.freed;
    found_bytes += other.found_bytes;
    allocated_bytes += other.allocated_bytes;
    freed_bytes += other.freed_bytes;
    lived_ns.Combine(other.lived_ns);
  }
};

struct AllocFree {
  static constexpr std::string_view kName = "allocfree";
  static constexpr std::string_view kSummary =
      "objects, spans and stacks allocated and freed, where the experiment was on";
  static constexpr std::uint32_t kVersion = 1;
  static constexpr bool kIsOfWholeTraces = true;

  struct State {
    std::map<StringRef, Totals> types;  // of objects
    std::map<SizeKey, Totals> sizes;

    static constexpr auto Fields() { return std::tuple(&State::types, &State::sizes); }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
};

class AllocFree::Accumulator final : public StateAccumulator<AllocFree> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets.allocations = true;
    return request;
  }

  void OnAllocations(const Allocations& rows, const TraceTables&) override {
    for (std::size_t i = 0; i < rows.rows; ++i) {
      Add(rows, i, state_.sizes[{rows.kind[i], rows.bytes[i]}]);
      if (rows.kind[i] == AllocationKind::kObject) Add(rows, i, state_.types[rows.type[i]]);
    }
  }
  std::size_t state_bytes(const Growth&) override {
    return HeapBytes(state_.types) + HeapBytes(state_.sizes);
  }

 private:
  static void Add(const Allocations& rows, std::size_t row, Totals& to) {
    const bool is_found = rows.flags[row] & kCutAtStart;
    const bool is_freed = !(rows.flags[row] & (kCutAtEnd | kReplaced));
    (is_found ? to.found : to.allocated) += 1;
    (is_found ? to.found_bytes : to.allocated_bytes) += rows.bytes[row];
    if (!is_freed) return;
    ++to.freed;
    to.freed_bytes += rows.bytes[row];
    if (is_found) return;
    to.lived_ns.Add(static_cast<std::int64_t>(LengthNs(rows.start_ns[row], rows.end_ns[row])));
  }
  void Fill(const TraceTables&, AllocFree::State& state) override { state = std::move(state_); }

  AllocFree::State state_;
};

void AppendTotalColumns(std::vector<Column>& columns) {
  columns.push_back(ValueColumn("found", "found", Unit::kCount));
  columns.push_back(ValueColumn("allocated", "allocated", Unit::kCount));
  columns.push_back(ValueColumn("allocated_bytes", "bytes", Unit::kBytes));
  columns.push_back(ValueColumn("freed", "freed", Unit::kCount));
  columns.push_back(ValueColumn("freed_bytes", "bytes", Unit::kBytes));
  columns.push_back(ValueColumn("lived_p50_ns", "lived p50", Unit::kNs));
  columns.push_back(ValueColumn("lived_p99_ns", "p99", Unit::kNs));
}

void AppendTotalCells(const Totals& totals, std::vector<Cell>& cells) {
  cells.push_back(NumberCell(totals.found));
  cells.push_back(NumberCell(totals.allocated));
  cells.push_back(NumberCell(totals.allocated_bytes));
  cells.push_back(NumberCell(totals.freed));
  cells.push_back(NumberCell(totals.freed_bytes));
  for (const std::uint32_t permille : {500, 990}) {
    cells.push_back(totals.lived_ns.empty() ? Cell()
                                            : Cell::Integer(totals.lived_ns.Quantile(permille)));
  }
}

Table TypesTable(const AllocFree::State& state, const TraceTables& tables, std::size_t limit) {
  std::vector<Column> columns = {KeyColumn("type", "type")};
  AppendTotalColumns(columns);
  RankedRows rows("types", "Objects by type, by bytes allocated", std::move(columns));
  for (const auto& [type, totals] : state.types) {
    const std::string_view name = tables.strings.Get(type);
    std::vector<Cell> cells = {TextCell(name.empty() ? "(no type told)" : name)};
    AppendTotalCells(totals, cells);
    rows.Add(totals.allocated_bytes, std::move(cells));
  }
  return std::move(rows).Take(limit);
}

Table SizesTable(const AllocFree::State& state, std::size_t limit) {
  constexpr std::string_view kKinds[kAllocationKindCount] = {"object", "heap span", "other span",
                                                             "stack"};
  std::vector<Column> columns = {KeyColumn("kind", "kind"),
                                 KeyColumn("size_bytes", "size", Unit::kBytes)};
  AppendTotalColumns(columns);
  RankedRows rows("sizes", "By size, by bytes allocated", std::move(columns));
  for (const auto& [key, totals] : state.sizes) {
    std::vector<Cell> cells = {TextCell(kKinds[static_cast<std::size_t>(key.kind)]),
                               NumberCell(key.bytes)};
    AppendTotalCells(totals, cells);
    rows.Add(totals.allocated_bytes, std::move(cells));
  }
  return std::move(rows).Take(limit);
}

Document AllocFree::ToDocument(const State& state, const TraceTables& tables,
                               const ReportOptions& options) {
  Totals all[kAllocationKindCount];
  for (const auto& [key, totals] : state.sizes) {
    all[static_cast<std::size_t>(key.kind)].Add(totals);
  }
  const Totals& objects = all[static_cast<std::size_t>(AllocationKind::kObject)];
  const Totals& stacks = all[static_cast<std::size_t>(AllocationKind::kStack)];
  Totals spans = all[static_cast<std::size_t>(AllocationKind::kHeapSpan)];
  spans.Add(all[static_cast<std::size_t>(AllocationKind::kOtherSpan)]);
  Document document;
  document.report = kName;
  document.title = "Memory: what was allocated and freed";
  document.facts = {CountFact("objects_found", objects.found),
                    CountFact("objects_allocated", objects.allocated),
                    SumFact("bytes_allocated", objects.allocated_bytes, Unit::kBytes),
                    CountFact("objects_freed", objects.freed),
                    CountFact("spans_allocated", spans.allocated),
                    CountFact("spans_freed", spans.freed),
                    CountFact("stacks_allocated", stacks.allocated),
                    CountFact("stacks_freed", stacks.freed)};
  document.tables.push_back(TypesTable(state, tables, options.top));
  document.tables.push_back(SizesTable(state, options.top));
  document.notes.push_back(
      state.sizes.empty()
          ? "None: no trace has allocations. The program must run with GODEBUG=traceallocfree=1."
          : "Found are those that were there at a trace's start. An object takes a slot of its "
            "size class. Lived tells of those that were allocated and freed in the trace.");
  return document;
}

}  // namespace

ReportType AllocFreeReport() { return MakeReport<AllocFree>(); }

}  // namespace gtengine
