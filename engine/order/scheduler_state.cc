#include "engine/order/scheduler_state.h"

#include <fmt/format.h>

#include <utility>

#include "engine/wire/event_spec.h"

namespace gtengine::order {

using wire::EventType;

void SchedulerState::BeginGeneration(std::uint64_t number, const wire::GenerationTables& tables) {
  generation_ = number;
  ++generation_ordinal_;
  tables_ = &tables;
  CompactNames();
  name_of_string_.clear();
}

StringRef SchedulerState::InternName(std::uint64_t string_id, std::uint32_t position) {
  if (name_of_string_.empty()) name_of_string_.resize(tables_->string_count(), kEmptyString);
  return name_of_string_[position] = names_.Intern(*tables_->String(string_id));
}

// Where the state of a thread is. Events without a thread have a state that holds nothing.
void SchedulerState::Bind(ThreadHandle& thread) {
  if (first_generation_ == 0) first_generation_ = generation_;
  ThreadState* known = thread.m == kNoThread ? &no_thread_ : threads_.Find(thread.m);
  thread.state_or_null = known != nullptr ? known : &threads_.Add(thread.m);
}

Attempt SchedulerState::OutOfPlace(OrderedEvent& event, ThreadState&) {
  return Broken(fmt::format("{} stands in a thread's stream", wire::SpecOf(event.type).name));
}

Outcome SchedulerState::Broken(std::string what) {
  what_ = std::move(what);
  return Outcome::kBroken;
}

void SchedulerState::ExplainUnmet(const OrderedEvent& event, Need m, Need p, Need g) {
  const auto explain = [this](Need need, bool has, const char* resource) {
    if (Meets(need, has)) return false;
    what_ = has ? fmt::format("the thread has a {} where it must have none", resource)
                : fmt::format("the thread has no {} where it must have one", resource);
    return true;
  };
  explain(m, event.m != kNoThread, "number") || explain(p, event.p != kNoProc, "P") ||
      explain(g, event.g != kNoGoroutine, "goroutine");
}

void SchedulerState::ExplainUnknown(GoId g) {
  what_ = fmt::format("goroutine {} on this thread is not known", Raw(g));
}

void SchedulerState::ExplainStatus(const OrderedEvent& event) {
  what_ = fmt::format("{} while goroutine {} is in another state", wire::SpecOf(event.type).name,
                      Raw(event.g));
}

Attempt SchedulerState::Annotation(OrderedEvent& event, ThreadState&) {
  return RequireUserGoroutine(event) ? Outcome::kAdvanced : Outcome::kBroken;
}

Attempt SchedulerState::HeapMetric(OrderedEvent& event, ThreadState&) {
  return Require(event, Need::kOne, Need::kOne, Need::kAny) ? Outcome::kAdvanced : Outcome::kBroken;
}

Attempt SchedulerState::Experiment(OrderedEvent& event, ThreadState&) {
  return Require(event, Need::kOne, Need::kAny, Need::kAny) ? Outcome::kAdvanced : Outcome::kBroken;
}

void SchedulerState::AssumeFromHere() {
  assumptions_ = {};
  assumptions_.is_on = first_generation_ != 0;
  goroutines_.ForEach([](GoroutineState& state) { state.is_from_before = true; });
}

void SchedulerState::NoteRegionEnd(GoId g, const UserRegion& region) {
  assumptions_.Note(
      assumptions_.region_ends,
      {.g = g, .region = {.task = region.task, .name = std::string(names_.Get(region.name))}});
}

std::size_t SchedulerState::state_bytes(const Growth& growth) const {
  return goroutines_.heap_bytes(growth) + open_range_bytes_ + procs_.heap_bytes() +
         threads_.heap_bytes() + tasks_.heap_bytes(growth.tasks) + names_.heap_bytes() +
         HeapBytes(name_of_string_);
}

void SchedulerState::CompactNames() {
  constexpr std::size_t kWorthIt = 4096;
  if (names_.size() < kWorthIt) return;
  StringTable kept;
  const auto keep = [&](StringRef& name) { name = kept.Intern(names_.Get(name)); };
  tasks_.ForEach([&](ActiveTask& task) { keep(task.name); });
  goroutines_.regions().ForEachName(keep);
  names_ = std::move(kept);
}

}  // namespace gtengine::order
