// Generations: about a second of a trace each, with tables of their own. Found by walking batch
// headers; no event is touched.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/wire/batch.h"
#include "engine/wire/format.h"

namespace gtengine::wire {

// The batches of one generation, in file order. 48 bytes a batch (of typically 64 KiB).
struct Generation {
  std::uint64_t number = 0;
  std::uint64_t begin = 0;  // offset of its first byte
  std::uint64_t end = 0;    // offset after its last byte, its end marker included
  Ticks min_ticks = 0;      // earliest base time of its batches, as Go takes it (0 counts as unset)
  std::vector<Batch> batches;

  void Clear(std::uint64_t at);
  void Add(const Batch& batch);
};

// Finds the generations of a trace one after the other by the rules of Go's reader (readGeneration,
// readGenerationWithSpill), so that it accepts and rejects where Go does. Before format 26 a
// generation ends where the next begins or the file ends; from 26 on at its end marker.
//
// Borrows the trace. One thread at a time.
class GenerationReader {
 public:
  GenerationReader(PaddedView trace, Version version, std::uint64_t offset = kHeaderBytes)
      : trace_(trace), version_(version), offset_(offset) {}

  // Fills `generation` (its memory is used again). False at the end of the trace. After an error
  // the trace is over. In both cases `generation` holds the batches met on the way, if any.
  Result<bool> Next(Generation& generation);

 private:
  Result<bool> NextUnmarked(Generation& generation);
  Result<bool> NextMarked(Generation& generation);
  Result<bool> EndAfterTables(const Generation& generation) const;

  PaddedView trace_;
  Version version_;
  std::uint64_t offset_;
  bool first_ = true;
  std::optional<Batch> next_first_batch_;  // of the generation after, met while looking for the end
  std::optional<Error> pending_error_;     // met behind a generation that still counts
};

}  // namespace gtengine::wire
