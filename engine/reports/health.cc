// The health report: how much tracing each host did, and how good its clocks were.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/report_tables.h"
#include "engine/reports/state_report.h"

namespace gtengine {
namespace {

constexpr std::uint64_t kNsASecond = 1'000'000'000;

struct HostKey {
  std::string service;
  std::string host;

  static constexpr auto Fields() { return std::tuple(&HostKey::service, &HostKey::host); }
  friend auto operator<=>(const HostKey&, const HostKey&) = default;
};

struct Host {
  std::uint64_t stretches = 0;  // of whole generations that follow one another: one a sound trace
  std::uint64_t generations = 0;
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  std::uint64_t batches = 0;
  std::uint64_t strings = 0;
  std::uint64_t stacks = 0;
  Uint128 traced_ns = 0;
  Greatest longest_generation_ns;
  std::uint64_t snapshots = 0;  // readings of all clocks
  Greatest wall_step_ns;        // between two readings: by how much the wall clock went otherwise
                                // than the trace's
  std::uint64_t clock_backwards = 0;

  static constexpr auto Fields() {
    return std::tuple(&Host::stretches, &Host::generations, &Host::events, &Host::bytes,
                      &Host::batches, &Host::strings, &Host::stacks, &Host::traced_ns,
                      &Host::longest_generation_ns, &Host::snapshots, &Host::wall_step_ns,
                      &Host::clock_backwards);
  }
  void Add(const Host& other) {
    stretches += other.stretches;
    generations += other.generations;
    events += other.events;
    bytes += other.bytes;
    batches += other.batches;
    strings += other.strings;
    stacks += other.stacks;
    traced_ns += other.traced_ns;
    longest_generation_ns.Combine(other.longest_generation_ns);
    snapshots += other.snapshots;
    wall_step_ns.Combine(other.wall_step_ns);
    clock_backwards += other.clock_backwards;
  }
};

struct Health {
  static constexpr std::string_view kName = "health";
  static constexpr std::string_view kSummary =
      "what tracing cost each host in events and bytes, and how good its clocks were";
  static constexpr std::uint32_t kVersion = 1;
  static constexpr bool kIsOfWholeTraces = true;

  struct State {
    std::map<HostKey, Host> hosts;
    std::map<std::uint64_t, std::uint64_t> frequencies;  // generations by Hz

    static constexpr auto Fields() { return std::tuple(&State::hosts, &State::frequencies); }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
};

class Health::Accumulator final : public StateAccumulator<Health> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets.generations = true;
    return request;
  }

  void OnGenerations(const Generations& generations, const TraceTables&) override {
    for (std::size_t i = 0; i < generations.rows; ++i) AddGeneration(generations, i);
  }
  std::size_t state_bytes(const Growth&) override { return HeapBytes(frequencies_); }

 private:
  // One moment on two clocks.
  struct Moment {
    TimeNs clock_ns;
    std::uint64_t wall_ns;
  };

  void AddGeneration(const Generations& generations, std::size_t i);
  void AddSnapshot(const Moment& moment);
  void Fill(const TraceTables&, Health::State& state) override {
    if (host_.generations == 0) return;
    host_.stretches = 1;
    host_.traced_ns = LengthNs(first_ns_, last_ns_);
    state.hosts[{trace().service, trace().host}] = host_;
    state.frequencies = std::move(frequencies_);
  }

