#include "engine/order/boundary_state.h"

#include <algorithm>
#include <span>
#include <utility>

namespace gtengine::order {
namespace {

using Goroutine = BoundaryState::Goroutine;
using Gc = BoundaryState::Gc;

// The goroutines of a state, one after the other, with what is open on each.
class GoroutineWalk {
 public:
  explicit GoroutineWalk(const BoundaryState& state) : state_(state) {}

  bool IsAtEnd() const { return next_ == state_.goroutines.size(); }
  const Goroutine& goroutine() const { return state_.goroutines[next_]; }
  std::span<const OpenRanges::Range> ranges() const {
    return std::span(state_.goroutine_ranges).subspan(ranges_, goroutine().ranges);
  }
  std::span<const NamedRegion> regions() const {
    return std::span(state_.regions).subspan(regions_, goroutine().regions);
  }
  void Next() {
    ranges_ += goroutine().ranges;
    regions_ += goroutine().regions;
    ++next_;
  }

 private:
  const BoundaryState& state_;
  std::size_t next_ = 0;
  std::size_t ranges_ = 0;
  std::size_t regions_ = 0;
};

template <class Items, class Id>
auto Find(const Items& items, Id id) {
  const auto found =
      std::ranges::lower_bound(items, id, {}, [](const auto& item) { return item.id; });
  return found != items.end() && found->id == id ? &*found : nullptr;
}

// The regions of a goroutine that are open around those which a part knows of.
struct OuterRegions {
  GoId g = kNoGoroutine;
  std::span<const NamedRegion> open;  // innermost first
};

// Compares a part's beginning with the truth there, and carries on what the part does not know.
class Continuation {
 public:
  Continuation(const BoundaryState& truth, const PartialOrder& part)
      : truth_(truth), part_(part), begin_(part.begin), assumptions_(part.assumptions) {}

  std::optional<BoundaryState> Get() {
    const bool holds = assumptions_.is_on && !assumptions_.are_too_many &&
                       truth_.last_ns == begin_.last_ns && HoldsGc() && HoldsGoroutines() &&
                       HoldsRegionEnds() && HoldsProcs() && HoldsThreads() && HoldsTasks();
    if (!holds) return std::nullopt;
    BoundaryState end = part_.end;
    if (end.gc == Gc::kUndetermined) {
      end.gc = truth_.gc;
      end.gc_sequence = truth_.gc_sequence;
    }
    AddRegions(end);
    Unite(end.procs, truth_.procs);
    Unite(end.threads, UnboundThreads());
    Unite(end.tasks, StillOpenTasks());
    return end;
  }

 private:
  bool HoldsGc() const {
    if (begin_.gc != Gc::kUndetermined) {
      return truth_.gc == begin_.gc && truth_.gc_sequence == begin_.gc_sequence;
    }
    if (!assumptions_.first_gc || truth_.gc == Gc::kUndetermined) return true;
    return truth_.gc == Gc::kNotRunning && truth_.gc_sequence + 1 == *assumptions_.first_gc;
  }

  bool HoldsGoroutines() {
    if (truth_.goroutines.size() != begin_.goroutines.size()) return false;
    GoroutineWalk known(begin_);
    for (GoroutineWalk all(truth_); !all.IsAtEnd(); all.Next(), known.Next()) {
      const bool same = all.goroutine().id == known.goroutine().id &&
                        all.goroutine().status == known.goroutine().status &&
                        std::ranges::equal(all.ranges(), known.ranges());
      const std::size_t inner = known.regions().size();
      if (!same || all.regions().size() < inner ||
          !std::ranges::equal(all.regions().first(inner), known.regions())) {
        return false;
      }
      if (all.regions().size() > inner) {
        outer_.push_back({.g = all.goroutine().id, .open = all.regions().subspan(inner)});
      }
    }
    return true;
  }

  OuterRegions* OuterOf(GoId g) {
    const auto found = std::ranges::lower_bound(outer_, g, {}, &OuterRegions::g);
    return found != outer_.end() && found->g == g ? &*found : nullptr;
  }

