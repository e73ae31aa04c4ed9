#include "engine/spans/goroutine_directory.h"

namespace gtengine::spans {

bool IsSystemGoroutine(std::string_view start_function) {
  if (start_function.empty()) return true;
  return start_function != "runtime.main" && start_function.starts_with("runtime.");
}

bool GoroutineDirectory::EnterUnnamed(const order::OrderedEvent& event) {
  const std::uint32_t slot = event.subject_slot;
  if (slot >= entries_.size()) entries_.resize(slot + std::size_t{1});
  Entry& entry = entries_[slot];
  if (static_cast<GoState>(event.from) <= GoState::kNotExist) {
    entry = {};
    slots_.insert_or_assign(Raw(order::SubjectGoroutine(event)), slot);
  }
  const std::uint64_t stack = order::SubjectStack(event);
  if (stack == 0) return false;
  entry.start_function = refs_.RootFunction(refs_.Stack(stack));
  if (entry.start_function == kEmptyString) return false;
  entry.is_system = IsSystemGoroutine(strings_.Get(entry.start_function));
  return true;
}

}  // namespace gtengine::spans
