#include "engine/spans/span_builder.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <string_view>

namespace gtengine::spans {

using order::OrderedEvent;
using wire::EventType;

namespace {

// What Go's summarizer takes for the end of a goroutine.
constexpr std::string_view kForever = "forever";

constexpr std::array<SpanCause, 256> kCauseOfType = [] {
  using enum EventType;
  std::array<SpanCause, 256> causes{};
  const auto set = [&causes](std::initializer_list<EventType> types, SpanCause cause) {
    for (const EventType type : types) causes[static_cast<std::uint8_t>(type)] = cause;
  };
  set({kGoCreate, kGoCreateBlocked, kGoCreateSyscall}, SpanCause::kCreated);
  set({kGoUnblock, kGoSwitch, kGoSwitchDestroy}, SpanCause::kUnblocked);
  set({kGoStop}, SpanCause::kYielded);
  set({kGoSyscallEnd, kGoSyscallEndBlocked}, SpanCause::kSyscallEnded);
  set({kGoStart}, SpanCause::kStarted);
  set({kGoBlock}, SpanCause::kBlocked);
  set({kGoSyscallBegin}, SpanCause::kSyscallBegun);
  return causes;
}();
static_assert(SpanCause{} == SpanCause::kRestated);

void Unite(SpanRequest& all, const SpanRequest& one) {
  for (std::size_t i = 0; i < kGoStateCount; ++i) all.states[i] = all.states[i] || one.states[i];
  all.goroutine_columns.Unite(one.goroutine_columns);
}

// Whether rows of runnable goroutines are all that is wanted, with columns that their beginnings
// tell.
bool IsForWaits(const SpanRequest& request) {
  for (std::size_t i = 0; i < kGoStateCount; ++i) {
    if (request.states[i] != (static_cast<GoState>(i) == GoState::kRunnable)) return false;
  }
  const GoroutineColumns& columns = request.goroutine_columns;
  return columns.start_function && columns.cause && !columns.end_stack && !columns.reason &&
         !columns.place && !columns.overlaps;
}

// Type and states of a transition as one number.
constexpr std::uint32_t StepOf(EventType type, GoState from, GoState to) {
  return static_cast<std::uint32_t>(type) | static_cast<std::uint32_t>(from) << 8 |
         static_cast<std::uint32_t>(to) << 16;
}
std::uint32_t StepOf(const OrderedEvent& event) {
  static_assert(offsetof(OrderedEvent, from) == offsetof(OrderedEvent, type) + 1);
  static_assert(offsetof(OrderedEvent, to) == offsetof(OrderedEvent, type) + 2);
  std::uint32_t step;
  std::memcpy(&step, reinterpret_cast<const char*>(&event) + offsetof(OrderedEvent, type),
              sizeof(step));
  return step & 0xffffff;
}

}  // namespace

SpanBuilder::SpanBuilder(std::span<SpanConsumer* const> consumers, Beginning beginning)
    : consumers_(consumers), refs_(tables_), beginning_(beginning) {
  forever_ = tables_.strings.Intern(kForever);
  for (const SpanConsumer* consumer : consumers_) Unite(request_, consumer->Request());
  for (const SpanConsumer* consumer : consumers_) {
    const SpanRequest request = consumer->Request();
    for (std::size_t i = 0; i < kGoStateCount; ++i) {
      overlaps_wanted_[i] |= request.states[i] && request.goroutine_columns.overlaps;
    }
  }
  is_for_waits_ = IsForWaits(request_);
  for (std::size_t i = 0; i < kGoStateCount; ++i) {
    if (!request_.states[i]) continue;
    // Uninitialised on purpose: a column is written before it is read.
    chunks_[i] = std::make_unique_for_overwrite<GoroutineSpans>();
    chunks_[i]->state = static_cast<GoState>(i);
    chunks_[i]->rows = 0;
  }
  if (SetBuilder::IsWantedBy(consumers_)) {
    sets_or_null_ = std::make_unique<SetBuilder>(consumers_, refs_, tables_);
  }
}

inline void SpanBuilder::Open(Goroutine& goroutine, const OrderedEvent& event) {
  const GoroutineColumns& columns = request_.goroutine_columns;
  const auto state = static_cast<GoState>(event.to);
  goroutine.state = state;
  if (event.type == EventType::kGoBlock && (columns.cause || columns.reason)) {
    goroutine.reason = refs_.String(event.args[0]);
    if (goroutine.reason == forever_) goroutine.next_flags |= kAfterForever;
  }
  if (Wants(state)) {
    goroutine.start_ns = event.time_ns;
    if (columns.start_stack) goroutine.start_stack = refs_.Stack(order::ContextStack(event));
    if (columns.reason && event.type != EventType::kGoBlock) {
      goroutine.reason =
          event.type == EventType::kGoStop ? refs_.String(event.args[0]) : kEmptyString;
    }
    if (columns.place) goroutine.by_g = event.g;
    if (overlaps_wanted_[event.to]) starts_[event.subject_slot] = world_.At(event.time_ns);
    if (columns.cause) {
      goroutine.cause = kCauseOfType[static_cast<std::uint8_t>(event.type)];
      const bool cut = static_cast<GoState>(event.from) == GoState::kUndetermined;
      goroutine.flags = static_cast<std::uint8_t>(goroutine.next_flags | (cut ? kCutAtStart : 0));
    }
  }
  if (state == GoState::kRunning) goroutine.next_flags &= static_cast<std::uint8_t>(~kNeverRanYet);
}

inline void SpanBuilder::Close(Goroutine& goroutine, const OrderedEvent& event,
                               std::uint8_t end_flags) {
  // Before its first event nothing is known of it, and no span is open.
  if (goroutine.state == GoState::kUndetermined) return;
  const GoroutineColumns& columns = request_.goroutine_columns;
  GoroutineSpans& chunk = *chunks_[static_cast<std::size_t>(goroutine.state)];
  const std::size_t row = chunk.rows++;
  chunk.goroutine[row] = goroutine.number;
  chunk.start_ns[row] = goroutine.start_ns;
  chunk.end_ns[row] = event.time_ns;
  if (columns.g) chunk.g[row] = goroutine.g;
  if (columns.start_function) {
    chunk.start_function[row] = goroutine.start_function;
    goroutine.has_unnamed_rows |= goroutine.start_function == kEmptyString;
  }
  if (columns.start_stack) chunk.start_stack[row] = goroutine.start_stack;
  if (columns.end_stack) chunk.end_stack[row] = refs_.Stack(order::ContextStack(event));
  if (columns.reason) chunk.reason[row] = goroutine.reason;
  if (columns.cause) {
    chunk.cause[row] = goroutine.cause;
    chunk.flags[row] = goroutine.flags | end_flags;
  }
  if (columns.place) {
    chunk.m[row] = event.m;
    chunk.p[row] = event.p;
    chunk.by_g[row] = goroutine.by_g;
  }
  if (overlaps_wanted_[static_cast<std::size_t>(goroutine.state)]) {
    chunk.overlaps[row] = world_.At(event.time_ns).Minus(starts_[SlotOf(goroutine)]);
  }
  if (chunk.rows == GoroutineSpans::kRows) Flush(goroutine.state);
}

inline void SpanBuilder::AddTransition(const OrderedEvent& event) {
  const std::uint32_t slot = event.subject_slot;
  auto from = static_cast<GoState>(event.from);
  if (from <= GoState::kNotExist || slot >= goroutine_limit_) [[unlikely]] {
    from = Begin(slot, event);
    if (static_cast<std::uint8_t>(from) == event.to) return;
  }
  Goroutine& goroutine = goroutines_[slot];
  if (beginning_ == Beginning::kMiddle && from > GoState::kNotExist &&
      goroutine.state == GoState::kUndetermined) [[unlikely]] {
    return KeepCrossing(event);
  }
  if (goroutine.start_function == kEmptyString && NeedsNames()) [[unlikely]]
    NameFrom(goroutine, event);
  const bool has_ended = static_cast<GoState>(event.to) == GoState::kNotExist;
  if (Wants(from)) Close(goroutine, event, has_ended ? kEndsGoroutine : std::uint8_t{0});
  if (has_ended) [[unlikely]]
    return End(goroutine);
  Open(goroutine, event);
}

void SpanBuilder::Add(const order::EventChunk& chunk) {
  if (chunk.generation_or_null != nullptr &&
      (chunk.generation_or_null != generation_ ||
       chunk.generation_or_null->generation.begin != generation_begin_)) {
    generation_ = chunk.generation_or_null;
    generation_begin_ = generation_->generation.begin;
    refs_.BeginGeneration(generation_->tables);
    if (sets_or_null_) sets_or_null_->BeginGeneration(*generation_);
  }
  if (is_for_waits_) {
    AddWaits(chunk.events);
  } else {
    AddTransitions(chunk.events);
  }
  if (sets_or_null_) sets_or_null_->Add(chunk);
  last_ns_ = chunk.events.back().time_ns;
}

void SpanBuilder::AddTransitions(std::span<const OrderedEvent> events) {
  const bool follows_world = request_.goroutine_columns.overlaps;
  for (const OrderedEvent& event : events) {
    if (event.subject_slot != order::kNoSlot) {
      if (event.from != event.to) AddTransition(event);
    } else if (follows_world) {
      world_.Add(event);
    }
  }
}

// What usual steps of goroutines whose names are known do to rows of runnable ones: little, each.
// Members of the builder are kept here, in variables of a function for the compiler, which cannot
// do so by itself: any member might be where the bytes of a column go.
class SpanBuilder::WaitSteps {
 public:
  explicit WaitSteps(SpanBuilder& builder)
      : builder_(builder),
        chunk_(*builder.chunks_[static_cast<std::size_t>(GoState::kRunnable)]),
        stacks_(builder.refs_.known_stacks()),
        strings_(builder.refs_.known_strings()),
        forever_(builder.forever_) {
    Load();
  }