  Host host_;
  std::map<std::uint64_t, std::uint64_t> frequencies_;
  TimeNs first_ns_ = 0;
  TimeNs last_ns_ = 0;
  Moment last_snapshot_{};
};

void Health::Accumulator::AddGeneration(const Generations& generations, std::size_t i) {
  if (host_.generations == 0) first_ns_ = generations.first_ns[i];
  last_ns_ = generations.last_ns[i];
  ++host_.generations;
  host_.events += generations.events[i];
  host_.bytes += generations.end_byte[i] - generations.begin_byte[i];
  host_.batches += generations.batches[i];
  host_.strings += generations.strings[i];
  host_.stacks += generations.stacks[i];
  host_.longest_generation_ns.Add(LengthNs(generations.first_ns[i], generations.last_ns[i]));
  ++frequencies_[generations.frequency_hz[i]];
  if (!generations.has_clock_snapshot[i]) return;
  AddSnapshot({generations.clock_ns[i],
               generations.wall_seconds[i] * kNsASecond + generations.wall_nanoseconds[i]});
}

void Health::Accumulator::AddSnapshot(const Moment& moment) {
  if (host_.snapshots++ > 0) {
    const std::uint64_t clock_ns = static_cast<std::uint64_t>(moment.clock_ns) -
                                   static_cast<std::uint64_t>(last_snapshot_.clock_ns);
    const std::uint64_t wall_ns = moment.wall_ns - last_snapshot_.wall_ns;
    const std::uint64_t more = wall_ns - clock_ns;
    host_.wall_step_ns.Add(std::min(more, std::uint64_t{0} - more));
    if (static_cast<std::int64_t>(wall_ns) < 0) ++host_.clock_backwards;
  }
  last_snapshot_ = moment;
}

// `count` a second of the traced time.
Cell ASecond(std::uint64_t count, Uint128 traced_ns) {
  return traced_ns == 0 ? Cell() : NumberCell(Uint128{count} * kNsASecond / traced_ns);
}

Table RatesTable(const Health::State& state, std::size_t limit) {
  RankedRows rows(
      "hosts", "What tracing cost, by bytes a second",
      {KeyColumn("service", "service"), KeyColumn("host", "host"),
       ValueColumn("stretches", "traces", Unit::kCount),
       ValueColumn("traced_ns", "traced", Unit::kNs), ValueColumn("events", "events", Unit::kCount),
       ValueColumn("events_a_second", "a second", Unit::kCount),
       ValueColumn("bytes", "bytes", Unit::kBytes),
       ValueColumn("bytes_a_second", "a second", Unit::kBytes)});
  for (const auto& [key, host] : state.hosts) {
    const Cell rate = ASecond(host.bytes, host.traced_ns);
    const Uint128 weight = rate.is_empty() ? 0 : static_cast<Uint128>(*rate.integer());
    rows.Add(weight, {TextCell(key.service), TextCell(key.host), NumberCell(host.stretches),
                      NumberCell(host.traced_ns), NumberCell(host.events),
                      ASecond(host.events, host.traced_ns), NumberCell(host.bytes), rate});
  }
  return std::move(rows).Take(limit);
}

Table ClocksTable(const Health::State& state, std::size_t limit) {
  RankedRows rows("clocks", "Generations and clocks",
                  {KeyColumn("service", "service"), KeyColumn("host", "host"),
                   ValueColumn("generations", "generations", Unit::kCount),
                   ValueColumn("longest_generation_ns", "longest", Unit::kNs),
                   ValueColumn("snapshots", "readings", Unit::kCount),
                   ValueColumn("wall_step_ns", "wall clock off by", Unit::kNs),
                   ValueColumn("clock_backwards", "backwards", Unit::kCount)});
  for (const auto& [key, host] : state.hosts) {
    rows.Add(host.wall_step_ns.value(),
             {TextCell(key.service), TextCell(key.host), NumberCell(host.generations),
              NumberCell(host.longest_generation_ns.value()), NumberCell(host.snapshots),
              host.snapshots < 2 ? Cell() : NumberCell(host.wall_step_ns.value()),
              NumberCell(host.clock_backwards)});
  }
  return std::move(rows).Take(limit);
}

Document Health::ToDocument(const State& state, const TraceTables&, const ReportOptions& options) {
  Host all;
  for (const auto& [key, host] : state.hosts) all.Add(host);
  RankedRows frequencies("frequencies", "Clock frequencies, in ticks a second",
                         {KeyColumn("frequency_hz", "ticks a second", Unit::kId),
                          ValueColumn("generations", "generations", Unit::kCount)});
  for (const auto& [frequency, generations] : state.frequencies) {
    frequencies.Add(generations, {NumberCell(frequency), NumberCell(generations)});
  }
  Document document;
  document.report = kName;
  document.title = "Health: what tracing cost, and how good the clocks were";
  document.facts = {CountFact("hosts", state.hosts.size()),
                    CountFact("traces", all.stretches),
                    CountFact("generations", all.generations),
                    SumFact("traced", all.traced_ns),
                    CountFact("events", all.events),
                    CountFact("bytes_in_generations", all.bytes, Unit::kBytes),
                    CountFact("batches", all.batches),
                    CountFact("strings", all.strings),
                    CountFact("stacks", all.stacks)};
  document.tables.push_back(RatesTable(state, options.top));
  document.tables.push_back(ClocksTable(state, options.top));
  document.tables.push_back(std::move(frequencies).Take(options.top));
  document.notes.push_back(
      "A damaged trace counts as one for each stretch that is whole. Readings of the wall clock "
      "are "
      "there from format 25 on: between two of them it should go as far as the trace's clock "
      "does.");
  return document;
}

}  // namespace

ReportType HealthReport() { return MakeReport<Health>(); }

}  // namespace gtengine
