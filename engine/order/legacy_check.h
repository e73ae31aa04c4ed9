// Whether the events of a legacy trace make sense together.
#pragma once

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/base/mix_hash.h"
#include "engine/base/result.h"
#include "engine/order/legacy_event.h"

namespace gtengine::order {

// Follows goroutines, Ps, collections, tasks and regions through all events in their final order,
// and accepts what Go's reader does (internal/tracev1, postProcessTrace). One thread at a time.
// Memory: about 100 bytes for each goroutine that the trace creates; a bit a system call.
class LegacyCheck {
 public:
  LegacyCheck();

  // The next event. Errors name its byte.
  Status Add(const LegacyEvent& event);

  // Of each kGoSysCall, in order, whether the goroutine lost its P in it: whether kGoSysBlock is
  // the next event on it.
  std::vector<bool> TakeBlockedCalls() { return std::move(blocked_calls_); }

 private:
  enum class State : std::uint8_t { kDead, kRunnable, kRunning, kWaiting };
  static constexpr std::uint64_t kNoCall = ~std::uint64_t{0};
  struct Goroutine {
    State state = State::kDead;
    bool assists = false;
    std::uint64_t last_call = kNoCall;  // number of its system call when that is its last event
  };
  struct Proc {
    bool runs = false;
    bool sweeps = false;
    std::uint64_t g = 0;  // that runs on it
  };
  struct Region {
    std::uint64_t task;
    std::uint64_t name;
    friend bool operator==(const Region&, const Region&) = default;
  };
  using What = const char*;  // what is wrong; null: nothing

  // Those that were ever named; one may be dead and yet be there. Both are good until the next
  // call.
  Goroutine* Find(std::uint64_t g);
  Goroutine& At(std::uint64_t g);

  What Check(const LegacyEvent& event);
  What CheckProc(const LegacyEvent& event);
  What CheckCollector(const LegacyEvent& event);
  What CheckCreation(const LegacyEvent& event);
  What CheckStart(const LegacyEvent& event);
  What CheckUnblock(const LegacyEvent& event);
  What CheckRegion(const LegacyEvent& event);
  What Move(std::uint64_t g, State from, State to, What otherwise);
  What StopRunning(const LegacyEvent& event, State to);
  What IsRunning(const LegacyEvent& event, bool allow_none);
  What Toggle(bool& state, bool to, What otherwise);
  State StateOf(std::uint64_t g) {
    const Goroutine* goroutine = Find(g);
    return goroutine == nullptr ? State::kDead : goroutine->state;
  }
  void FollowCall(const LegacyEvent& event);

  std::vector<Goroutine> goroutines_;
  tsl::robin_map<std::uint64_t, std::uint32_t, MixHash> goroutine_of_;
  // What was looked up last: mostly it is so again.
  std::uint64_t last_g_ = 0;
  std::uint32_t last_goroutine_ = 0;
  tsl::robin_map<std::int32_t, Proc, MixHash> procs_;
  tsl::robin_set<std::uint64_t, MixHash> tasks_;
  tsl::robin_map<std::uint64_t, std::vector<Region>, MixHash> regions_;
  bool collects_ = false;
  bool stopped_ = false;  // the world
  std::vector<bool> blocked_calls_;
};

}  // namespace gtengine::order
