// Small traces for tests that want many, whole and damaged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "engine/wire/encoder.h"

namespace gtengine::testing {

// The traces of tests/order/data and a few of several threads.
std::vector<wire::ByteBuffer> SampleTraces();

// Damages sample traces: bytes, numbers, batches and generations. The same seed gives the same
// ones.
class TraceMutator {
 public:
  explicit TraceMutator(std::uint64_t seed) : random_(seed), traces_(SampleTraces()) {}

  wire::ByteBuffer Next() {
    wire::ByteBuffer trace = Any();
    do {
      if (trace.size() > wire::kHeaderBytes) Damage(trace);
    } while (Random(3) == 0);
    return trace;
  }

 private:
  std::uint64_t Random(std::uint64_t limit) { return random_() % limit; }
  const wire::ByteBuffer& Any() { return traces_[Random(traces_.size())]; }
  // An offset behind the header.
  std::ptrdiff_t Place(const wire::ByteBuffer& trace) {
    return static_cast<std::ptrdiff_t>(wire::kHeaderBytes +
                                       Random(trace.size() - wire::kHeaderBytes));
  }
  std::uint64_t Number();
  void Damage(wire::ByteBuffer& trace);
  void DamageNumber(wire::ByteBuffer& trace);
  void MoveBatches(wire::ByteBuffer& trace);

  struct Span {
    std::ptrdiff_t begin;
    std::ptrdiff_t end;
  };
  static std::vector<Span> Batches(const wire::ByteBuffer& trace);

  std::mt19937_64 random_;
  std::vector<wire::ByteBuffer> traces_;
};

}  // namespace gtengine::testing