  bool HoldsRegionEnds() {
    for (const Assumptions::RegionEnd& end : assumptions_.region_ends) {
      OuterRegions* const outer = OuterOf(end.g);
      if (outer == nullptr || outer->open.empty()) continue;
      if (outer->open.front() != end.region) return false;
      outer->open = outer->open.subspan(1);
    }
    return true;
  }

  bool HoldsProcs() const {
    for (const BoundaryState::Proc& proc : begin_.procs) {
      const auto* const truth = Find(truth_.procs, proc.id);
      if (truth == nullptr || *truth != proc) return false;
    }
    return std::ranges::none_of(assumptions_.new_procs,
                                [this](ProcId p) { return Find(truth_.procs, p) != nullptr; });
  }

  // A thread to which nothing is bound is like one that has not been seen, but for a status that
  // binds it.
  bool HoldsThreads() const {
    for (const BoundaryState::Thread& thread : begin_.threads) {
      const auto* const truth = Find(truth_.threads, thread.id);
      if (truth == nullptr ? thread.IsBound() : *truth != thread) return false;
    }
    for (const BoundaryState::Thread& thread : truth_.threads) {
      if (thread.IsBound() && Find(begin_.threads, thread.id) == nullptr) return false;
    }
    return std::ranges::none_of(assumptions_.new_threads,
                                [this](ThreadId m) { return Find(truth_.threads, m) != nullptr; });
  }

  // Ids of tasks are counted up: those that are open and not known are older than all begun since.
  bool HoldsTasks() const {
    for (const BoundaryState::Task& task : begin_.tasks) {
      const auto* const truth = Find(truth_.tasks, task.id);
      if (truth == nullptr || *truth != task) return false;
    }
    return std::ranges::all_of(truth_.tasks, [this](const BoundaryState::Task& task) {
      return task.id < assumptions_.least_task || Find(begin_.tasks, task.id) != nullptr;
    });
  }

  std::vector<BoundaryState::Thread> UnboundThreads() const {
    std::vector<BoundaryState::Thread> unbound;
    for (const BoundaryState::Thread& thread : truth_.threads)
      unbound.emplace_back().id = thread.id;
    return unbound;
  }

  std::vector<BoundaryState::Task> StillOpenTasks() const {
    std::vector<std::uint64_t> ended = assumptions_.ended_tasks;
    std::ranges::sort(ended);
    std::vector<BoundaryState::Task> open;
    for (const BoundaryState::Task& task : truth_.tasks) {
      if (Find(begin_.tasks, task.id) == nullptr && !std::ranges::binary_search(ended, task.id)) {
        open.push_back(task);
      }
    }
    return open;
  }

  // Adds what the part has not seen since the boundary; both are in order of their ids.
  template <class Items>
  static void Unite(Items& items, const Items& others) {
    Items united;
    std::ranges::set_union(items, others, std::back_inserter(united), {}, IdOf, IdOf);
    items = std::move(united);
  }
  static constexpr auto IdOf = [](const auto& item) { return item.id; };

  // Puts the outer regions that are still open behind the inner ones of their goroutines.
  void AddRegions(BoundaryState& end) {
    if (outer_.empty()) return;
    std::vector<NamedRegion> regions;
    std::size_t i = 0;
    for (GoroutineWalk walk(part_.end); !walk.IsAtEnd(); walk.Next(), ++i) {
      regions.insert(regions.end(), walk.regions().begin(), walk.regions().end());
      const OuterRegions* const outer =
          walk.goroutine().is_from_before ? OuterOf(walk.goroutine().id) : nullptr;
      if (outer == nullptr) continue;
      regions.insert(regions.end(), outer->open.begin(), outer->open.end());
      end.goroutines[i].regions += static_cast<std::uint32_t>(outer->open.size());
    }
    end.regions = std::move(regions);
  }

  const BoundaryState& truth_;
  const PartialOrder& part_;
  const BoundaryState& begin_;
  const Assumptions& assumptions_;
  std::vector<OuterRegions> outer_;  // in order of g
};

}  // namespace

std::optional<BoundaryState> Continue(const BoundaryState& truth, const PartialOrder& part) {
  return Continuation(truth, part).Get();
}

}  // namespace gtengine::order