  // Brings what it keeps from the builder, and back.
  void Load() {
    goroutines_ = builder_.goroutines_.data();
    goroutine_limit_ = builder_.goroutine_limit_;
    rows_ = chunk_.rows;
  }
  void Store() { chunk_.rows = rows_; }

  // False when it is another kind of step: then nothing is done.
  bool Take(const OrderedEvent& event) {
    switch (StepOf(event)) {
      case StepOf(EventType::kGoStart, GoState::kRunnable, GoState::kRunning):
        return EndWait(event);
      case StepOf(EventType::kGoStop, GoState::kRunning, GoState::kRunnable):
        return BeginWait(event, event.args[1], SpanCause::kYielded);
      case StepOf(EventType::kGoUnblock, GoState::kWaiting, GoState::kRunnable):
        return BeginWait(event, event.args[2], SpanCause::kUnblocked);
      case StepOf(EventType::kGoBlock, GoState::kRunning, GoState::kWaiting):
        return IsNotForever(event.args[0]) && Go(event, GoState::kWaiting);
      case StepOf(EventType::kGoSyscallBegin, GoState::kRunning, GoState::kSyscall):
        return Go(event, GoState::kSyscall);
      case StepOf(EventType::kGoSyscallEnd, GoState::kSyscall, GoState::kRunning):
        return Go(event, GoState::kRunning);
      case StepOf(EventType::kGoDestroy, GoState::kRunning, GoState::kNotExist):
        return End(event);
      default:
        return false;
    }
  }

