#include "engine/order/event_text.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>
#include <utility>

#include "engine/base/go_quote.h"
#include "engine/base/go_time.h"
#include "engine/wire/event_spec.h"

namespace gtengine::order {
namespace {

using wire::EventType;

// Writes one event. An id that does not resolve is remembered instead of stopping at once.
class EventWriter {
 public:
  EventWriter(const OrderedEvent& event, const EventChunk& chunk, std::string& out)
      : event_(event), chunk_(chunk), out_(out) {}

  Status Write();

 private:
  template <class... Args>
  void Print(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }
  void Quote(std::string_view text) { AppendGoQuoted(text, out_); }
  const wire::GenerationTables& tables() const { return chunk_.generation_or_null->tables; }
  std::string_view String(std::uint64_t id);
  // The first failure counts.
  void Fail(std::string what) {
    if (!error_) error_ = Error{.what = std::move(what)};
  }

  void Details();
  void Metric();
  void Range();
  void RangeName();
  void RangeScope();
  void RangeAttributes();
  void Task();
  void Transition();
  void Experimental();
  void Sync();
  void Frames(std::uint64_t stack);
  bool HasSubjectStack() const;

  const OrderedEvent& event_;
  const EventChunk& chunk_;
  std::string& out_;
  std::optional<Error> error_;
};

Status EventWriter::Write() {
  const std::size_t begin = out_.size();
  Print("M={} P={} G={} {} Time={}", Raw(event_.m), Raw(event_.p), Raw(event_.g),
        Name(KindOf(event_.type)), event_.time_ns);
  Details();
  // A CPU sample's stack is shown even when it is empty; others are left out.
  const std::uint64_t stack = ContextStack(event_);
  if (stack != 0 || event_.type == EventType::kCpuSample) {
    out_ += "\nStack=\n";
    Frames(stack);
  }
  out_ += '\n';
  if (!error_) return {};
  out_.resize(begin);
  error_->generation = chunk_.generation_or_null->generation.number;
  error_->m = Raw(event_.m);
  return *error_;
}

void EventWriter::Details() {
  switch (KindOf(event_.type)) {
    case EventKind::kSync:
      return Sync();
    case EventKind::kMetric:
      return Metric();
    case EventKind::kLabel:
      out_ += " Label=";
      Quote(String(event_.args[0]));
      return Print(" Resource=Goroutine({})", Raw(event_.g));
    case EventKind::kRangeBegin:
    case EventKind::kRangeActive:
    case EventKind::kRangeEnd:
      return Range();
    case EventKind::kTaskBegin:
    case EventKind::kTaskEnd:
      return Task();
    case EventKind::kRegionBegin:
    case EventKind::kRegionEnd:
      Print(" Task={} Type=", event_.args[0]);
      return Quote(String(event_.args[1]));
    case EventKind::kLog:
      Print(" Task={} Category=", event_.args[0]);
      Quote(String(event_.args[1]));
      out_ += " Message=";
      return Quote(String(event_.args[2]));
    case EventKind::kStateTransition:
      return Transition();
    case EventKind::kExperimental:
      return Experimental();
    case EventKind::kStackSample:
    case EventKind::kBad:
      return;
  }
}

std::string_view EventWriter::String(std::uint64_t id) {
  if (const auto text = tables().String(id)) return *text;
  Fail(fmt::format("{} refers to string {}, which its generation does not have",
                   wire::SpecOf(event_.type).name, id));
  return {};
}

void EventWriter::Metric() {
  const char* name = event_.type == EventType::kProcsChange ? "/sched/gomaxprocs:threads"
                     : event_.type == EventType::kHeapAlloc ? "/memory/classes/heap/objects:bytes"
                                                            : "/gc/heap/goal:bytes";
  Print(" Name=\"{}\" Value=Value{{Uint64({})}}", name, event_.args[0]);
}

void EventWriter::Range() {
  out_ += " Name=";
  RangeName();
  out_ += " Scope=";
  RangeScope();
  if (KindOf(event_.type) == EventKind::kRangeEnd) RangeAttributes();
}

void EventWriter::RangeName() {
  switch (event_.type) {
    case EventType::kStwBegin:
    case EventType::kStwEnd:
      return Quote(fmt::format("stop-the-world ({})", String(event_.args[0])));
    case EventType::kGcBegin:
    case EventType::kGcActive:
    case EventType::kGcEnd:
      return Quote("GC concurrent mark phase");
    case EventType::kGcSweepBegin:
    case EventType::kGcSweepActive:
    case EventType::kGcSweepEnd:
      return Quote("GC incremental sweep");
    default:
      return Quote("GC mark assist");
  }
}

void EventWriter::RangeScope() {
  switch (event_.type) {
    case EventType::kGcBegin:
    case EventType::kGcActive:
    case EventType::kGcEnd:
      out_ += "None";
      return;
    case EventType::kGcSweepBegin:
    case EventType::kGcSweepEnd:
      return Print("Proc({})", Raw(event_.p));
    case EventType::kGcSweepActive:
      return Print("Proc({})", static_cast<std::int64_t>(event_.args[0]));
    case EventType::kGcMarkAssistActive:
      return Print("Goroutine({})", static_cast<std::int64_t>(event_.args[0]));
    default:
      return Print("Goroutine({})", Raw(event_.g));
  }
}

void EventWriter::RangeAttributes() {
  if (event_.type != EventType::kGcSweepEnd) {
    out_ += " Attributes=[]";
    return;
  }
  Print(" Attributes=[\"bytes swept\"=Value{{Uint64({})}} \"bytes reclaimed\"=Value{{Uint64({})}}]",
        event_.args[0], event_.args[1]);
}

void EventWriter::Task() {
  const bool begins = event_.type == EventType::kUserTaskBegin;
  const std::uint64_t parent = event_.args[begins ? 1 : 2];
  Print(" ID={} Parent={} Type=", event_.args[0], parent);
  Quote(begins ? String(event_.args[2])
               : chunk_.task_names->Get(static_cast<StringRef>(event_.args[3])));
}

// A new goroutine always has a stack of its own, if only an empty one.
bool EventWriter::HasSubjectStack() const {
  return event_.type == EventType::kGoCreate || event_.type == EventType::kGoCreateBlocked ||
         SubjectStack(event_) != 0;
}

void EventWriter::Transition() {
  if (IsGoroutineTransition(event_.type)) {
    Print(" GoID={} {}->{}", Raw(SubjectGoroutine(event_)),
          gtengine::Name(static_cast<GoState>(event_.from)),
          gtengine::Name(static_cast<GoState>(event_.to)));
  } else {
    // A wider number whose lowest byte is a status passes the order, but names no state.
    if (event_.type == EventType::kProcStatus && event_.args[1] >= wire::kStatusCount) {
      Fail(fmt::format("ProcStatus has status {}, which does not exist", event_.args[1]));
    }
    Print(" ProcID={} {}->{}", Raw(SubjectProc(event_)),
          gtengine::Name(static_cast<ProcState>(event_.from)),
          gtengine::Name(static_cast<ProcState>(event_.to)));
  }
  const bool has_reason = event_.type == EventType::kGoStop || event_.type == EventType::kGoBlock;
  out_ += " Reason=";
  Quote(has_reason ? String(event_.args[0]) : std::string_view());
  if (!HasSubjectStack()) return;
  out_ += "\nTransitionStack=\n";
  Frames(SubjectStack(event_));
}

void EventWriter::Experimental() {
  const wire::EventSpec& spec = wire::SpecOf(event_.type);
  Print(" Name={} Args=[", spec.name);
  for (std::size_t i = 1; i < spec.arg_count; ++i) {
    Print("{}{}=Value{{Uint64({})}}", i == 1 ? "" : ", ", spec.args[i], event_.args[i - 1]);
  }
  out_ += ']';
}

void EventWriter::Sync() {
  Print(" N={}", event_.args[0]);
  if (chunk_.generation_or_null == nullptr) return;
  // Go shows the experiments' data with the event, and looks up their names.
  for (const wire::Batch& batch : chunk_.generation_or_null->generation.batches) {
    if (batch.experiment < wire::kExperimentCount) continue;
    Fail(fmt::format("the generation has data of experiment {}, which does not exist",
                     batch.experiment));
  }
  const auto& snapshot = tables().clock_snapshot();
  if (!snapshot) return;
  Print(" Trace={} Mono={} Wall=", tables().unit().ToNs(snapshot->ticks), snapshot->mono_ns);
  AppendGoWallTime(static_cast<std::int64_t>(snapshot->wall_seconds),
                   static_cast<std::int64_t>(snapshot->wall_nanoseconds), out_);
}

void EventWriter::Frames(std::uint64_t stack) {
  if (!tables().HasStack(stack)) {
    return Fail(fmt::format("{} refers to stack {}, which its generation does not have",
                            wire::SpecOf(event_.type).name, stack));
  }
  for (const std::uint32_t index : tables().Stack(stack)) {
    const wire::StackFrame& frame = tables().frames()[index];
    Print("\t{} @ 0x{:x}\n\t\t{}:{}\n", frame.function, frame.pc, frame.file, frame.line);
  }
}

}  // namespace

Status AppendEventText(const OrderedEvent& event, const EventChunk& chunk, std::string& out) {
  return EventWriter(event, chunk, out).Write();
}

}  // namespace gtengine::order
