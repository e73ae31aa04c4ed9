#include "engine/run/run_division.h"

#include <algorithm>
#include <utility>

#include "engine/run/part_plan.h"
#include "engine/run/task_hand_off.h"

namespace gtengine::run {
namespace {

// Generations that follow one another.
struct Outlook {
  std::vector<std::uint64_t> begins;
  std::uint64_t end = 0;
};

// Those from `offset` on, without a gap; the first must have this number.
Outlook LookAhead(const PartSource& source, std::uint64_t offset, std::uint64_t number) {
  Outlook outlook{.begins = {}, .end = offset};
  wire::SalvageReader reader(source.file.view(), source.version, offset);
  wire::Generation generation;
  source.file.ExpectLooks(offset, true);
  while (reader.Next(generation) && !reader.damage() && generation.number == number &&
         !(source.context.is_cancelled && source.context.is_cancelled())) {
    outlook.begins.push_back(generation.begin);
    outlook.end = generation.end;
    ++number;
    source.file.Release(generation.begin, generation.end);
  }
  source.file.ExpectLooks(offset, false);
  return outlook;
}

}  // namespace

// A part in another thread. Nobody waits for one that has not begun: it is called off.
struct RunDivision::Helper {
  enum State : int { kCalled, kBegun, kCalledOff, kDone };

  Helper(const PartSource& of, const TracePart::Place& where, TraceIdentity who)
      : outer_is_cancelled(of.context.is_cancelled),
        context{.reports = of.context.reports,
                .memory = of.context.memory,
                .tasks = of.context.tasks,
                .threads = of.context.threads,
                .bytes_done = of.context.bytes_done,
                .is_cancelled = is_cancelled,
                .least_part_bytes = of.context.least_part_bytes},
        source{.file = of.file, .version = of.version, .context = context, .sharing = of.sharing},
        place(where),
        identity(std::move(who)) {}

  void Run();
  void Progress(const wire::Generation& generation);

  std::atomic<int> state{kCalled};
  std::atomic<bool> is_dropped{false};
  const std::function<bool()>& outer_is_cancelled;
  const std::function<bool()> is_cancelled = [this] {
    return is_dropped.load(std::memory_order_relaxed) ||
           (outer_is_cancelled && outer_is_cancelled());
  };
  const ScanContext context;
  const PartSource source;
  const TracePart::Place place;
  const TraceIdentity identity;
  std::uint64_t stop_after = GenerationLoader::kNoLimit;
  std::optional<TracePart> part;
  std::optional<Error> error;
  std::uint64_t done_before = 0;  // bytes of the file
  std::uint64_t bytes_told = 0;   // as progress
};

void RunDivision::Helper::Run() {
  part.emplace(source, place, identity, identity.start_ns,
               [this](const wire::Generation& generation) { Progress(generation); });
  part->StopAfter(stop_after);
  error = part->Feed({});
}

void RunDivision::Helper::Progress(const wire::Generation& generation) {
  if (done_before == 0) done_before = generation.end;  // the warm-up is nobody's progress
  if (generation.begin <= done_before) return;
  const std::uint64_t more = generation.begin - std::exchange(done_before, generation.begin);
  bytes_told += more;
  context.bytes_done += more;
}

struct RunDivision::HelperTask {
  std::shared_ptr<Helper> helper;
  PublishedByCopy published = {};

