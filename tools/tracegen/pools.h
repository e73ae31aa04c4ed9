// Who of the simulated machine can be chosen for what.
#pragma once

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

// Goroutines that wait, until one is woken at random: mostly one of those that began to wait last.
class WaitingRoom {
 public:
  explicit WaitingRoom(std::size_t recent) : recent_(recent) {}

  bool empty() const { return members_.empty(); }
  void Push(Index g) { members_.push_back(g); }
  // There must be one.
  Index Take(Random& random) {
    const std::uint64_t bits = random.Next();
    std::size_t place = Random::Scale(bits << 2, members_.size());
    if (members_.size() > recent_ && bits >> 62 != 0) {
      place = members_.size() - 1 - Random::Scale(bits << 2, recent_);
    }
    const Index g = members_[place];
    members_[place] = members_.back();
    members_.pop_back();
    return g;
  }

 private:
  std::size_t recent_;
  std::vector<Index> members_;
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
        waiting(4 * std::size_t{machine.procs()}) {}

  IndexSet active;   // Ms with a P
  IndexSet doomed;   // Ms with a P that they will lose in their system call
  IndexSet blocked;  // Ms in a system call without a P
  IndexSet spare;    // Ms without a P and a goroutine
  IndexSet idle;     // Ps without an M
  RunQueue queue;
  WaitingRoom waiting;
};

}  // namespace gtengine::tracegen
