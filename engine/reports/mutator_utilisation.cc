#include "engine/reports/mutator_utilisation.h"

#include <tsl/robin_map.h>

#include <algorithm>
#include <span>

#include "engine/analysis/pause_windows.h"
#include "engine/base/mix_hash.h"

namespace gtengine {
namespace {

constexpr std::uint64_t kBillion = 1'000'000'000;
// Ps times stops, beyond which nobody has seen a trace: the losses of each P are left out there.
constexpr std::uint64_t kMostSteps = 50'000'000;

using WindowLosses = std::array<std::uint64_t, kUtilisationWindowsMs.size()>;

bool Counts(Utilisation which, GcWorkKind work) {
  switch (work) {
    case GcWorkKind::kMarkAssist:
      return which >= Utilisation::kAssists;
    case GcWorkKind::kMark:
      return which >= Utilisation::kMarking;
    case GcWorkKind::kDedicatedMark:
      return which >= Utilisation::kMarking && which != Utilisation::kEachP;
    case GcWorkKind::kSweep:
      return which >= Utilisation::kAll;
  }
  return false;
}

// Raises losses to those of a stretch of time.
void AddWindows(const PauseWindows& pauses, std::uint64_t whole_ns, WindowLosses& losses) {
  for (std::size_t i = 0; i < losses.size(); ++i) {
    const std::uint64_t window_ns = std::min(kUtilisationWindowsMs[i] * 1'000'000, whole_ns);
    const Uint128 lost = pauses.MostPaused(window_ns) * kBillion / window_ns;
    losses[i] = std::max(losses[i], static_cast<std::uint64_t>(lost / PauseWindows::kWhole));
  }
}

// A loss that changes as time goes on.
class Course {
 public:
  Course(TimeNs start_ns, TimeNs end_ns) : pauses_(start_ns, end_ns), since_ns_(start_ns) {}

  void Set(TimeNs now_ns, std::uint64_t share) {
    if (share == share_) return;
    pauses_.Add(since_ns_, now_ns, share_);
    since_ns_ = now_ns;
    share_ = share;
  }
  const PauseWindows& Finish(TimeNs end_ns) {
    Set(end_ns, 0);
    return pauses_;
  }

 private:
  PauseWindows pauses_;
  TimeNs since_ns_;
  std::uint64_t share_ = 0;
};

// How many Ps work for the collector.
class WorkingProcs {
 public:
  void SetProcs(std::uint64_t procs) {
    procs_ = procs;
    working_ = 0;
    for (const auto& [p, works] : works_) working_ += works > 0 && p < procs_;
  }
  void Begin(std::uint64_t p) { working_ += ++works_[p] == 1 && p < procs_; }
  void End(std::uint64_t p) {
    const auto found = works_.find(p);
    if (found == works_.end()) return;
    working_ -= found.value() == 1 && p < procs_;
    if (--found.value() == 0) works_.erase(found);
  }
  std::uint64_t Share() const {
    if (procs_ == 0) return 0;
    return static_cast<std::uint64_t>(Uint128{working_} * PauseWindows::kWhole / procs_);
  }

