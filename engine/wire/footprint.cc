#include "engine/wire/footprint.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <iterator>
#include <span>
#include <string_view>

#include "engine/base/go_sort.h"
#include "engine/wire/event_spec.h"

namespace gtengine::wire {
namespace {

std::uint64_t VarintBytes(std::uint64_t value) {
  return (static_cast<std::uint64_t>(std::bit_width(value | 1)) + 6) / 7;
}

using Cells = std::array<std::string, 5>;

std::string Percent(std::uint64_t part, std::uint64_t whole) {
  return fmt::format("{:.2f}%", static_cast<double>(part) / static_cast<double>(whole) * 100);
}

// A table laid out as Go's text/tabwriter does with a least width of 3 and two blanks between
// columns.
class Table {
 public:
  void Measure(const Cells& cells) {
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      widths_[i] = std::max(widths_[i], cells[i].size() + kGap);
    }
  }
  void Append(const Cells& cells, std::string& out) const {
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      out += cells[i];
      out.append(widths_[i] - cells[i].size(), ' ');
    }
    out += cells.back();
    out += '\n';
  }

 private:
  static constexpr std::size_t kLeastWidth = 3;
  static constexpr std::size_t kGap = 2;

  // Of the columns but the last, which is not filled up.
  std::array<std::size_t, 4> widths_{kLeastWidth, kLeastWidth, kLeastWidth, kLeastWidth};
};

// The name column is as wide as in Go's table, which has a row for every byte, unknown types
// included.
Cells WidestNames(Version version) {
  std::string widest = "<unknown (255)>";
  for (std::uint8_t type = 0; type < TypeLimit(version); ++type) {
    const std::string_view name = SpecOf(type).name;
    if (name.size() > widest.size()) widest = name;
  }
  return {widest, "0", "0.00%", "0", ""};
}

}  // namespace

std::uint64_t EncodedBytes(const RawEvent& event) {
  std::uint64_t bytes = 1;
  for (const std::uint64_t number : event.numbers) bytes += VarintBytes(number);
  if (SpecOf(event.type).trailer == Trailer::kData) {
    bytes += VarintBytes(event.data.size()) + event.data.size();
  }
  return bytes;
}

Footprint::Footprint() {
  for (std::size_t type = 0; type < rows_.size(); ++type) {
    rows_[type].type = static_cast<EventType>(type);
  }
}

void Footprint::Add(const RawEvent& event) {
  Row& row = rows_[static_cast<std::uint8_t>(event.type)];
  ++row.count;
  row.bytes += EncodedBytes(event);
  ++event_count_;
}

std::vector<Footprint::Row> Footprint::Rows() const {
  // All 256 are sorted: which of two equal ones comes first depends on the others.
  std::array<Row, 256> sorted = rows_;
  GoSort(std::span<Row>(sorted), [](const Row& a, const Row& b) { return a.bytes > b.bytes; });
  std::vector<Row> rows;
  std::ranges::copy_if(sorted, std::back_inserter(rows),
                       [](const Row& row) { return row.count > 0; });
  return rows;
}

void AppendFootprintText(const Footprint& footprint, Version version, std::uint64_t trace_bytes,
                         std::string& out) {
  std::vector<Cells> lines{{"Event", "Bytes", "%", "Count", "%"}, {"-", "-", "-", "-", "-"}};
  for (const Footprint::Row& row : footprint.Rows()) {
    lines.push_back({std::string(SpecOf(row.type).name), fmt::format("{}", row.bytes),
                     Percent(row.bytes, trace_bytes), fmt::format("{}", row.count),
                     Percent(row.count, footprint.event_count())});
  }
  Table table;
  table.Measure(WidestNames(version));
  for (const Cells& cells : lines) table.Measure(cells);
  for (const Cells& cells : lines) table.Append(cells, out);
}

}  // namespace gtengine::wire
