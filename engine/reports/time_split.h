// What the time inside tasks and regions went to.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "engine/analysis/few_sums.h"
#include "engine/analysis/fields.h"
#include "engine/analysis/report_tables.h"
#include "engine/base/int128.h"
#include "engine/columns/region_slices.h"

namespace gtengine {

// Parts that do not overlap: time in a mark assist counts as nothing else.
struct TimeSplit {
  Uint128 running_ns = 0;
  Uint128 runnable_ns = 0;
  Uint128 syscall_ns = 0;
  Uint128 assist_ns = 0;
  std::map<StringRef, Uint128> blocked_ns;  // by reason

  static constexpr auto Fields() {
    return std::tuple(&TimeSplit::running_ns, &TimeSplit::runnable_ns, &TimeSplit::syscall_ns,
                      &TimeSplit::assist_ns, &TimeSplit::blocked_ns);
  }

  Uint128 Blocked() const {
    Uint128 sum = 0;
    for (const auto& [reason, ns] : blocked_ns) sum += ns;
    return sum;
  }
  Uint128 Total() const { return running_ns + runnable_ns + syscall_ns + assist_ns + Blocked(); }
};

// The same while rows come.
class TimeSplitRows {
 public:
  void Add(const RegionSlices& slices, std::size_t row) {
    const std::uint64_t length_ns = LengthNs(slices.start_ns[row], slices.end_ns[row]);
    if (slices.flags[row] & kInMarkAssist) {
      assist_ns_ += length_ns;
    } else if (slices.state[row] == GoState::kWaiting) {
      blocked_ns_[slices.reason[row]] += length_ns;
    } else {
      state_ns_[static_cast<std::size_t>(slices.state[row])] += length_ns;
    }
  }
  void Combine(const TimeSplitRows& other) {
    for (std::size_t i = 0; i < kGoStateCount; ++i) state_ns_[i] += other.state_ns_[i];
    assist_ns_ += other.assist_ns_;
    blocked_ns_.Combine(other.blocked_ns_);
  }
  // Forgets all; keeps the memory.
  void Clear() {
    state_ns_ = {};
    assist_ns_ = 0;
    blocked_ns_.Clear();
  }
  void AddTo(TimeSplit& split) const {
    split.running_ns += state_ns_[static_cast<std::size_t>(GoState::kRunning)];
    split.runnable_ns += state_ns_[static_cast<std::size_t>(GoState::kRunnable)];
    split.syscall_ns += state_ns_[static_cast<std::size_t>(GoState::kSyscall)];
    split.assist_ns += assist_ns_;
    for (const auto& [reason, ns] : blocked_ns_) split.blocked_ns[reason] += ns;
  }

 private:
  std::array<Uint128, kGoStateCount> state_ns_{};
  Uint128 assist_ns_ = 0;
  FewSums blocked_ns_;
};

inline void AppendSplitColumns(std::vector<Column>& columns) {
  columns.push_back(ValueColumn("inside_ns", "inside", Unit::kNs));
  columns.push_back(ValueColumn("running_ns", "running", Unit::kNs));
  columns.push_back(ValueColumn("runnable_ns", "runnable", Unit::kNs));
  columns.push_back(ValueColumn("blocked_ns", "blocked", Unit::kNs));
  columns.push_back(ValueColumn("syscall_ns", "syscalls", Unit::kNs));
  columns.push_back(ValueColumn("assist_ns", "mark assist", Unit::kNs));
}

inline void AppendSplitCells(const TimeSplit& split, std::vector<Cell>& cells) {
  for (const Uint128 ns : {split.Total(), split.running_ns, split.runnable_ns, split.Blocked(),
                           split.syscall_ns, split.assist_ns}) {
    cells.push_back(NumberCell(ns));
  }
}

}  // namespace gtengine
