// In which order the events of a legacy trace can have happened.
#pragma once

#include <tsl/robin_map.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/mix_hash.h"
#include "engine/order/frontier.h"
#include "engine/order/legacy_sources.h"

namespace gtengine::order {

// Merges what the Ps wrote by the rules of Go's reader (internal/tracev1, parseEventBatches and
// order.go): of the Ps whose next event can happen, the one with the earliest goes first. Go begins
// with the Ps in an order that is another in each run, and with it change places among events of
// equal times; here it is that of their first batches, so that the answer is one of Go's and always
// the same.
//
// Borrows the sources. One thread at a time. Memory: about 100 bytes a source and 60 a goroutine.
// Cost: tens of ns an event, whatever the trace holds.
class LegacyMerge {
 public:
  explicit LegacyMerge(LegacySources& sources);

  // The source whose event is next; it stands at it until the next call. Nothing at the end, or
  // when something is wrong.
  std::optional<std::uint32_t> Next();
  // What is wrong.
  const std::optional<Error>& error() const { return error_; }

 private:
  // How far a goroutine has come: all that decides which of its events can happen.
  enum class GoStatus : std::uint8_t { kDead, kRunnable, kRunning, kWaiting };
  struct Standing {
    std::uint64_t sequence = 0;
    GoStatus status = GoStatus::kDead;
  };
  // What an event asks of a goroutine, and what it makes of it.
  struct Step {
    std::uint64_t g;
    Standing before;
    Standing after;
  };
  struct Goroutine {
    Standing standing;
    std::uint32_t waiting = 0;  // sources that ask for another standing
  };
  // Exactly one standing of one goroutine, which a source waits for.
  struct Wish {
    std::uint32_t goroutine;
    GoStatus status;
    std::uint64_t sequence;
    friend bool operator==(const Wish&, const Wish&) = default;
  };
  struct WishHash {
    std::size_t operator()(const Wish& wish) const {
      return MixHash()(wish.sequence * 4 + static_cast<std::uint64_t>(wish.status)) ^
             MixHash()(wish.goroutine);
    }
  };
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  // A source, and what its next event asks for.
  struct Candidate {
    std::uint32_t source = 0;
    bool has_event = false;
    std::uint32_t goroutine = kNone;
    Step step{};
    std::size_t position = 0;            // in available_
    std::uint32_t next_waiting = kNone;  // with the same wish
  };

  static Step StepOf(const LegacyEvent& event);

  const LegacyEvent& EventOf(const Candidate& candidate) {
    return sources_.EventOf(candidate.source);
  }
  bool Fetch(Candidate& candidate);
  void PutBack(Candidate& candidate);
  void Scan();
  void Examine(std::size_t position);
  void Withdraw(std::size_t position);
  bool IsReady(const Candidate& candidate) const {
    if (candidate.goroutine == kNone) return true;
    const Standing& now = goroutines_[candidate.goroutine].standing;
    const Standing& wanted = candidate.step.before;
    return now.status == wanted.status &&
           (wanted.sequence == kAnySequence || now.sequence == wanted.sequence);
  }
  void Wait(Candidate& candidate);
  bool Apply(const Candidate& candidate);
  void Wake(const Wish& wish);
  bool Break(const LegacyEvent& event, std::string what);

  // Numbers that Go's reader uses for what they are not. A trace may state them, and is then read
  // as Go reads it.
  static constexpr std::uint64_t kNobody = ~std::uint64_t{0};  // asks for nothing
  static constexpr std::uint64_t kCollector = ~std::uint64_t{0} - 1;
  static constexpr std::uint64_t kAnySequence = ~std::uint64_t{0};
  static constexpr std::uint64_t kNextSequence = ~std::uint64_t{0} - 1;

  LegacySources& sources_;
  std::vector<Candidate> candidates_;  // by source
  std::vector<Goroutine> goroutines_;
  tsl::robin_map<std::uint64_t, std::uint32_t, MixHash> goroutine_of_;
  tsl::robin_map<Wish, std::uint32_t, WishHash> waiting_;  // to the first source of a chain
  std::vector<std::uint32_t> available_;                   // sources without an event in frontier_
  // Positions in it of sources that may have become ready, rising, from next_unexamined_ on.
  std::vector<std::size_t> unexamined_;
  std::size_t next_unexamined_ = 0;
  Frontier<Candidate> frontier_;  // by ticks
  Candidate* given_ = nullptr;
  std::optional<Error> error_;
};

}  // namespace gtengine::order
