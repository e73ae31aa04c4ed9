// Who of the simulated machine can be chosen for what.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tools/tracegen/machine.h"
#include "tools/tracegen/random.h"

namespace gtengine::tracegen {

// A set of Ms or Ps with a random pick. Every call takes the same time.
class IndexSet {
 public:
  explicit IndexSet(Index bound) : places_(bound, kNone) { members_.reserve(bound); }

  bool empty() const { return members_.empty(); }
  Index size() const { return static_cast<Index>(members_.size()); }
  bool Has(Index index) const { return places_[index] != kNone; }
  Index operator[](Index place) const { return members_[place]; }

  void Add(Index index) {
    places_[index] = size();
    members_.push_back(index);
  }
  void Remove(Index index) {
    const Index last = members_.back();
    members_[places_[index]] = last;
    places_[last] = places_[index];
    places_[index] = kNone;
    members_.pop_back();
  }
  // There must be one.
  Index Pick(Random& random) const { return members_[random.Below(members_.size())]; }

 private:
  std::vector<Index> members_;
  std::vector<Index> places_;  // of each index among the members
};

// Goroutines that can run, in the order in which they will.
class RunQueue {
 public:
  explicit RunQueue(std::size_t bound) {
    std::size_t size = 1;
    while (size < bound) size *= 2;
    ring_.resize(size);
  }

  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return end_ - begin_; }
  void Push(Index g) { ring_[end_++ & (ring_.size() - 1)] = g; }
  Index Pop() { return ring_[begin_++ & (ring_.size() - 1)]; }

 private:
  std::vector<Index> ring_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

// Goroutines that wait, until one is woken at random: mostly one of those that began to wait not
// long ago, but not just now. Who comes next is drawn some turns ahead, so that its memory can be
// fetched.
class WaitingRoom {
 public:
  explicit WaitingRoom(std::size_t recent) : recent_(recent) {}

  bool empty() const { return members_.empty() && drawn_count_ == 0; }
  void Push(Index g) { members_.push_back(g); }
  // There must be one.
  Index Take(Random& random) {
    while (drawn_count_ < kAhead && !members_.empty()) {
      newest_ = Draw(random);
      drawn_[(next_ + drawn_count_++) % kAhead] = newest_;
    }
    --drawn_count_;
    return drawn_[next_++ % kAhead];
  }
  // Who was drawn last.
  Index newest() const { return newest_; }

 private:
  static constexpr std::size_t kAhead = 8;

  Index Draw(Random& random) {
    const std::size_t place = std::min(next_place_, members_.size() - 1);
    const Index g = members_[place];
    members_[place] = members_.back();
    members_.pop_back();
    next_place_ = Choose(random);
    __builtin_prefetch(members_.data() + next_place_, 1);
    return g;
  }
  std::size_t Choose(Random& random) const {
    const std::uint64_t bits = random.Next();
    if (members_.size() <= 2 * recent_ || bits >> 62 == 0) {
      return Random::Scale(bits << 2, members_.size());
    }
    return members_.size() - recent_ - Random::Scale(bits << 2, recent_);
  }

  std::size_t recent_;
  std::vector<Index> members_;
  std::array<Index, kAhead> drawn_{};
  std::size_t next_ = 0;
  std::size_t drawn_count_ = 0;
  Index newest_ = 0;
  std::size_t next_place_ = 0;
};

// Each M is in one of the sets, each runnable goroutine in the queue, each waiting one in the room
// but where it waits for its coroutine or is one.
struct Pools {
  Pools(const Machine& machine, std::size_t goroutines)
      : active(machine.threads()),
        doomed(machine.threads()),
        blocked(machine.threads()),
        spare(machine.threads()),
        idle(machine.procs()),
        queue(goroutines),
        waiting(2 * std::size_t{machine.procs()}) {}

  IndexSet active;   // Ms with a P
  IndexSet doomed;   // Ms with a P that they will lose in their system call
  IndexSet blocked;  // Ms in a system call without a P
  IndexSet spare;    // Ms without a P and a goroutine
  IndexSet idle;     // Ps without an M
  RunQueue queue;
  WaitingRoom waiting;
};

}  // namespace gtengine::tracegen