  // An exception ends the program, as without this task: the other thread would wait for ever.
  void operator()() const noexcept {
    const TaskScope scope;
    int called = Helper::kCalled;
    if (!helper->state.compare_exchange_strong(called, Helper::kBegun)) return;
    helper->Run();
    helper->context.threads.GiveBack();
    helper->state.store(Helper::kDone);
    helper->state.notify_one();
  }
};

RunDivision::RunDivision(const PartSource& source, const TracePart::Place& place,
                         const TraceIdentity& identity, std::optional<TimeNs> start_ns,
                         TracePart::OnGeneration on_generation)
    : source_(source),
      first_(source_, place, identity, start_ns, std::move(on_generation)),
      may_divide_(first_.takes_parts() && place.limit == GenerationLoader::kNoLimit),
      parts_{&first_} {}

RunDivision::~RunDivision() { DropHelpers(0); }

std::optional<Error> RunDivision::Read() {
  std::optional<Error> error = first_.Feed([this] { TryDivide(); });
  if (error || IsCancelled()) return error;
  Adopt();
  // Where parts do not fit, or a thread has not come, the last that fits goes on.
  while (!parts_.back()->is_at_end()) {
    DropHelpers(parts_.size() - 1);
    parts_.back()->StopAfter(GenerationLoader::kNoLimit);
    error = parts_.back()->Feed({});
    if (IsCancelled() || parts_.size() == 1) return error;
    if (!error && HoldsLast()) break;
    parts_.pop_back();
    truths_.pop_back();
  }
  return std::nullopt;
}

// Called again and again while the first part is read.
void RunDivision::TryDivide() {
  if (!may_divide_ || !source_.context.threads.TryTake()) return;
  may_divide_ = false;
  std::size_t threads = 2;
  while (source_.context.threads.TryTake()) ++threads;
  Divide(threads);
}

void RunDivision::Divide(std::size_t threads) {
  const wire::Generation& current = first_.loader().last();
  const std::uint64_t given = first_.loader().given();
  const Outlook outlook = LookAhead(source_, current.end, current.number + 1);
  const std::vector<std::size_t> firsts = PlanParts(current.begin, outlook.begins, outlook.end,
                                                    threads, source_.context.least_part_bytes);
  for (std::size_t i = firsts.size() + 1; i < threads; ++i) source_.context.threads.GiveBack();
  if (firsts.empty()) return;
  first_.StopAfter(given + firsts.front());
  for (std::size_t i = 0; i < firsts.size(); ++i) {
    const bool is_last = i + 1 == firsts.size();
    Call({.offset = outlook.begins[firsts[i] - 1],
          .limit = GenerationLoader::kNoLimit,
          .is_in_middle = true},
         is_last ? GenerationLoader::kNoLimit : firsts[i + 1] - firsts[i] + 1);
  }
}

void RunDivision::Call(const TracePart::Place& place, std::uint64_t stop_after) {
  helpers_.push_back(std::make_shared<Helper>(source_, place, first_.identity()));
  helpers_.back()->stop_after = stop_after;
  const HelperTask task{.helper = helpers_.back()};
  ReceiveFromTasks();  // the memory of tasks is used again
  source_.context.tasks.run(task);
}

// Takes in the helpers' parts, up to the first that does not fit behind those before it.
void RunDivision::Adopt() {
  for (const std::shared_ptr<Helper>& helper : helpers_) {
    if (parts_.back()->is_at_end()) return;
    int called = Helper::kCalled;
    if (helper->state.compare_exchange_strong(called, Helper::kCalledOff)) {
      source_.context.threads.GiveBack();
      return;
    }
    helper->state.wait(Helper::kBegun);
    ReceiveFromTasks();
    if (helper->error || !helper->part->feed().has_begun() || IsCancelled()) return;
    if (truths_.empty()) truths_.push_back(first_.stream().Boundary());
    parts_.push_back(&*helper->part);
    if (!HoldsLast()) {
      parts_.pop_back();
      return;
    }
  }
}

// Whether the last part fits behind those before it. Keeps the true state at its end.
bool RunDivision::HoldsLast() {
  const std::size_t last = parts_.size() - 1;
  auto truth = Continue(truths_[last - 1], parts_[last]->stream().EndPart());
  if (!truth) return false;
  truths_.resize(last);
  truths_.push_back(std::move(*truth));
  return spans::GoTogether(JoinableParts());
}

// Ends the helpers from this one on; what they have read counts for nothing.
void RunDivision::DropHelpers(std::size_t first) {
  for (std::size_t i = first; i < helpers_.size(); ++i) helpers_[i]->is_dropped = true;
  for (std::size_t i = first; i < helpers_.size(); ++i) {
    Helper& helper = *helpers_[i];
    int called = Helper::kCalled;
    if (helper.state.compare_exchange_strong(called, Helper::kCalledOff)) {
      source_.context.threads.GiveBack();
    }
    helper.state.wait(Helper::kBegun);
    ReceiveFromTasks();
    source_.context.bytes_done -= helper.bytes_told;
    helper.part.reset();
  }
  helpers_.resize(std::min(first, helpers_.size()));
}

std::uint64_t RunDivision::generations() const {
  std::uint64_t generations = 0;
  for (const TracePart* part : parts_) generations += part->generations();
  return generations;
}

std::uint64_t RunDivision::events() const {
  std::uint64_t events = 0;
  for (const TracePart* part : parts_) events += part->events();
  return events;
}

std::vector<wire::Damage> RunDivision::damage() const {
  std::vector<wire::Damage> damage;
  for (const TracePart* part : parts_) {
    damage.insert(damage.end(), part->loader().damage().begin(), part->loader().damage().end());
  }
  return damage;
}

void RunDivision::Finish() { spans::JoinParts(JoinableParts()); }

std::vector<spans::Part> RunDivision::JoinableParts() const {
  std::vector<spans::Part> parts;
  for (TracePart* part : parts_) {
    parts.push_back({.builder = &part->feed().builder(), .stream = &part->stream()});
  }
  return parts;
}

}  // namespace gtengine::run
