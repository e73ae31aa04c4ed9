#include "engine/order/legacy_merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/wire/v1/event_spec.h"

namespace gtengine::order {

using wire::v1::EventType;

LegacyMerge::LegacyMerge(LegacySources& sources) : sources_(sources) {
  candidates_.resize(sources.size());
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    candidates_[i].source = static_cast<std::uint32_t>(i);
    candidates_[i].position = i;
    available_.push_back(static_cast<std::uint32_t>(i));
    unexamined_.push_back(i);
  }
}

std::optional<std::uint32_t> LegacyMerge::Next() {
  if (given_ != nullptr) PutBack(*std::exchange(given_, nullptr));
  Scan();
  if (error_) [[unlikely]]
    return std::nullopt;
  if (frontier_.empty()) {
    if (!available_.empty()) {
      const LegacyEvent& event = EventOf(candidates_[available_.front()]);
      Break(event, fmt::format("neither this event can happen nor the next of any other of {} Ps",
                               available_.size()));
    }
    return std::nullopt;
  }
  Candidate& candidate = frontier_.At(0);
  frontier_.Remove(0);
  if (!Apply(candidate)) return std::nullopt;
  candidate.has_event = false;
  given_ = &candidate;
  return candidate.source;
}

// Lets the source whose event was given look for its next.
void LegacyMerge::PutBack(Candidate& candidate) {
  if (unexamined_.empty()) {
    // Only this one can have become ready: it goes straight to the frontier, if it has.
    if (!Fetch(candidate)) return;
    if (IsReady(candidate)) return frontier_.Insert(EventOf(candidate).ticks, candidate);
  } else {
    std::ranges::sort(unexamined_);
    unexamined_.push_back(available_.size());
  }
  candidate.position = available_.size();
  available_.push_back(candidate.source);
  if (candidate.has_event) Wait(candidate);
}

// Moves the source to its next event. False at its end, or when something is wrong.
bool LegacyMerge::Fetch(Candidate& candidate) {
  const LegacySources::Move move = sources_.Next(candidate.source);
  if (move == LegacySources::Move::kBad) error_ = sources_.error();
  if (move != LegacySources::Move::kEvent) return false;
  candidate.has_event = true;
  candidate.step = StepOf(EventOf(candidate));
  candidate.goroutine = kNone;
  if (candidate.step.g == kNobody) return true;
  const auto next = static_cast<std::uint32_t>(goroutines_.size());
  const auto [entry, is_new] = goroutine_of_.try_emplace(candidate.step.g, next);
  if (is_new) goroutines_.emplace_back();
  candidate.goroutine = entry->second;
  return true;
}

LegacyMerge::Step LegacyMerge::StepOf(const LegacyEvent& event) {
  using enum GoStatus;
  const std::uint64_t sequence = event.args[1];
  switch (event.type) {
    case EventType::kGoCreate:
      return {event.args[0], {0, kDead}, {1, kRunnable}};
    case EventType::kGoWaiting:
    case EventType::kGoInSyscall:
      return {event.g, {1, kRunnable}, {2, kWaiting}};
    case EventType::kGoStart:
    case EventType::kGoStartLabel:
      return {event.g, {sequence, kRunnable}, {sequence + 1, kRunning}};
    case EventType::kGoStartLocal:
      return {event.g, {kAnySequence, kRunnable}, {kNextSequence, kRunning}};
    case EventType::kGoSched:
    case EventType::kGoPreempt:
      return {event.g, {kAnySequence, kRunning}, {kAnySequence, kRunnable}};
    case EventType::kGoUnblock:
    case EventType::kGoSysExit:
      return {event.args[0], {sequence, kWaiting}, {sequence + 1, kRunnable}};
    case EventType::kGoUnblockLocal:
    case EventType::kGoSysExitLocal:
      return {event.args[0], {kAnySequence, kWaiting}, {kNextSequence, kRunnable}};
    case EventType::kGcStart:
      return {kCollector, {event.args[0], kDead}, {event.args[0] + 1, kDead}};
    case EventType::kGoEnd:
    case EventType::kGoStop:
      return {kNobody, {}, {}};
    default:
      if (!LeavesProc(event.type)) return {kNobody, {}, {}};
      return {event.g, {kAnySequence, kRunning}, {kAnySequence, kWaiting}};
  }
}

// Looks at every source that may have become ready, in order of position: it decides among events
// of equal times.
void LegacyMerge::Scan() {
  while (next_unexamined_ < unexamined_.size() && !error_) {
    Examine(unexamined_[next_unexamined_++]);
  }
  unexamined_.clear();
  next_unexamined_ = 0;
}

void LegacyMerge::Examine(std::size_t position) {
  Candidate& candidate = candidates_[available_[position]];
  if (!candidate.has_event && !Fetch(candidate)) {
    if (!error_) Withdraw(position);
    return;
  }
  if (!IsReady(candidate)) return Wait(candidate);
  Withdraw(position);
  frontier_.Insert(EventOf(candidate).ticks, candidate);
}

// Takes a source out. The last one takes its place, and its turn when it has not had it.
void LegacyMerge::Withdraw(std::size_t position) {
  const std::size_t last = available_.size() - 1;
  if (position != last) {
    available_[position] = available_[last];
    candidates_[available_[position]].position = position;
    if (next_unexamined_ < unexamined_.size() && unexamined_.back() == last) {
      unexamined_.pop_back();
      unexamined_[--next_unexamined_] = position;
    }
  }
  available_.pop_back();
}

void LegacyMerge::Wait(Candidate& candidate) {
  const Wish wish{.goroutine = candidate.goroutine,
                  .status = candidate.step.before.status,
                  .sequence = candidate.step.before.sequence};
  ++goroutines_[candidate.goroutine].waiting;
  const auto [entry, is_first] = waiting_.try_emplace(wish, candidate.source);
  candidate.next_waiting = is_first ? kNone : std::exchange(entry.value(), candidate.source);
}

// Lets the event happen.
bool LegacyMerge::Apply(const Candidate& candidate) {
  if (candidate.goroutine == kNone) return true;
  if (!IsReady(candidate)) [[unlikely]] {
    return Break(EventOf(candidate), "another P has the same step of the goroutine");
  }
  Goroutine& goroutine = goroutines_[candidate.goroutine];
  Standing after = candidate.step.after;
  if (after.sequence == kAnySequence) {
    after.sequence = goroutine.standing.sequence;
  } else if (after.sequence == kNextSequence) {
    after.sequence = goroutine.standing.sequence + 1;
  }
  goroutine.standing = after;
  if (goroutine.waiting == 0) return true;
  Wake({candidate.goroutine, after.status, kAnySequence});
  Wake({candidate.goroutine, after.status, after.sequence});
  return true;
}

void LegacyMerge::Wake(const Wish& wish) {
  const auto found = waiting_.find(wish);
  if (found == waiting_.end()) return;
  for (std::uint32_t source = found->second; source != kNone;) {
    Candidate& candidate = candidates_[source];
    unexamined_.push_back(candidate.position);
    --goroutines_[wish.goroutine].waiting;
    source = std::exchange(candidate.next_waiting, kNone);
  }
  waiting_.erase(found);
}

bool LegacyMerge::Break(const LegacyEvent& event, std::string what) {
  error_ =
      Error{.code = ErrorCode::kBrokenOrder,
            .what = fmt::format("{} on P {}: {}", wire::v1::SpecOf(event.type).name, event.p, what),
            .byte_offset = event.offset};
  return false;
}

}  // namespace gtengine::order
