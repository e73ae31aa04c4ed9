#include "engine/run/corpus_diff.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "engine/base/int128.h"
#include "engine/reports/registry.h"

namespace gtengine::run {
namespace {

constexpr std::uint32_t kMedian = 500;
constexpr std::uint32_t kP99 = 990;

// What one host or trace measured of one thing.
struct UnitLengths {
  std::uint64_t unit;  // its number among those of the service: the same for a host of both sides
  std::uint64_t count;
  std::int64_t median_ns;
  std::int64_t p99_ns;
};

// One thing on one side.
struct SideLengths {
  Distribution all;
  std::vector<UnitLengths> units;  // in order of their numbers
};

// One quantile of one thing on one side, in order of the units.
struct UnitValues {
  std::vector<std::uint64_t> units;
  std::vector<std::int64_t> lengths_ns;
};

// Of those units that have enough lengths.
UnitValues EnoughOf(const SideLengths& side, std::uint32_t permille) {
  const bool is_median = permille == kMedian;
  UnitValues values;
  for (const UnitLengths& unit : side.units) {
    if (unit.count < (is_median ? kLeastForMedian : kLeastForP99)) continue;
    values.units.push_back(unit.unit);
    values.lengths_ns.push_back(is_median ? unit.median_ns : unit.p99_ns);
  }
  return values;
}

// Leaves the units of both sides, if these are enough to be compared with themselves. Whether they
// are.
bool KeepCommon(Sides<UnitValues>& sides) {
  std::vector<std::uint64_t> common;
  std::ranges::set_intersection(sides[0].units, sides[1].units, std::back_inserter(common));
  const std::size_t more = std::max(sides[0].units.size(), sides[1].units.size());
  if (common.size() < kLeastUnits || 2 * common.size() < more) return false;
  for (UnitValues& side : sides) {
    UnitValues kept;
    for (std::size_t i = 0; i < side.units.size(); ++i) {
      if (!std::ranges::binary_search(common, side.units[i])) continue;
      kept.units.push_back(side.units[i]);
      kept.lengths_ns.push_back(side.lengths_ns[i]);
    }
    side = std::move(kept);
  }
  return true;
}

std::vector<LogRatio> LogsOf(const UnitValues& values) {
  std::vector<LogRatio> logs;
  for (const std::int64_t length_ns : values.lengths_ns) logs.push_back(LogOf(length_ns));
  return logs;
}

using Traces = std::vector<const TraceResult*>;
// By host.
using Hosts = std::map<std::string, Traces>;

// The traces of one side, by service.
std::map<std::string, Hosts> Grouped(const PartialFile& file) {
  std::map<std::string, Hosts> services;
  for (const TraceResult& trace : file.traces) {
    services[trace.facts.origin.service][trace.facts.origin.host].push_back(&trace);
  }
  return services;
}

// One service on both sides.
class ServiceComparison {
 public:
  ServiceComparison(std::string service, const Hosts& a, const Hosts& b);

  void AddTo(const std::vector<std::string>& reports, CorpusDiff& diff);

 private:
  using Things = std::map<LengthKey, Sides<SideLengths>>;

  void Measure(std::string_view report, std::size_t position, std::size_t side, Things& things);
  void Compare(const LengthKey& key, const Sides<SideLengths>& sides, CorpusDiff& diff);
  bool CompareQuantile(std::uint32_t permille, const LengthKey& key,
                       const Sides<SideLengths>& sides, CorpusDiff& diff);
  void CompareHosts(const LengthChange& row, const std::vector<std::uint64_t>& hosts,
                    const std::vector<LogRatio>& logs);

