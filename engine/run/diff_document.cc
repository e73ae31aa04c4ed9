#include "engine/run/diff_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/analysis/report_tables.h"

namespace gtengine::run {
namespace {

bool IsSlower(const LengthChange& row) {
  return row.change.is_beyond_noise() && row.change.log > 0;
}
bool IsFaster(const LengthChange& row) {
  return row.change.is_beyond_noise() && row.change.log < 0;
}

Cell SignedCell(std::int64_t value) { return Cell::Integer(value); }

// What was compared: "10 same hosts", "10 and 9 hosts".
std::string UnitsText(const LengthChange& row) {
  if (row.by == Units::kSameHosts) return fmt::format("{} same hosts", row.units[0]);
  return fmt::format("{} and {} {}", row.units[0], row.units[1],
                     row.by == Units::kHosts ? "hosts" : "traces");
}

void AppendKeyColumns(std::vector<Column>& columns) {
  columns.push_back(KeyColumn("what", "what"));
  columns.push_back(KeyColumn("detail", "called from, or task"));
  columns.push_back(KeyColumn("service", "service"));
}

void AppendKeyCells(const LengthKey& key, const std::string& service, std::vector<Cell>& cells) {
  cells.push_back(TextCell(key.what));
  cells.push_back(TextCell(key.detail));
  cells.push_back(TextCell(service));
}

Table ChangesTable(std::string id, std::string heading,
                   const std::vector<const LengthChange*>& rows, std::size_t top) {
  Table table{std::move(id), std::move(heading), {}, {}};
  table.columns = {KeyColumn("name", "name"),
                   KeyColumn("percentile", "p", Unit::kId),
                   ValueColumn("count_a", "count A", Unit::kCount),
                   ValueColumn("count_b", "count B", Unit::kCount),
                   ValueColumn("a_ns", "A", Unit::kNs),
                   ValueColumn("b_ns", "B", Unit::kNs),
                   ValueColumn("change", "change", Unit::kPermille),
                   ValueColumn("noise", "noise", Unit::kPermille)};
  AppendKeyColumns(table.columns);
  table.columns.push_back(ValueColumn("by", "by", Unit::kText));
  for (const LengthChange* row : rows) {
    if (table.rows.size() == top) break;
    std::vector<Cell> cells = {
        TextCell(row->key.name),
        NumberCell(row->permille / 10),
        NumberCell(row->count[0]),
        NumberCell(row->count[1]),
        Cell::Integer(row->typical_ns[0]),
        Cell::Integer(row->typical_ns[1]),
        SignedCell(PermilleOf(row->change.log)),
        row->change.noise ? SignedCell(PermilleOf(*row->change.noise)) : Cell()};
    AppendKeyCells(row->key, row->service, cells);
    cells.push_back(Cell::Text(UnitsText(*row)));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

Table OneSidedTable(std::string id, std::string heading, const std::vector<OneSided>& rows,
                    std::size_t top) {
  Table table{std::move(id), std::move(heading), {KeyColumn("name", "name")}, {}};
  AppendLengthColumns(table.columns, "count", "count");
  AppendKeyColumns(table.columns);
  for (const OneSided& row : rows) {
    if (table.rows.size() == top) break;
    std::vector<Cell> cells = {TextCell(row.key.name)};
    AppendLengthCells(row.lengths, cells);
    AppendKeyCells(row.key, row.service, cells);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

Table ServicesTable(const CorpusDiff& diff) {
  Table table{"services", "Services on both sides", {}, {}};
  table.columns = {KeyColumn("service", "service"),
                   ValueColumn("traces_a", "traces A", Unit::kCount),
                   ValueColumn("traces_b", "traces B", Unit::kCount),
                   ValueColumn("hosts_a", "hosts A", Unit::kCount),
                   ValueColumn("hosts_b", "hosts B", Unit::kCount),
                   ValueColumn("common_hosts", "hosts of both", Unit::kCount)};
  for (const ComparedService& service : diff.services) {
    table.rows.push_back({TextCell(service.service), NumberCell(service.traces[0]),
                          NumberCell(service.traces[1]), NumberCell(service.hosts[0]),
                          NumberCell(service.hosts[1]), NumberCell(service.common_hosts)});
  }
  return table;
}

Table SlowHostsTable(const std::vector<SlowHost>& hosts, std::size_t top) {
  Table table{
      "slow_hosts", "Hosts that are slow by themselves in B", {KeyColumn("host", "host")}, {}};
  const std::vector<Column> columns = {ValueColumn("slower", "slower in", Unit::kCount),
                                       ValueColumn("compared", "of", Unit::kCount),
                                       ValueColumn("most", "at most by", Unit::kPermille),
                                       ValueColumn("percentile", "p", Unit::kId),
                                       ValueColumn("name", "name", Unit::kText),
                                       ValueColumn("what", "what", Unit::kText),
                                       ValueColumn("detail", "called from, or task", Unit::kText),
                                       KeyColumn("service", "service")};
  table.columns.insert(table.columns.end(), columns.begin(), columns.end());
  for (const SlowHost& host : hosts) {
    if (table.rows.size() == top) break;
    table.rows.push_back({TextCell(host.host), NumberCell(host.slower), NumberCell(host.compared),
                          SignedCell(PermilleOf(host.log)), NumberCell(host.permille / 10),
                          TextCell(host.key.name), TextCell(host.key.what),
                          TextCell(host.key.detail), TextCell(host.service)});
  }
  return table;
}

Table OtherServicesTable(const CorpusDiff& diff) {
  Table table{"other_services",
              "Services on one side only: not compared",
              {KeyColumn("service", "service"), KeyColumn("side", "side")},
              {}};
  for (std::size_t side = 0; side < 2; ++side) {
    for (const std::string& service : diff.other_services[side]) {
      table.rows.push_back({TextCell(service), Cell::Text(side == 0 ? "A" : "B")});
    }
  }
  return table;
}

template <class Keep>
std::vector<const LengthChange*> Those(const std::vector<LengthChange>& rows, Keep keep) {
  std::vector<const LengthChange*> kept;
  for (const LengthChange& row : rows) {
    if (keep(row)) kept.push_back(&row);
  }
  return kept;
}

bool HasChanged(const LengthChange& row) { return row.change.log != 0; }

void AddNotes(const CorpusDiff& diff, Document& document) {
  document.notes.push_back(
      fmt::format("Of each thing, p50 and p99 are compared. A and B are those of the median host "
                  "(or trace), of "
                  "those with at least {} lengths (for p99 {}). Change is from A to B; by same "
                  "hosts, it is the "
                  "median of each host's own. Noise is what the spread between hosts (or traces) "
                  "explains; what "
                  "changed by the greatest number of noises comes first.",
                  kLeastForMedian, kLeastForP99));
  const auto by_traces = [](const LengthChange& row) { return row.by == Units::kTraces; };
  if (std::ranges::any_of(diff.judged, by_traces)) {
    document.notes.push_back(fmt::format(
        "Where a side has fewer than {} hosts, traces are compared: a host that is slow by itself "
        "looks like a change then.",
        kLeastUnits));
  }
  if (!diff.unjudged.empty()) {
    document.notes.push_back(fmt::format(
        "With fewer than {} hosts and traces on a side, noise is not known, and nothing counts as "
        "slower.",
        kLeastUnits));
  }
}

}  // namespace

Document ToDocument(const CorpusDiff& diff, std::size_t top) {
  const auto slower = Those(diff.judged, IsSlower);
  const auto faster = Those(diff.judged, IsFaster);
  const auto unjudged = Those(diff.unjudged, HasChanged);
  Document document;
  document.report = "diff";
  document.title = "What changed from A to B";
  document.facts = {CountFact("traces_a", diff.traces[0]),
                    CountFact("traces_b", diff.traces[1]),
                    CountFact("slower", slower.size()),
                    CountFact("faster", faster.size()),
                    CountFact("within_noise", diff.judged.size() - slower.size() - faster.size()),
                    CountFact("noise_not_known", diff.unjudged.size()),
                    CountFact("too_rare", diff.too_rare),
                    CountFact("appeared", diff.one_sided[1].size()),
                    CountFact("vanished", diff.one_sided[0].size())};
  document.tables.push_back(ServicesTable(diff));
  if (!diff.other_services[0].empty() || !diff.other_services[1].empty()) {
    document.tables.push_back(OtherServicesTable(diff));
  }
  document.tables.push_back(ChangesTable("slower", "Slower, beyond noise", slower, top));
  document.tables.push_back(ChangesTable("faster", "Faster, beyond noise", faster, top));
  if (!diff.unjudged.empty()) {
    document.tables.push_back(
        ChangesTable("noise_not_known", "Changed, but noise is not known", unjudged, top));
  }
  if (!diff.slow_hosts.empty()) {
    document.tables.push_back(SlowHostsTable(diff.slow_hosts, top));
  }
  document.tables.push_back(
      OneSidedTable("appeared", "Only in B, by total time", diff.one_sided[1], top));
  document.tables.push_back(
      OneSidedTable("vanished", "Only in A, by total time", diff.one_sided[0], top));
  AddNotes(diff, document);
  return document;
}

std::uint64_t CountSlower(const CorpusDiff& diff, std::int64_t permille) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(diff.judged, [&](const LengthChange& row) {
        return IsSlower(row) && PermilleOf(row.change.log) > permille;
      }));
}

}  // namespace gtengine::run
