#include "engine/order/legacy_check.h"

#include <fmt/format.h>

#include "engine/wire/v1/event_spec.h"

namespace gtengine::order {

using wire::v1::EventType;

LegacyCheck::LegacyCheck() { At(0).state = State::kRunning; }

Status LegacyCheck::Add(const LegacyEvent& event) {
  if (const What what = Check(event)) {
    return Error{.code = ErrorCode::kBrokenOrder,
                 .what = fmt::format("{} on P {} and goroutine {}: {}",
                                     wire::v1::SpecOf(event.type).name, event.p, event.g, what),
                 .byte_offset = event.offset};
  }
  FollowCall(event);
  return {};
}

LegacyCheck::What LegacyCheck::Check(const LegacyEvent& event) {
  using enum EventType;
  switch (event.type) {
    case kProcStart:
    case kProcStop:
      return CheckProc(event);
    case kGcStart:
    case kGcDone:
    case kStwStart:
    case kStwDone:
    case kGcSweepStart:
    case kGcSweepDone:
    case kGcMarkAssistStart:
    case kGcMarkAssistDone:
      return CheckCollector(event);
    case kGoWaiting:
    case kGoInSyscall:
      return Move(event.g, State::kRunnable, State::kWaiting, "the goroutine is not runnable");
    case kGoCreate:
      return CheckCreation(event);
    case kGoStart:
    case kGoStartLabel:
      return CheckStart(event);
    case kGoEnd:
      if (const What what = StopRunning(event, State::kDead)) return what;
      regions_.erase(event.g);
      return nullptr;
    case kGoStop:
      return StopRunning(event, State::kDead);
    case kGoSched:
    case kGoPreempt:
      return StopRunning(event, State::kRunnable);
    case kGoUnblock:
      return CheckUnblock(event);
    case kGoSysCall:
      return IsRunning(event, false);
    case kGoSysExit:
      return Move(event.g, State::kWaiting, State::kRunnable, "the goroutine is in no system call");
    case kGoSysBlock:
    case kGoSleep:
    case kGoBlock:
    case kGoBlockSend:
    case kGoBlockRecv:
    case kGoBlockSelect:
    case kGoBlockSync:
    case kGoBlockCond:
    case kGoBlockNet:
    case kGoBlockGc:
      return StopRunning(event, State::kWaiting);
    case kUserTaskCreate:
      return tasks_.insert(event.args[0]).second ? nullptr : "there is such a task";
    case kUserTaskEnd:
      tasks_.erase(event.args[0]);
      return nullptr;
    case kUserRegion:
      return CheckRegion(event);
    default:
      return nullptr;
  }
}

LegacyCheck::What LegacyCheck::Toggle(bool& state, bool to, What otherwise) {
  if (state == to) return otherwise;
  state = to;
  return nullptr;
}

LegacyCheck::What LegacyCheck::CheckProc(const LegacyEvent& event) {
  Proc& proc = procs_[event.p];
  if (event.type == EventType::kProcStart) return Toggle(proc.runs, true, "the P runs already");
  if (proc.runs && proc.g != 0) return "the P runs a goroutine";
  return Toggle(proc.runs, false, "the P does not run");
}

LegacyCheck::What LegacyCheck::CheckCollector(const LegacyEvent& event) {
  switch (event.type) {
    case EventType::kGcStart:
      return Toggle(collects_, true, "a collection is under way");
    case EventType::kGcDone:
      return Toggle(collects_, false, "no collection is under way");
    case EventType::kStwStart:
      return Toggle(stopped_, true, "the world is stopped already");
    case EventType::kStwDone:
      return Toggle(stopped_, false, "the world is not stopped");
    case EventType::kGcSweepStart:
      return Toggle(procs_[event.p].sweeps, true, "the P sweeps already");
    case EventType::kGcSweepDone:
      return Toggle(procs_[event.p].sweeps, false, "the P does not sweep");
    case EventType::kGcMarkAssistStart:
      return Toggle(At(event.g).assists, true, "the goroutine assists already");
    default:
      // One may have been under way when the trace began.
      At(event.g).assists = false;
      return nullptr;
  }
}

LegacyCheck::Goroutine* LegacyCheck::Find(std::uint64_t g) {
  if (g != last_g_) {
    const auto found = goroutine_of_.find(g);
    if (found == goroutine_of_.end()) return nullptr;
    last_g_ = g;
    last_goroutine_ = found->second;
  }
  return &goroutines_[last_goroutine_];
}

LegacyCheck::Goroutine& LegacyCheck::At(std::uint64_t g) {
  const auto next = static_cast<std::uint32_t>(goroutines_.size());
  const auto [entry, is_new] = goroutine_of_.try_emplace(g, next);
  if (is_new) goroutines_.emplace_back();
  return goroutines_[entry->second];
}

LegacyCheck::What LegacyCheck::Move(std::uint64_t g, State from, State to, What otherwise) {
  Goroutine* goroutine = Find(g);
  if (goroutine == nullptr || goroutine->state != from) return otherwise;
  goroutine->state = to;
  return nullptr;
}

LegacyCheck::What LegacyCheck::IsRunning(const LegacyEvent& event, bool allow_none) {
  if (StateOf(event.g) != State::kRunning) return "the goroutine does not run";
  const auto proc = procs_.find(event.p);
  if ((proc == procs_.end() ? 0 : proc->second.g) != event.g) {
    return "the goroutine does not run on the P";
  }
  if (event.g == 0 && !allow_none) return "it is on no goroutine";
  return nullptr;
}

LegacyCheck::What LegacyCheck::StopRunning(const LegacyEvent& event, State to) {
  if (const What what = IsRunning(event, false)) return what;
  Find(event.g)->state = to;
  procs_[event.p].g = 0;
  return nullptr;
}

LegacyCheck::What LegacyCheck::CheckCreation(const LegacyEvent& event) {
  if (const What what = IsRunning(event, true)) return what;
  if (Find(event.args[0]) != nullptr) return "there is such a goroutine";
  At(event.args[0]).state = State::kRunnable;
  return nullptr;
}

LegacyCheck::What LegacyCheck::CheckStart(const LegacyEvent& event) {
  Goroutine* goroutine = Find(event.g);
  if (goroutine == nullptr || goroutine->state != State::kRunnable) {
    return "the goroutine is not runnable";
  }
  Proc& proc = procs_[event.p];
  if (proc.g != 0) return "another goroutine runs on the P";
  goroutine->state = State::kRunning;
  proc.g = event.g;
  return nullptr;
}

LegacyCheck::What LegacyCheck::CheckUnblock(const LegacyEvent& event) {
  if (StateOf(event.g) != State::kRunning) return "the goroutine does not run";
  if (event.p != wire::v1::kTimerProc) {
    if (const What what = IsRunning(event, true)) return what;
  }
  return Move(event.args[0], State::kWaiting, State::kRunnable,
              "the goroutine that it wakes does not wait");
}

LegacyCheck::What LegacyCheck::CheckRegion(const LegacyEvent& event) {
  const Region region{.task = event.args[0], .name = event.args[2]};
  switch (event.args[1]) {
    case 0:
      regions_[event.g].push_back(region);
      return nullptr;
    case 1: {
      const auto open = regions_.find(event.g);
      // It may have begun before the trace did.
      if (open == regions_.end()) return nullptr;
      if (open->second.back() != region) return "another region is the innermost";
      open.value().pop_back();
      if (open->second.empty()) regions_.erase(open);
      return nullptr;
    }
    default:
      return "it is neither a begin nor an end";
  }
}

void LegacyCheck::FollowCall(const LegacyEvent& event) {
  Goroutine* goroutine = Find(event.g);
  if (goroutine == nullptr) return;
  std::uint64_t& last_call = goroutine->last_call;
  if (last_call != kNoCall) {
    blocked_calls_[last_call] = event.type == EventType::kGoSysBlock;
    last_call = kNoCall;
  }
  if (event.type != EventType::kGoSysCall) return;
  last_call = blocked_calls_.size();
  blocked_calls_.push_back(false);
}

}  // namespace gtengine::order
