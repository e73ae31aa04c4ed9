#include "engine/run/state_bound.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/run/generation_loader.h"
#include "engine/wire/event_spec.h"
#include "engine/wire/salvage.h"
#include "kernels/event_decode.h"

namespace gtengine::run {
namespace {

using wire::EventType;

// How often each type of event is in a batch.
class TypeCounts {
 public:
  // Counts up to the first bytes that are no event.
  void Count(PaddedView batch) {
    counts_ = {};
    for (std::size_t begin = 0; begin < batch.size();) {
      const kernels::DecodeResult decoded =
          kernels::DecodeEvents(batch.data(), begin, batch.size(), wire::kTimedArgCounts,
                                records_.data(), records_.size());
      for (std::size_t i = 0; i < decoded.events; ++i) ++counts_[records_[i].type];
      if (decoded.stop != kernels::DecodeStop::kFull) return;
      begin += decoded.bytes;
    }
  }
  template <class... Types>
  std::uint64_t Of(Types... types) const {
    return (counts_[static_cast<std::uint8_t>(types)] + ...);
  }

 private:
  std::array<std::uint64_t, 256> counts_ = {};
  std::vector<kernels::EventRecord> records_ = std::vector<kernels::EventRecord>(256);
};

// Things of one kind that begin and end, by the batches of one generation.
class Crowd {
 public:
  void Begin(Ticks at, std::uint64_t count) { changes_.push_back({at, false, count}); }
  void End(Ticks at, std::uint64_t count) { changes_.push_back({at, true, count}); }

  // The most at one time, when there were so many at first; `now` becomes how many there are at the
  // end. Forgets the generation.
  std::uint64_t Most(std::uint64_t& now) {
    std::ranges::sort(changes_, {},
                      [](const Change& change) { return std::pair(change.at, change.is_end); });
    std::uint64_t most = now;
    for (const Change& change : changes_) {
      now = change.is_end ? now - std::min(now, change.count) : now + change.count;
      most = std::max(most, now);
    }
    changes_.clear();
    return most;
  }

 private:
  struct Change {
    Ticks at;
    bool is_end;
    std::uint64_t count;
  };

  std::vector<Change> changes_;
};

class Bounder {
 public:
  Bounder(PaddedView trace, wire::Version version) : trace_(trace), reader_(trace, version) {}

  bool NextGeneration() {
    if (!reader_.Next(generation_)) return false;
    stated_ = 0;
    last_ends_.clear();
    for (const wire::Batch& batch : generation_.batches) {
      if (batch.kind == wire::BatchKind::kEvents) AddBatch(batch);
    }
    for (const auto& [m, ends] : last_ends_) AddEnds(ends, ~Ticks{0});
    if (bound_.goroutines_born == 0) bound_.goroutines_born = stated_;
    bound_.goroutines_born += created_;
    created_ = 0;
    bound_.goroutines = std::max(bound_.goroutines, goroutines_.Most(stated_));
    bound_.tasks = std::max(bound_.tasks, tasks_.Most(open_tasks_));
    bound_.regions = std::max(bound_.regions, regions_.Most(open_regions_));
    bound_.generation_bytes =
        std::max(bound_.generation_bytes, GenerationLoader::NeededBytes(generation_));
    return true;
  }

  const StateBound& bound() const { return bound_; }

 private:
  // What ended in a batch.
  struct Ends {
    std::uint64_t goroutines = 0;
    std::uint64_t tasks = 0;
    std::uint64_t regions = 0;
  };

  void AddBatch(const wire::Batch& batch) {
    using enum EventType;
    counts_.Count(trace_.Sub(static_cast<std::size_t>(batch.data_offset), batch.size));
    const Ticks at = batch.base_ticks;
    const std::uint64_t created = counts_.Of(kGoCreate, kGoCreateBlocked, kGoCreateSyscall);
    stated_ += counts_.Of(kGoStatus, kGoStatusStack);
    created_ += created;
    goroutines_.Begin(at, created);
    tasks_.Begin(at, counts_.Of(kUserTaskBegin));
    regions_.Begin(at, counts_.Of(kUserRegionBegin));
    Ends& last = last_ends_[batch.m];
    AddEnds(last, at);
    last = {.goroutines = counts_.Of(kGoDestroy, kGoDestroySyscall, kGoSwitchDestroy),
            .tasks = counts_.Of(kUserTaskEnd),
            .regions = counts_.Of(kUserRegionEnd)};
  }
  void AddEnds(const Ends& ends, Ticks at) {
    goroutines_.End(at, ends.goroutines);
    tasks_.End(at, ends.tasks);
    regions_.End(at, ends.regions);
  }

  PaddedView trace_;
  wire::SalvageReader reader_;
  wire::Generation generation_;
  TypeCounts counts_;
  std::uint64_t stated_ = 0;   // goroutines, in this generation
  std::uint64_t created_ = 0;  // likewise
  Crowd goroutines_;
  Crowd tasks_;
  Crowd regions_;
  std::uint64_t open_tasks_ = 0;
  std::uint64_t open_regions_ = 0;
  std::unordered_map<ThreadId, Ends> last_ends_;
  StateBound bound_;
};

}  // namespace

StateBound BoundState(PaddedView trace, wire::Version version,
                      const std::function<bool()>& is_cancelled) {
  Bounder bounder(trace, version);
  while (!(is_cancelled && is_cancelled()) && bounder.NextGeneration()) {
  }
  return bounder.bound();
}

}  // namespace gtengine::run
