// Whole generations of a trace that may be damaged: those before the damage and those behind it.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/wire/batch.h"
#include "engine/wire/format.h"
#include "engine/wire/generation.h"

namespace gtengine::wire {

// A stretch of a trace that holds no whole generation.
struct Damage {
  Error error;              // what is wrong, and where it shows
  std::uint64_t begin = 0;  // the bytes that are lost
  std::uint64_t end = 0;
};

// Finds generations like GenerationReader, but goes on behind damage: it looks for the next place
// where batches follow one another again, and from there for the next beginning of a generation.
// Before format 26 the end of a generation is not marked: one is taken for whole when another
// follows it or the file ends behind a whole batch.
//
// Whether a generation's tables and events make sense is not looked at here. Borrows the trace. One
// thread at a time. Cost: the headers of batches only, and for damage at worst a few looks at each
// byte of it.
class SalvageReader {
 public:
  SalvageReader(PaddedView trace, Version version, std::uint64_t offset = kHeaderBytes)
      : trace_(trace), version_(version), offset_(offset) {}

  // Fills `generation`; false at the end of the trace. When damage was met on the way, or the
  // generation does not continue the one before, `gap` is set: nothing carries over from before.
  bool Next(Generation& generation);

  bool gap() const { return gap_; }
  // Damage met by the last Next, if any.
  const std::optional<Damage>& damage() const { return damage_; }

 private:
  enum class End : std::uint8_t { kWhole, kTraceEnd, kDamaged };

  End ReadUnmarked(Generation& generation);
  End ReadMarked(Generation& generation);
  void Lose(const Generation& generation, Error error);
  std::uint64_t FindGeneration(std::uint64_t from) const;
  bool IsBatchChain(std::uint64_t offset) const;

  PaddedView trace_;
  Version version_;
  std::uint64_t offset_;
  std::uint64_t last_number_ = 0;  // of the last whole generation; 0: none
  bool gap_ = false;
  std::optional<Damage> damage_;
};

}  // namespace gtengine::wire
