#include "engine/order/legacy_convert.h"

#include <algorithm>
#include <functional>

namespace gtengine::order {

using Legacy = wire::v1::EventType;
using wire::EventType;

namespace {

// Places in LegacyStrings.
enum Builtin : std::size_t {
  kForever,
  kPreempted,
  kGosched,
  kSleep,
  kChanSend,
  kChanReceive,
  kNetwork,
  kSync,
  kSyncCond,
  kSelect,
  kEmpty,
  kMarkAssistWait,
  kStopReasons,  // the first of them
};

// In Go's order: an id that the trace misuses can be that of any of them.
constexpr std::string_view kStrings[] = {
    "forever",
    "preempted",
    "runtime.Gosched",
    "sleep",
    "chan send",
    "chan receive",
    "network",
    "sync",
    "sync.(*Cond).Wait",
    "select",
    "",
    "GC mark assist wait for work",
    // Why the world is stopped.
    "",
    "GC mark termination",
    "GC sweep termination",
    "write heap dump",
    "goroutine profile",
    "goroutine profile cleanup",
    "all goroutine stack trace",
    "read mem stats",
    "AllThreadsSyscall",
    "GOMAXPROCS",
    "start trace",
    "stop trace",
    "CountPagesInUse (test)",
    "ReadMetricsSlow (test)",
    "ReadMemStatsSlow (test)",
    "PageCachePagesLeaked (test)",
    "ResetDebugLog (test)",
};
constexpr std::uint64_t kStopReasonCount = std::size(kStrings) - kStopReasons;

Builtin ReasonOf(Legacy type) {
  switch (type) {
    case Legacy::kGoStop:
      return kForever;
    case Legacy::kGoPreempt:
      return kPreempted;
    case Legacy::kGoSched:
      return kGosched;
    case Legacy::kGoSleep:
      return kSleep;
    case Legacy::kGoBlockSend:
      return kChanSend;
    case Legacy::kGoBlockRecv:
      return kChanReceive;
    case Legacy::kGoBlockNet:
      return kNetwork;
    case Legacy::kGoBlockSync:
      return kSync;
    case Legacy::kGoBlockCond:
      return kSyncCond;
    case Legacy::kGoBlockSelect:
      return kSelect;
    case Legacy::kGoBlockGc:
      return kMarkAssistWait;
    default:
      return kEmpty;
  }
}

void Become(EventType type, std::initializer_list<std::uint64_t> args, OrderedEvent& out) {
  out.type = type;
  std::ranges::copy(args, out.args.begin());
}

void MoveProc(ProcState from, ProcState to, OrderedEvent& out) {
  out.from = static_cast<std::uint8_t>(from);
  out.to = static_cast<std::uint8_t>(to);
}

std::uint64_t NumberOf(std::int32_t p) { return static_cast<std::uint64_t>(std::int64_t{p}); }

}  // namespace

std::span<const std::string_view> LegacyStrings() { return kStrings; }

LegacyConverter::LegacyConverter(wire::Version version, const wire::v1::Tables& tables,
                                 const wire::GenerationTables& strings, wire::v1::Clock clock,
                                 const std::vector<bool>& blocked_calls)
    : version_(version),
      tables_(tables),
      strings_(strings),
      clock_(clock),
      blocked_calls_(blocked_calls) {}

std::optional<std::size_t> LegacyConverter::Convert(const LegacyEvent& event, OrderedEvent* out) {
  switch (event.type) {
    case Legacy::kFutileWakeup:
      return std::nullopt;
    case Legacy::kGoStartLabel:
      AddLabel(event, out);
      return 2;
    case Legacy::kGoSysCall:
      ConvertOne(event, out[0]);
      if (blocked_calls_[calls_++]) return 1;
      EndCallAtOnce(event, out);
      return 2;
    default:
      return ConvertOne(event, out[0]) ? 1 : 0;
  }
}

void LegacyConverter::TakeStatus(OrderedEvent& out) {
  const std::uint64_t g = statuses_.back();
  statuses_.pop_back();
  out = {};
  out.time_ns = statuses_ns_;
  Restate(g, GoState::kRunnable, out);
}

bool LegacyConverter::ConvertOne(const LegacyEvent& event, OrderedEvent& out) {
  using enum wire::v1::EventType;
  Place(event, event.p, out);
  switch (event.type) {
    case kGomaxprocs:
      if (TellEarlyGoroutines(event)) return false;
      Become(EventType::kProcsChange, {event.args[0], StackOf(event)}, out);
      return true;
    case kProcStart:
    case kProcStop:
      return ConvertProc(event, out);
    case kHeapAlloc:
      Become(EventType::kHeapAlloc, {event.args[0]}, out);
      return true;
    case kHeapGoal:
      Become(EventType::kHeapGoal, {event.args[0]}, out);
      return true;
    case kCpuSample:
      out.m = kNoThread;
      Become(EventType::kCpuSample, {StackOf(event)}, out);
      return true;
    case kGcStart:
    case kGcDone:
    case kStwStart:
    case kStwDone:
    case kGcSweepStart:
    case kGcSweepDone:
    case kGcMarkAssistStart:
    case kGcMarkAssistDone:
      return ConvertCollector(event, out);
    case kUserTaskCreate:
    case kUserTaskEnd:
    case kUserRegion:
    case kUserLog:
      return ConvertAnnotation(event, out);
    default:
      return ConvertGoroutine(event, out);
  }
}

bool LegacyConverter::ConvertProc(const LegacyEvent& event, OrderedEvent& out) {
  const std::uint64_t p = NumberOf(event.p);
  const bool starts = event.type == Legacy::kProcStart;
  if (starts) {
    threads_[event.p] = ThreadId{static_cast<std::int64_t>(event.args[0])};
    if (event.p != -1) out.m = threads_[event.p];
  } else {
    threads_.erase(event.p);
  }
  last_ = {};
  const ProcState state = starts ? ProcState::kRunning : ProcState::kIdle;
  if (seen_procs_.insert(event.p).second) {
    const auto status = starts ? wire::ProcStatus::kRunning : wire::ProcStatus::kIdle;
    Become(EventType::kProcStatus, {p, static_cast<std::uint64_t>(status)}, out);
    MoveProc(ProcState::kUndetermined, state, out);
  } else {
    Become(starts ? EventType::kProcStart : EventType::kProcStop, {p}, out);
    MoveProc(starts ? ProcState::kIdle : ProcState::kRunning, state, out);
  }
  return true;
}

bool LegacyConverter::ConvertCollector(const LegacyEvent& event, OrderedEvent& out) {
  using enum wire::v1::EventType;
  switch (event.type) {
    case kGcStart:
      Place(event, wire::v1::kCollectorProc, out);
      Become(EventType::kGcBegin, {event.args[0], StackOf(event)}, out);
      break;
    case kGcDone:
      Become(EventType::kGcEnd, {}, out);
      break;
    case kStwStart:
      stop_reason_ = StopReasonOf(event.args[0]);
      Become(EventType::kStwBegin, {stop_reason_}, out);
      break;
    case kStwDone:
      Become(EventType::kStwEnd, {stop_reason_}, out);
      break;
    case kGcSweepStart:
      Become(EventType::kGcSweepBegin, {StackOf(event)}, out);
      break;
    case kGcSweepDone:
      Become(EventType::kGcSweepEnd, {event.args[0], event.args[1]}, out);
      break;
    case kGcMarkAssistStart:
      Become(EventType::kGcMarkAssistBegin, {StackOf(event)}, out);
      break;
    default:
      Become(EventType::kGcMarkAssistEnd, {}, out);
  }
  return true;
}

bool LegacyConverter::ConvertGoroutine(const LegacyEvent& event, OrderedEvent& out) {
  using enum wire::v1::EventType;
  switch (event.type) {
    case kGoCreate:
      return ConvertCreation(event, out);
    case kGoStart:
      if (is_early_) {
        Restate(event.g, GoState::kRunning, out);
      } else {
        Become(EventType::kGoStart, {event.args[0], event.args[1]}, out);
        Move(event.g, GoState::kRunnable, GoState::kRunning, out);
      }
      return true;
    case kGoEnd:
      Become(EventType::kGoDestroy, {}, out);
      Move(event.g, GoState::kRunning, GoState::kNotExist, out);
      free_slots_.push_back(out.subject_slot);
      goroutines_.erase(event.g);
      last_ = {};
      return true;
    case kGoSched:
    case kGoPreempt:
      Stop(event, false, out);
      return true;
    case kGoUnblock:
      ConvertUnblock(event, out);
      return true;
    case kGoSysCall:
      Become(EventType::kGoSyscallBegin, {0, StackOf(event)}, out);
      Move(event.g, GoState::kRunning, GoState::kSyscall, out);
      return true;
    case kGoSysExit:
      Become(EventType::kGoSyscallEndBlocked, {}, out);
      Move(event.g, GoState::kSyscall, GoState::kRunnable, out);
      return true;
    case kGoSysBlock:
      return false;
    case kGoWaiting:
      Restate(event.g, GoState::kWaiting, out);
      return true;
    case kGoInSyscall:
      Restate(event.g, GoState::kSyscall, out);
      return true;
    default:
      Stop(event, true, out);
      return true;
  }
}

// A goroutine from before the trace is told later, with its state.
bool LegacyConverter::ConvertCreation(const LegacyEvent& event, OrderedEvent& out) {
  const std::uint64_t g = event.args[0];
  std::uint32_t slot = slot_count_;
  if (free_slots_.empty()) {
    ++slot_count_;
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  goroutines_[g] = {.slot = slot};
  last_ = {};
  if (is_early_) {
    early_.insert(g);
    return false;
  }
  Become(EventType::kGoCreate, {g, event.args[1], StackOf(event)}, out);
  Move(g, GoState::kNotExist, GoState::kRunnable, out);
  return true;
}

void LegacyConverter::ConvertUnblock(const LegacyEvent& event, OrderedEvent& out) {
  const std::uint64_t g = event.args[0];
  if (goroutines_[g].waits_for_network) Place(event, wire::v1::kNetworkProc, out);
  Become(EventType::kGoUnblock, {g, event.args[1], StackOf(event)}, out);
  Move(g, GoState::kWaiting, GoState::kRunnable, out);
}

bool LegacyConverter::ConvertAnnotation(const LegacyEvent& event, OrderedEvent& out) {
  switch (event.type) {
    case Legacy::kUserTaskCreate: {
      const std::uint64_t parent = event.args[1] == 0 ? Raw(kNoTask) : event.args[1];
      Become(EventType::kUserTaskBegin, {event.args[0], parent, event.args[2], StackOf(event)},
             out);
      tasks_[event.args[0]] = {.name_id = event.args[2], .parent = event.args[1]};
      break;
    }
    case Legacy::kUserTaskEnd:
      ConvertTaskEnd(event, out);
      break;
    case Legacy::kUserRegion:
      Become(event.args[1] == 0 ? EventType::kUserRegionBegin : EventType::kUserRegionEnd,
             {event.args[0], event.args[2], StackOf(event)}, out);
      break;
    default:
      Become(EventType::kUserLog,
             {event.args[0], event.args[1], tables_.MessageId(event.text), StackOf(event)}, out);
  }
  return true;
}

// The parent of an ended task is as the trace has it: 0 for none, unlike where the task begins.
void LegacyConverter::ConvertTaskEnd(const LegacyEvent& event, OrderedEvent& out) {
  const auto task = tasks_.find(event.args[0]);
  std::uint64_t parent = Raw(kNoTask);
  StringRef name = kEmptyString;
  if (task != tasks_.end()) {
    parent = task->second.parent;
    name = names_.Intern(strings_.String(task->second.name_id).value_or(std::string_view()));
    tasks_.erase(task);
  }
  Become(EventType::kUserTaskEnd,
         {event.args[0], StackOf(event), parent, static_cast<std::uint64_t>(name)}, out);
}

bool LegacyConverter::TellEarlyGoroutines(const LegacyEvent& event) {
  if (!is_early_) return false;
  is_early_ = false;
  statuses_.assign(early_.begin(), early_.end());
  std::ranges::sort(statuses_, std::greater());
  statuses_ns_ = clock_.ToNs(event.ticks);
  early_ = {};
  return true;
}

// Unlike elsewhere, a P without a thread is on thread 0 here and in the next.
void LegacyConverter::AddLabel(const LegacyEvent& event, OrderedEvent* out) {
  for (int i = 0; i < 2; ++i) {
    Place(event, event.p, out[i]);
    out[i].m = ThreadOf(event.p, ThreadId{0});
  }
  Become(EventType::kGoStart, {event.args[0], event.args[1]}, out[0]);
  Move(event.g, GoState::kRunnable, GoState::kRunning, out[0]);
  Become(EventType::kGoLabel, {event.args[2]}, out[1]);
}

// A call that did not block is an event without an end: it gets the shortest time.
void LegacyConverter::EndCallAtOnce(const LegacyEvent& event, OrderedEvent* out) {
  out[0].m = ThreadOf(event.p, ThreadId{0});
  out[1] = out[0];
  out[1].time_ns = WrappingAdd(out[0].time_ns, 1);
  out[1].args = {};
  out[1].type = EventType::kGoSyscallEnd;
  out[1].from = static_cast<std::uint8_t>(GoState::kSyscall);
  out[1].to = static_cast<std::uint8_t>(GoState::kRunning);
}

// Begins an event: its time, and where it happens.
void LegacyConverter::Place(const LegacyEvent& event, std::int32_t p, OrderedEvent& out) {
  out = {};
  out.time_ns = clock_.ToNs(event.ticks);
  out.p = ProcId{p};
  out.m = p == -1 ? kNoThread : ThreadOf(p, kNoThread);
  out.g = event.g == 0 ? kNoGoroutine : GoId{static_cast<std::int64_t>(event.g)};
  out.g_slot = SlotOf(event.g);
}

void LegacyConverter::Stop(const LegacyEvent& event, bool waits, OrderedEvent& out) {
  Become(waits ? EventType::kGoBlock : EventType::kGoStop,
         {tables_.MoreId(ReasonOf(event.type)), StackOf(event)}, out);
  Move(event.g, GoState::kRunning, waits ? GoState::kWaiting : GoState::kRunnable, out);
  if (event.type == Legacy::kGoBlockNet) goroutines_[event.g].waits_for_network = true;
}

void LegacyConverter::Restate(std::uint64_t g, GoState state, OrderedEvent& out) {
  const wire::GoStatus status = state == GoState::kRunnable  ? wire::GoStatus::kRunnable
                                : state == GoState::kRunning ? wire::GoStatus::kRunning
                                : state == GoState::kWaiting ? wire::GoStatus::kWaiting
                                                             : wire::GoStatus::kSyscall;
  Become(EventType::kGoStatus, {g, ~std::uint64_t{0}, static_cast<std::uint64_t>(status)}, out);
  Move(g, GoState::kUndetermined, state, out);
  early_.erase(g);
}

void LegacyConverter::Move(std::uint64_t g, GoState from, GoState to, OrderedEvent& out) {
  out.from = static_cast<std::uint8_t>(from);
  out.to = static_cast<std::uint8_t>(to);
  Goroutine& goroutine = goroutines_[g];
  out.subject_slot = goroutine.slot;
  goroutine.waits_for_network = false;
}

// A stack that the trace does not tell is none.
std::uint64_t LegacyConverter::StackOf(const LegacyEvent& event) const {
  return tables_.HasStack(event.stack) ? event.stack : 0;
}

std::uint64_t LegacyConverter::StopReasonOf(std::uint64_t kind) const {
  // Before format 21 two kinds were told, counted from 0.
  std::uint64_t reason = 0;
  if (version_ == wire::Version::k21) {
    reason = kind < kStopReasonCount ? kind : 0;
  } else if (kind < 2) {
    reason = kind + 1;
  }
  return tables_.MoreId(kStopReasons + static_cast<std::size_t>(reason));
}

std::uint32_t LegacyConverter::SlotOf(std::uint64_t g) {
  if (g == last_.g) return last_.slot;
  const auto found = goroutines_.find(g);
  last_.g = g;
  return last_.slot = found == goroutines_.end() ? kNoSlot : found->second.slot;
}

ThreadId LegacyConverter::ThreadOf(std::int32_t p, ThreadId or_else) {
  if (last_.p != p) {
    const auto found = threads_.find(p);
    last_.p = p;
    last_.thread = found == threads_.end() ? std::nullopt : std::optional<ThreadId>(found->second);
  }
  return last_.thread.value_or(or_else);
}

}  // namespace gtengine::order
