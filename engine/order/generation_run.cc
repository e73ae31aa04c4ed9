#include "engine/order/generation_run.h"

#include <utility>

namespace gtengine::order {
namespace {

// The generations of one run, with their tables.
class RunSource : public GenerationSource {
 public:
  RunSource(PaddedView trace, wire::Version version, std::uint64_t offset)
      : trace_(trace), version_(version), reader_(trace, version, offset) {}

  Result<const LoadedGeneration*> Next() override;

  std::uint64_t given() const { return given_; }
  const wire::Generation& last() const { return loaded_.generation; }
  std::vector<wire::Damage>& damage() { return damage_; }
  std::optional<std::uint64_t> next_run() const { return next_run_; }

 private:
  PaddedView trace_;
  wire::Version version_;
  wire::SalvageReader reader_;
  LoadedGeneration loaded_;
  std::uint64_t given_ = 0;
  std::vector<wire::Damage> damage_;
  std::optional<std::uint64_t> next_run_;
};

Result<const LoadedGeneration*> RunSource::Next() {
  const wire::Generation& generation = loaded_.generation;
  while (true) {
    const bool found = reader_.Next(loaded_.generation);
    if (reader_.damage()) damage_.push_back(*reader_.damage());
    if (!found) return nullptr;
    if (given_ > 0 && reader_.gap()) {
      next_run_ = generation.begin;
      return nullptr;
    }
    Status loaded = loaded_.tables.Load(trace_, generation, version_);
    if (loaded.ok()) {
      ++given_;
      return &loaded_;
    }
    damage_.push_back(
        {.error = std::move(loaded).error(), .begin = generation.begin, .end = generation.end});
    if (given_ == 0) continue;
    next_run_ = generation.end;
    return nullptr;
  }
}

// Counts what a run's events come to, generation by generation: one counts when it is over.
class RunCounter {
 public:
  void Add(const EventChunk& chunk) {
    const LoadedGeneration& loaded = *chunk.generation_or_null;
    if (chunk.events.front().type == kSyncEvent) Begin(loaded, chunk.events.front().time_ns);
    current_.events += chunk.events.size();
    current_.last_ns = chunk.events.back().time_ns;
  }

  // Generations that have begun.
  std::uint64_t begun() const { return current_.generations; }

  // The generation that was begun last is over.
  void EndGeneration() {
    if (current_.generations > done_.generations) done_ = current_;
  }

  // The run so far. The Sync event at its end is one more event.
  GenerationRun Done() const {
    GenerationRun run = done_;
    if (run.generations > 0) ++run.events;
    return run;
  }

 private:
  void Begin(const LoadedGeneration& loaded, TimeNs time_ns) {
    EndGeneration();
    const wire::Generation& generation = loaded.generation;
    if (current_.generations == 0) {
      current_.begin = generation.begin;
      current_.first_number = generation.number;
      current_.first_ns = time_ns;
      current_.first_unit = loaded.tables.unit();
    }
    current_.end = generation.end;
    current_.last_number = generation.number;
    current_.last_unit = loaded.tables.unit();
    ++current_.generations;
  }

  GenerationRun current_;
  GenerationRun done_;
};

}  // namespace

RunReading ReadRun(PaddedView trace, wire::Version version, std::uint64_t offset,
                   const WalkHooks& hooks) {
  RunSource source(trace, version, offset);
  EventStream stream(trace, source);
  RunCounter counter;
  RunReading reading;
  std::optional<Error> error;
  std::uint64_t done_before = offset;
  while (true) {
    reading.is_cancelled = hooks.is_cancelled && hooks.is_cancelled();
    if (reading.is_cancelled) return reading;
    auto chunk = stream.Next();
    if (!chunk.ok()) error = std::move(chunk).error();
    if (error || chunk->generation_or_null == nullptr) break;
    counter.Add(*chunk);
    const std::uint64_t begin = source.last().begin;
    if (hooks.on_done_before && begin > done_before) hooks.on_done_before(done_before = begin);
  }
  // One whose first events cannot be read does not even begin.
  if (!error || counter.begun() < source.given()) counter.EndGeneration();
  reading.run = counter.Done();
  reading.damage = std::move(source.damage());
  reading.next = source.next_run();
  if (error) {
    reading.damage.push_back(
        {.error = std::move(*error), .begin = source.last().begin, .end = source.last().end});
    reading.next = source.last().end;
  }
  return reading;
}

}  // namespace gtengine::order
