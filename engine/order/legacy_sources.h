// What each P of a legacy trace wrote, event by event.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/error.h"
#include "engine/order/legacy_event.h"
#include "engine/wire/v1/record.h"
#include "engine/wire/v1/tables.h"
#include "engine/wire/v1/trace_index.h"

namespace gtengine::order {

// The Ps of a trace, in the order of their first batches, and behind them one more source of
// events: the CPU samples. Each gives its events in the order in which they stand in the trace.
// Borrows the trace and the index. One thread at a time. Memory: about 150 bytes a source. Cost: a
// few ns a number.
class LegacySources {
 public:
  LegacySources(PaddedView trace, wire::Version version, const wire::v1::TraceIndex& index);

  // Gives the entries of tables in each batch to `tables` when the batch is come to.
  void CollectTables(wire::v1::Tables& tables) { tables_or_null_ = &tables; }

  std::size_t size() const { return sources_.size(); }

  enum class Move : std::uint8_t { kEvent, kEnd, kBad };
  // Moves a source to its next event.
  Move Next(std::size_t source);
  // The event that Next moved to. The caller may change it.
  LegacyEvent& EventOf(std::size_t source) { return sources_[source].event; }
  // After kBad.
  const Error& error() const { return *error_; }

  // Every batch that begins before is done with.
  std::uint64_t done_before() const;

 private:
  struct Source {
    LegacyEvent event;
    std::uint64_t offset = 0;  // of the next record
    std::uint64_t end = 0;     // of the batch
    std::size_t batch = wire::v1::kNoBatch;
    std::size_t next_batch = wire::v1::kNoBatch;
    std::int64_t last_ticks = 0;
    std::uint64_t last_g = 0;
    std::int32_t p = 0;
  };

  Move NextSample(Source& source);
  // False: an error is set.
  bool OpenBatch(Source& source);
  bool Take(Source& source);
  bool Fail(Error error);

  PaddedView trace_;
  wire::Version version_;
  const wire::v1::TraceIndex& index_;
  wire::v1::RecordReader reader_;
  wire::v1::Record record_;
  wire::v1::Tables* tables_or_null_ = nullptr;
  std::vector<Source> sources_;
  std::size_t next_sample_ = 0;
  std::vector<bool> is_batch_done_;
  std::size_t first_open_batch_ = 0;
  std::optional<Error> error_;
};

}  // namespace gtengine::order
