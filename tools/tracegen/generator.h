// A generated trace, piece by piece.
#pragma once

#include <cstdint>

#include "engine/base/byte_view.h"
#include "tools/tracegen/machine.h"
#include "tools/tracegen/scheduler.h"
#include "tools/tracegen/settings.h"

namespace gtengine::tracegen {

// One thread at a time. Memory: the goroutines, a batch for each M, and a piece of the output; the
// length of the trace has no part in it. Some ten ns an event.
class Generator {
 public:
  explicit Generator(const Settings& settings);

  // The next bytes of the trace, about a MiB; at the end none. Valid until the next call.
  ByteView Next();

  std::uint64_t events() const { return machine_.recorder().events(); }

 private:
  void EndGenerationWhenLong();

  Settings settings_;
  Machine machine_;
  Scheduler scheduler_;
  bool is_begun_ = false;
  bool is_done_ = false;
};

}  // namespace gtengine::tracegen