  Sides<const Hosts*> hosts_;
  ComparedService facts_;
  bool by_hosts_ = false;
  std::map<std::string, std::uint64_t> host_numbers_;
  std::map<std::uint64_t, SlowHost> slow_hosts_;  // by number: all that were compared
};

ServiceComparison::ServiceComparison(std::string service, const Hosts& a, const Hosts& b)
    : hosts_{&a, &b} {
  facts_.service = std::move(service);
  for (std::size_t side = 0; side < 2; ++side) {
    for (const auto& [host, traces] : *hosts_[side]) {
      facts_.traces[side] += traces.size();
      if (!host.empty()) ++facts_.hosts[side];
      const bool is_new = host_numbers_.emplace(host, host_numbers_.size()).second;
      if (!host.empty() && !is_new) ++facts_.common_hosts;
    }
  }
  by_hosts_ = std::min(facts_.hosts[0], facts_.hosts[1]) >= kLeastUnits;
}

void ServiceComparison::AddTo(const std::vector<std::string>& reports, CorpusDiff& diff) {
  for (std::size_t position = 0; position < reports.size(); ++position) {
    Things things;  // what two reports measure has different keys
    for (std::size_t side = 0; side < 2; ++side) Measure(reports[position], position, side, things);
    for (const auto& [key, sides] : things) Compare(key, sides, diff);
  }
  for (const auto& [host, number] : host_numbers_) {
    const auto found = slow_hosts_.find(number);
    if (found == slow_hosts_.end() || found->second.slower * 10 < found->second.compared) continue;
    diff.slow_hosts.push_back(std::move(found->second));
    diff.slow_hosts.back().service = facts_.service;
    diff.slow_hosts.back().host = host;
  }
  diff.services.push_back(std::move(facts_));
}

void ServiceComparison::Measure(std::string_view report_name, std::size_t position,
                                std::size_t side, Things& things) {
  const ReportType& report = *FindReport(report_name);
  const auto add = [&](std::uint64_t unit, std::span<const TraceResult* const> traces) {
    std::unique_ptr<ReportPartial> sum = report.empty();
    for (const TraceResult* trace : traces) sum->Combine(*trace->partials[position]);
    std::map<LengthKey, Distribution> lengths;
    report.visit_lengths(*sum, [&](const LengthKey& key, const Distribution& more) {
      if (!more.empty()) lengths[key].Combine(more);
    });
    for (const auto& [key, of_unit] : lengths) {
      SideLengths& of_side = things[key][side];
      of_side.all.Combine(of_unit);
      of_side.units.push_back({.unit = unit,
                               .count = of_unit.count(),
                               .median_ns = of_unit.Quantile(kMedian),
                               .p99_ns = of_unit.Quantile(kP99)});
    }
  };
  std::uint64_t trace_number = 0;
  for (const auto& [host, traces] : *hosts_[side]) {
    // Traces whose host no path tells are of no unit when hosts are compared.
    if (by_hosts_ && host.empty()) continue;
    if (by_hosts_) {
      add(host_numbers_.at(host), traces);
      continue;
    }
    for (const TraceResult* trace : traces) add(trace_number++, {&trace, 1});
  }
  for (auto& [key, sides] : things) {
    std::ranges::sort(sides[side].units, {}, &UnitLengths::unit);
  }
}

void ServiceComparison::Compare(const LengthKey& key, const Sides<SideLengths>& sides,
                                CorpusDiff& diff) {
  for (std::size_t side = 0; side < 2; ++side) {
    if (!sides[1 - side].all.empty()) continue;
    diff.one_sided[side].push_back(
        {.service = facts_.service, .key = key, .lengths = sides[side].all});
    return;
  }
  const bool has_median = CompareQuantile(kMedian, key, sides, diff);
  const bool has_p99 = CompareQuantile(kP99, key, sides, diff);
  if (!has_median && !has_p99) ++diff.too_rare;
}

// False when a side has no unit with enough lengths.
bool ServiceComparison::CompareQuantile(std::uint32_t permille, const LengthKey& key,
                                        const Sides<SideLengths>& sides, CorpusDiff& diff) {
  Sides<UnitValues> values = {EnoughOf(sides[0], permille), EnoughOf(sides[1], permille)};
  if (values[0].units.empty() || values[1].units.empty()) return false;
  LengthChange row{.service = facts_.service,
                   .key = key,
                   .permille = permille,
                   .count = {sides[0].all.count(), sides[1].all.count()},
                   .typical_ns = {},
                   .by = by_hosts_ ? Units::kHosts : Units::kTraces,
                   .units = {},
                   .change = {}};
  if (by_hosts_ && KeepCommon(values)) row.by = Units::kSameHosts;
  for (std::size_t side = 0; side < 2; ++side) {
    row.units[side] = values[side].units.size();
    row.typical_ns[side] = MedianOf(values[side].lengths_ns);
  }
  const std::vector<LogRatio> a = LogsOf(values[0]);
  std::vector<LogRatio> b = LogsOf(values[1]);
  const bool is_same = row.by == Units::kSameHosts;
  row.change = is_same ? ChangeOfSame(a, b) : ChangeOfDifferent(a, b);
  for (std::size_t i = 0; is_same && i < a.size(); ++i) b[i] -= a[i];
  if (by_hosts_) CompareHosts(row, values[1].units, b);
  (row.change.noise ? diff.judged : diff.unjudged).push_back(std::move(row));
  return true;
}

// Each host with the median one, by its length or by how that changed.
void ServiceComparison::CompareHosts(const LengthChange& row,
                                     const std::vector<std::uint64_t>& hosts,
                                     const std::vector<LogRatio>& logs) {
  if (hosts.size() < kLeastToStandOut) return;
  const LogRatio least = LogOf(1000 + kPermilleToStandOut) - LogOf(1000);
  const LogRatio far = std::max(kDeviationsToStandOut * DeviationOf(logs), least);
  const LogRatio median = MedianOf(logs);
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    SlowHost& host = slow_hosts_[hosts[i]];
    ++host.compared;
    const LogRatio log = logs[i] - median;
    if (log <= far) continue;
    ++host.slower;
    if (log <= host.log) continue;
    host.log = log;
    host.key = row.key;
    host.permille = row.permille;
  }
}

auto NameOf(const LengthChange& row) { return std::tie(row.service, row.key, row.permille); }

Int128 Magnitude(LogRatio log) { return log < 0 ? -Int128{log} : Int128{log}; }

// By how many times its noise it has changed; then by how much.
bool IsMoreSignificant(const LengthChange& a, const LengthChange& b) {
  const Int128 a_size = Magnitude(a.change.log) * *b.change.noise;
  const Int128 b_size = Magnitude(b.change.log) * *a.change.noise;
  if (a_size != b_size) return a_size > b_size;
  const Int128 a_log = Magnitude(a.change.log);
  const Int128 b_log = Magnitude(b.change.log);
  if (a_log != b_log) return a_log > b_log;
  return NameOf(a) < NameOf(b);
}

// How far a change is beyond what quantiles of so few lengths tell: about the square of their
// number of standard errors.
Uint128 Evidence(const LengthChange& row) {
  const auto log = static_cast<Uint128>(Magnitude(row.change.log));
  const std::uint64_t a = row.count[0];
  const std::uint64_t b = row.count[1];
  const auto lengths = static_cast<std::uint64_t>(Uint128{a} * b / (Uint128{a} + b));
  return log * log * std::min<std::uint64_t>(lengths, std::uint64_t{1} << 48) *
         (1000 - row.permille);
}

bool IsMoreEvident(const LengthChange& a, const LengthChange& b) {
  const Uint128 a_size = Evidence(a);
  const Uint128 b_size = Evidence(b);
  return a_size != b_size ? a_size > b_size : NameOf(a) < NameOf(b);
}

bool TookLonger(const OneSided& a, const OneSided& b) {
  if (a.lengths.sum() != b.lengths.sum()) return a.lengths.sum() > b.lengths.sum();
  return std::tie(a.service, a.key) < std::tie(b.service, b.key);
}

}  // namespace

CorpusDiff CompareCorpora(const PartialFile& a, const PartialFile& b) {
  CorpusDiff diff;
  diff.traces = {a.traces.size(), b.traces.size()};
  const Sides<std::map<std::string, Hosts>> services = {Grouped(a), Grouped(b)};
  for (const auto& [service, hosts] : services[0]) {
    const auto other = services[1].find(service);
    if (other == services[1].end()) {
      diff.other_services[0].push_back(service);
    } else {
      ServiceComparison(service, hosts, other->second).AddTo(a.reports, diff);
    }
  }
  for (const auto& [service, hosts] : services[1]) {
    if (!services[0].contains(service)) diff.other_services[1].push_back(service);
  }
  std::ranges::sort(diff.judged, IsMoreSignificant);
  std::ranges::sort(diff.unjudged, IsMoreEvident);
  for (std::vector<OneSided>& rows : diff.one_sided) std::ranges::sort(rows, TookLonger);
  return diff;
}

}  // namespace gtengine::run
