#include "tools/gtengine/info_document.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace gtengine::cli {
namespace {

Cell Number(std::uint64_t value) { return Cell::Integer(static_cast<Int128>(value)); }

Cell Length(const std::optional<wire::TimeSpan>& times) {
  if (!times) return {};
  return Cell::Integer(static_cast<Int128>(times->last_ns) - static_cast<Int128>(times->first_ns));
}

// "2026-11-23 09:48:13.123456789 UTC".
std::string WallClock(std::int64_t unix_ns) {
  constexpr std::int64_t kNsPerSecond = 1'000'000'000;
  std::int64_t seconds = unix_ns / kNsPerSecond;
  std::int64_t nanoseconds = unix_ns % kNsPerSecond;
  if (nanoseconds < 0) {
    nanoseconds += kNsPerSecond;
    --seconds;
  }
  const std::tm utc = fmt::gmtime(static_cast<std::time_t>(seconds));
  return fmt::format("{:%Y-%m-%d %H:%M:%S}.{:09d} UTC", utc, nanoseconds);
}

std::string_view Name(wire::LossScope scope) {
  switch (scope) {
    case wire::LossScope::kBatchTail:
      return "the rest of a batch";
    case wire::LossScope::kTables:
      return "a generation's tables and times";
    case wire::LossScope::kStretch:
      return "a stretch without a whole generation";
  }
  return {};
}

std::vector<Fact> Facts(const std::string& path, const wire::TraceInfo& info) {
  std::vector<Fact> facts;
  const auto add = [&](const char* key, Cell value, Unit unit) {
    facts.push_back({.key = key, .value = std::move(value), .unit = unit});
  };
  std::uint64_t batches = 0;
  for (const std::uint64_t count : info.batches) batches += count;
  batches -= info.batches[static_cast<std::size_t>(wire::BatchKind::kEndOfGeneration)];
  std::uint64_t events = 0;
  for (const std::uint64_t count : info.events) events += count;

  add("trace", Cell::Text(path), Unit::kText);
  add("format", Cell::Text(fmt::format("go 1.{}", static_cast<int>(info.version))), Unit::kText);
  add("bytes", Number(info.bytes), Unit::kBytes);
  add("generations", Number(info.generations.size()), Unit::kCount);
  add("batches", Number(batches), Unit::kCount);
  add("ms", Number(info.ms), Unit::kCount);
  add("events", Number(events), Unit::kCount);
  add("length", Length(info.times), Unit::kNs);
  // Of the trace's clock, whose zero means nothing.
  add("first_time_ns", info.times ? Cell::Integer(info.times->first_ns) : Cell(), Unit::kId);
  add("last_time_ns", info.times ? Cell::Integer(info.times->last_ns) : Cell(), Unit::kId);
  add("wall_clock_start", info.wall_start_ns ? Cell::Text(WallClock(*info.wall_start_ns)) : Cell(),
      Unit::kText);
  add("damages", Number(info.loss_count), Unit::kCount);
  add("lost_bytes", Number(info.lost_bytes), Unit::kBytes);
  return facts;
}

Table Generations(const wire::TraceInfo& info) {
  Table table{.id = "generations",
              .heading = "Generations",
              .columns = {{"offset", "at byte", Unit::kId, ColumnKind::kKey},
                          {"number", "number", Unit::kId},
                          {"bytes", "bytes", Unit::kBytes},
                          {"batches", "batches", Unit::kCount},
                          {"ms", "Ms", Unit::kCount},
                          {"timed_events", "timed events", Unit::kCount},
                          {"cpu_samples", "CPU samples", Unit::kCount},
                          {"strings", "strings", Unit::kCount},
                          {"stacks", "stacks", Unit::kCount},
                          {"frequency_hz", "ticks a second", Unit::kCount},
                          {"length", "length", Unit::kNs}},
              .rows = {}};
  for (const wire::GenerationInfo& generation : info.generations) {
    table.rows.push_back(
        {Number(generation.offset), Number(generation.number), Number(generation.bytes),
         Number(generation.batches), Number(generation.ms), Number(generation.timed_events),
         Number(generation.cpu_samples), Number(generation.strings), Number(generation.stacks),
         Number(generation.frequency_hz), Length(generation.times)});
  }
  return table;
}

Table Events(const wire::TraceInfo& info) {
  Table table{.id = "events",
              .heading = "Events by type",
              .columns = {{"type", "type", Unit::kText, ColumnKind::kKey},
                          {"count", "count", Unit::kCount}},
              .rows = {}};
  for (std::size_t type = 0; type < info.events.size(); ++type) {
    if (info.events[type] == 0) continue;
    table.rows.push_back(
        {Cell::Text(std::string(wire::EventName(info.version, static_cast<std::uint8_t>(type)))),
         Number(info.events[type])});
  }
  return table;
}

Table Damages(const wire::TraceInfo& info) {
  Table table{.id = "damage",
              .heading = "Damage",
              .columns = {{"number", "number", Unit::kId, ColumnKind::kKey},
                          {"what", "what", Unit::kText},
                          {"lost", "lost", Unit::kText},
                          {"lost_bytes", "bytes", Unit::kBytes}},
              .rows = {}};
  for (const wire::Loss& loss : info.losses) {
    table.rows.push_back({Number(table.rows.size() + 1), Cell::Text(loss.error.ToString()),
                          Cell::Text(std::string(Name(loss.scope))), Number(loss.lost_bytes)});
  }
  return table;
}

}  // namespace

Document DescribeInfo(const std::string& path, const wire::TraceInfo& info) {
  Document document{.report = "info",
                    .title = path,
                    .facts = Facts(path, info),
                    .tables = {Generations(info), Events(info)},
                    .notes = {}};
  if (info.loss_count > 0) document.tables.push_back(Damages(info));
  if (info.losses.size() < info.loss_count) {
    document.notes.push_back(
        fmt::format("Only the first {} damages are listed.", info.losses.size()));
  }
  return document;
}

}  // namespace gtengine::cli