 private:
  tsl::robin_map<std::uint64_t, std::uint64_t, MixHash> works_;  // under way, by P
  std::uint64_t procs_ = 0;
  std::uint64_t working_ = 0;
};

}  // namespace

void MutatorUtilisation::AddProcs(TimeNs time_ns, std::uint64_t procs) {
  if (!is_told_) told_ns_ = time_ns;
  is_told_ = true;
  changes_.push_back({time_ns, procs, Kind::kProcs, {}});
}

void MutatorUtilisation::AddWork(const GcWork& work) {
  for (std::size_t i = 0; i < work.rows; ++i) {
    if (work.start_ns[i] >= work.end_ns[i]) continue;
    const auto p = static_cast<std::uint64_t>(Raw(work.p[i]));
    changes_.push_back({work.start_ns[i], p, Kind::kWorkBegins, work.kind[i]});
    changes_.push_back({work.end_ns[i], p, Kind::kWorkEnds, work.kind[i]});
  }
}

void MutatorUtilisation::AddStop(TimeNs start_ns, TimeNs end_ns) {
  if (start_ns >= end_ns) return;
  changes_.push_back({start_ns, 0, Kind::kStopBegins, {}});
  changes_.push_back({end_ns, 0, Kind::kStopEnds, {}});
}

MutatorUtilisation::Losses MutatorUtilisation::Finish(TimeNs end_ns) {
  Losses losses{};
  if (!is_told_ || told_ns_ >= end_ns) return losses;
  std::ranges::stable_sort(changes_, {}, &Change::time_ns);
  for (std::size_t i = 0; i < kUtilisationCount; ++i) {
    const auto which = static_cast<Utilisation>(i);
    if (which != Utilisation::kEachP) losses[i] = LossesOf(which, end_ns);
  }
  // A P that did nothing for the collector loses its stops.
  WindowLosses& each_p = losses[static_cast<std::size_t>(Utilisation::kEachP)];
  each_p = losses[static_cast<std::size_t>(Utilisation::kStops)];
  AddLossesOfEachP(end_ns, each_p);
  return losses;
}

WindowLosses MutatorUtilisation::LossesOf(Utilisation which, TimeNs end_ns) const {
  Course course(told_ns_, end_ns);
  WorkingProcs working;
  std::uint64_t stops = 0;
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    const Change& change = changes_[i];
    switch (change.kind) {
      case Kind::kWorkBegins:
        if (Counts(which, change.work)) working.Begin(change.value);
        break;
      case Kind::kWorkEnds:
        if (Counts(which, change.work)) working.End(change.value);
        break;
      case Kind::kStopBegins:
        ++stops;
        break;
      case Kind::kStopEnds:
        --stops;
        break;
      case Kind::kProcs:
        working.SetProcs(change.value);
        break;
    }
    const bool is_last_of_time =
        i + 1 == changes_.size() || changes_[i + 1].time_ns != change.time_ns;
    if (is_last_of_time) {
      course.Set(change.time_ns, stops > 0 ? PauseWindows::kWhole : working.Share());
    }
  }
  WindowLosses losses{};
  AddWindows(course.Finish(end_ns), LengthNs(told_ns_, end_ns), losses);
  return losses;
}

// Each P counts from where GOMAXPROCS is told first.
void MutatorUtilisation::AddLossesOfEachP(TimeNs end_ns, WindowLosses& losses) const {
  std::vector<Change> stops;
  std::vector<Change> works;
  for (const Change& change : changes_) {
    const bool is_work = change.kind <= Kind::kWorkEnds;
    if (is_work && Counts(Utilisation::kEachP, change.work)) works.push_back(change);
    if (change.kind == Kind::kStopBegins || change.kind == Kind::kStopEnds) stops.push_back(change);
  }
  std::ranges::stable_sort(works, {}, &Change::value);
  std::uint64_t procs = 0;
  for (std::size_t i = 0; i < works.size(); ++i) {
    procs += i == 0 || works[i].value != works[i - 1].value;
  }
  if (procs * stops.size() > kMostSteps) return;
  for (auto first = works.begin(); first != works.end();) {
    const auto last = std::find_if(
        first, works.end(), [&](const Change& change) { return change.value != first->value; });
    std::vector<Change> both;
    std::ranges::merge(std::span(first, last), stops, std::back_inserter(both), {},
                       &Change::time_ns, &Change::time_ns);
    Course course(told_ns_, end_ns);
    std::int64_t under_way = 0;
    for (std::size_t i = 0; i < both.size(); ++i) {
      const bool begins = both[i].kind == Kind::kWorkBegins || both[i].kind == Kind::kStopBegins;
      under_way += begins ? 1 : -1;
      if (i + 1 < both.size() && both[i + 1].time_ns == both[i].time_ns) continue;
      course.Set(both[i].time_ns, under_way > 0 ? PauseWindows::kWhole : 0);
    }
    AddWindows(course.Finish(end_ns), LengthNs(told_ns_, end_ns), losses);
    first = last;
  }
}

}  // namespace gtengine