 private:
  Goroutine* Named(std::uint32_t slot) {
    if (slot >= goroutine_limit_ || goroutines_[slot].start_function == kEmptyString)
      return nullptr;
    return &goroutines_[slot];
  }
  bool IsNotForever(std::uint64_t reason_id) const {
    if (reason_id >= strings_.size()) return false;
    const StringRef reason = strings_[static_cast<std::size_t>(reason_id)];
    return reason != kEmptyString && reason != forever_;
  }
  bool Go(const OrderedEvent& event, GoState to) {
    Goroutine* const goroutine = Named(event.subject_slot);
    if (goroutine == nullptr) return false;
    goroutine->state = to;
    return true;
  }
  bool End(const OrderedEvent& event) {
    Goroutine* const goroutine = Named(event.subject_slot);
    if (goroutine == nullptr || goroutine->has_arrived) return false;
    goroutine->Clear();
    return true;
  }
  bool BeginWait(const OrderedEvent& event, std::uint64_t stack_id, SpanCause cause) {
    Goroutine* const goroutine = Named(event.subject_slot);
    if (goroutine == nullptr || stack_id >= stacks_.size()) return false;
    const StackRef stack = stacks_[static_cast<std::size_t>(stack_id)];
    if (stack == kNoStack && stack_id != 0) return false;
    goroutine->start_ns = event.time_ns;
    goroutine->start_stack = stack;
    goroutine->state = GoState::kRunnable;
    goroutine->cause = cause;
    goroutine->flags = goroutine->next_flags;
    return true;
  }
  bool EndWait(const OrderedEvent& event) {
    Goroutine* const goroutine = Named(event.subject_slot);
    if (goroutine == nullptr) return false;
    chunk_.goroutine[rows_] = goroutine->number;
    chunk_.start_ns[rows_] = goroutine->start_ns;
    chunk_.end_ns[rows_] = event.time_ns;
    chunk_.g[rows_] = goroutine->g;
    chunk_.start_function[rows_] = goroutine->start_function;
    chunk_.start_stack[rows_] = goroutine->start_stack;
    chunk_.cause[rows_] = goroutine->cause;
    chunk_.flags[rows_] = goroutine->flags;
    goroutine->state = GoState::kRunning;
    goroutine->next_flags &= static_cast<std::uint8_t>(~kNeverRanYet);
    if (++rows_ < GoroutineSpans::kRows) [[likely]]
      return true;
    Store();
    builder_.Flush(GoState::kRunnable);
    rows_ = chunk_.rows;
    return true;
  }

