// A report's result without any format: what it says and in which units. How that looks on a
// terminal, in JSON or on a page is decided in engine/render, which sees nothing else of a report.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/int128.h"

namespace gtengine {

// What a cell's value counts. A unit belongs to a whole column (or to a fact).
enum class Unit : std::uint8_t {
  kText,      // UTF-8 as the trace had it: may hold control characters and invalid bytes
  kCount,     // how many
  kNs,        // nanoseconds: a length, or an offset from a trace's start
  kBytes,     // bytes
  kPermille,  // thousandths of a whole
  kId,        // a number that names something: never added, grouped or rounded
};

// The unit's stable name in written output: "text", "count", "ns", "bytes", "permille", "id".
constexpr std::string_view Name(Unit unit) {
  constexpr std::string_view kNames[] = {"text", "count", "ns", "bytes", "permille", "id"};
  return kNames[static_cast<std::size_t>(unit)];
}

// A value: an integer, a text, or nothing ("not known", other than 0 and "").
class Cell {
 public:
  Cell() = default;
  static Cell Integer(Int128 value) { return Cell(value); }
  static Cell Text(std::string value) { return Cell(std::move(value)); }

  bool is_empty() const { return value_.index() == 0; }
  // The integer, or nullptr when the cell holds none. Valid while the cell lives unchanged.
  const Int128* integer() const { return std::get_if<Int128>(&value_); }
  // The text, or nullptr when the cell holds none. Valid while the cell lives unchanged.
  const std::string* text() const { return std::get_if<std::string>(&value_); }

  friend bool operator==(const Cell&, const Cell&) = default;

 private:
  explicit Cell(Int128 value) : value_(value) {}
  explicit Cell(std::string value) : value_(std::move(value)) {}

  std::variant<std::monostate, Int128, std::string> value_;
};

// What a column does for its row.
enum class ColumnKind : std::uint8_t {
  kKey,    // the key columns together name the row: no two rows of a table have the same
  kValue,  // measured, or told about what the key names
};

struct Column {
  std::string id;       // snake_case, stable between releases, unique in its table
  std::string heading;  // for people
  Unit unit = Unit::kText;
  ColumnKind kind = ColumnKind::kValue;
};

// Every row has as many cells as there are columns. The order of the rows is the report's and
// matters.
struct Table {
  std::string id;       // snake_case, stable, unique in its document
  std::string heading;  // for people
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

struct Fact {
  std::string key;  // snake_case, stable, unique in its document
  Cell value;
  Unit unit = Unit::kText;
};

struct ProfileFrame {
  std::string function;
  std::string file;
  std::uint64_t line = 0;

  friend auto operator<=>(const ProfileFrame&, const ProfileFrame&) = default;
};

// What a profile measures.
struct ProfileValue {
  std::string id;  // as the profile's readers know it, such as "delay"
  Unit unit = Unit::kCount;
};

// What a sample belongs to besides its stack: name and text, in order of name, each name once.
using ProfileLabels = std::vector<std::pair<std::string, std::string>>;

struct ProfileSample {
  std::vector<std::uint32_t> stack;  // positions among the profile's frames, leaf first
  ProfileLabels labels;
  std::vector<Int128> values;  // one for each of the profile's values
};

// Measurements by whole stack. ProfileBuilder (profile_builder.h) makes one in canonical order.
struct Profile {
  std::string id;       // snake_case, stable, unique in its document
  std::string heading;  // for people
  std::vector<ProfileValue> values;
  std::vector<ProfileFrame> frames;
  std::vector<ProfileSample> samples;
};

struct Document {
  std::string report;  // the report's name in the registry
  std::string title;   // names the group, too
  std::vector<Fact> facts;
  std::vector<Table> tables;
  std::vector<std::string> notes;  // sentences
  // Only where ReportOptions ask for them.
  std::vector<Profile> profiles = {};
  // Where results are grouped: name and text of each key of the group that this one is of.
  std::vector<std::pair<std::string, std::string>> group = {};
};

}  // namespace gtengine
