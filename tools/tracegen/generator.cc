#include "tools/tracegen/generator.h"

#include <algorithm>

namespace gtengine::tracegen {
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;

}  // namespace

Generator::Generator(const Settings& settings)
    : settings_(settings),
      machine_(settings, Scheduler::ThreadsFor(settings.procs)),
      scheduler_(settings, machine_) {
  machine_.BeginGeneration();
}

ByteView Generator::Next() {
  const Recorder& recorder = machine_.recorder();
  // Before the first piece there is the header.
  if (is_begun_) machine_.recorder().ClearOutput();
  is_begun_ = true;
  while (!is_done_ && recorder.output().size() < kPieceBytes) {
    scheduler_.Run();
    EndGenerationWhenLong();
  }
  return recorder.output();
}

void Generator::EndGenerationWhenLong() {
  const Recorder& recorder = machine_.recorder();
  const std::uint64_t end = machine_.EndBytes();
  // However much there is to state, something happens besides.
  const std::uint64_t least = settings_.generation_bytes / 4;
  const std::uint64_t events =
      std::max(settings_.generation_bytes - std::min(end, settings_.generation_bytes), least);
  if (recorder.generation_bytes() < events) return;
  machine_.EndGeneration();
  is_done_ = recorder.generation() == settings_.generations;
  if (!is_done_) machine_.BeginGeneration();
}

}  // namespace gtengine::tracegen