  SpanBuilder& builder_;
  GoroutineSpans& chunk_;
  const std::span<const StackRef> stacks_;
  const std::span<const StringRef> strings_;
  const StringRef forever_;
  Goroutine* goroutines_;
  std::size_t goroutine_limit_;
  std::size_t rows_;
};

void SpanBuilder::AddWaits(std::span<const OrderedEvent> events) {
  WaitSteps steps(*this);
  for (const OrderedEvent& event : events) {
    if (steps.Take(event) || event.subject_slot == order::kNoSlot || event.from == event.to) {
      continue;
    }
    steps.Store();
    AddTransition(event);
    steps.Load();
  }
  steps.Store();
}

// A goroutine that is created, or found at the trace's start: gives the state that it was in.
GoState SpanBuilder::Begin(std::uint32_t slot, const OrderedEvent& event) {
  MakeRoomFor(slot);
  Goroutine& goroutine = goroutines_[slot];
  const auto from = static_cast<GoState>(event.from);
  // A legacy trace tells one that it has just created again, as if nothing were known of it.
  if (from == GoState::kUndetermined && goroutine.state > GoState::kNotExist) {
    return goroutine.state;
  }
  // Of one that was there before this builder began, nothing is known.
  if (beginning_ == Beginning::kMiddle && from > GoState::kNotExist) return from;
  goroutine.Clear();
  goroutine.g = order::SubjectGoroutine(event);
  return from;
}

void SpanBuilder::MakeRoomFor(std::uint32_t slot) {
  if (slot < goroutine_limit_) return;
  goroutine_limit_ = slot + std::size_t{1};
  while (goroutines_.size() < goroutine_limit_) {
    goroutines_.emplace_back().number = next_number_++;
  }
  if (request_.goroutine_columns.overlaps) starts_.resize(goroutine_limit_);
}

// A number under which rows wait for a name is not used again.
void SpanBuilder::End(Goroutine& goroutine) {
  if (goroutine.has_arrived) {
    ended_arrivals_.push_back(ArrivalOf(goroutine, order::kNoSlot));
    if (goroutine.has_unnamed_rows) goroutine.number = next_number_++;
  } else {
    DeliverLateName(goroutine);
  }
  goroutine.Clear();
}

SpanBuilder::Arrival SpanBuilder::ArrivalOf(const Goroutine& goroutine, std::uint32_t slot) {
  return {.g = goroutine.g,
          .number = goroutine.number,
          .slot = slot,
          .start_function = goroutine.start_function,
          .has_unnamed_rows = goroutine.has_unnamed_rows};
}

// A goroutine whose span is another part's. Once it runs, nothing of what it was before matters any
// more but its name.
void SpanBuilder::KeepCrossing(const OrderedEvent& event) {
  OrderedEvent& crossing = crossings_.emplace_back(event);
  const wire::IdPositions& ids = wire::IdPositionsOf(event.type);
  for (const std::uint8_t position : ids.stacks) {
    if (position == 0) continue;
    std::uint64_t& arg = crossing.args[position - 1u];
    arg = static_cast<std::uint64_t>(refs_.Stack(arg));
  }
  for (const std::uint8_t position : ids.strings) {
    if (position == 0) continue;
    std::uint64_t& arg = crossing.args[position - 1u];
    arg = static_cast<std::uint64_t>(refs_.String(arg));
  }
  const auto to = static_cast<GoState>(event.to);
  const bool has_run = static_cast<GoState>(event.from) == GoState::kRunning;
  if (to == GoState::kNotExist || (!has_run && to != GoState::kRunning)) return;
  Goroutine& goroutine = goroutines_[event.subject_slot];
  goroutine.Clear();
  goroutine.g = order::SubjectGoroutine(event);
  goroutine.has_arrived = true;
  goroutine.next_flags = 0;
  if (NeedsNames()) NameFrom(goroutine, event);
  Open(goroutine, event);
}

std::vector<SpanBuilder::Arrival> SpanBuilder::Arrivals() const {
  std::vector<Arrival> arrivals = ended_arrivals_;
  for (std::uint32_t slot = 0; slot < goroutines_.size(); ++slot) {
    if (goroutines_[slot].has_arrived) arrivals.push_back(ArrivalOf(goroutines_[slot], slot));
  }
  return arrivals;
}

void SpanBuilder::Name(std::uint32_t slot, std::string_view start_function) {
  goroutines_[slot].start_function = tables_.strings.Intern(start_function);
  DeliverLateName(goroutines_[slot]);
}

void SpanBuilder::NameRows(std::uint32_t number, std::string_view start_function) {
  FlushAll();
  const StringRef name = tables_.strings.Intern(start_function);
  for (SpanConsumer* consumer : consumers_) consumer->OnLateName(number, name, tables_);
}

void SpanBuilder::Cross(std::uint32_t slot, const OrderedEvent& event) {
  goroutines_[slot].has_arrived = false;
  OrderedEvent here = event;
  here.subject_slot = slot;
  AddTransition(here);
}

void SpanBuilder::Forget(std::uint32_t slot) {
  DeliverLateName(goroutines_[slot]);
  goroutines_[slot].Clear();
}

// A goroutine is known by the root function of the first stack of its own that is seen.
void SpanBuilder::NameFrom(Goroutine& goroutine, const OrderedEvent& event) {
  const std::uint64_t stack = order::SubjectStack(event);
  if (stack == 0) return;
  goroutine.start_function = refs_.RootFunction(refs_.Stack(stack));
  if (goroutine.start_function != kEmptyString) DeliverLateName(goroutine);
}

void SpanBuilder::DeliverLateName(Goroutine& goroutine) {
  if (!goroutine.has_unnamed_rows) return;
  goroutine.has_unnamed_rows = false;
  FlushAll();
  for (SpanConsumer* consumer : consumers_) {
    consumer->OnLateName(goroutine.number, goroutine.start_function, tables_);
  }
}

std::size_t SpanBuilder::state_bytes(const Growth& growth) const {
  const std::size_t arriving = beginning_ == Beginning::kMiddle ? growth.goroutines : 0;
  return HeapBytes(goroutines_, growth.goroutines) + HeapBytes(crossings_, arriving) +
         HeapBytes(ended_arrivals_, arriving) +
         HeapBytes(starts_, starts_.empty() ? 0 : growth.goroutines) + tables_.heap_bytes() +
         refs_.heap_bytes() + (sets_or_null_ ? sets_or_null_->state_bytes(growth) : 0);
}

void SpanBuilder::Flush(GoState state) {
  const auto& chunk = chunks_[static_cast<std::size_t>(state)];
  if (chunk == nullptr || chunk->rows == 0) return;
  for (SpanConsumer* consumer : consumers_) {
    if (consumer->Request().states[static_cast<std::size_t>(state)]) {
      consumer->OnGoroutineSpans(*chunk, tables_);
    }
  }
  chunk->rows = 0;
}

void SpanBuilder::FlushAll() {
  for (std::size_t i = 0; i < kGoStateCount; ++i) Flush(static_cast<GoState>(i));
}

void SpanBuilder::Finish(TimeNs end_ns) {
  OrderedEvent end;
  end.time_ns = end_ns;
  for (Goroutine& goroutine : goroutines_) {
    if (Wants(goroutine.state)) Close(goroutine, end, kCutAtEnd);
  }
  for (Goroutine& goroutine : goroutines_) DeliverLateName(goroutine);
  FlushAll();
  if (sets_or_null_) sets_or_null_->Finish();
}

}  // namespace gtengine::spans
