#include "engine/wire/batch.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "engine/wire/varint.h"

namespace gtengine::wire {
namespace {

BatchKind KindOf(ByteView data, std::uint8_t experiment, Version version) {
  if (experiment != 0) return BatchKind::kExperimental;
  if (data.empty()) return BatchKind::kEvents;
  switch (static_cast<EventType>(data[0])) {
    case EventType::kStrings:
      return BatchKind::kStrings;
    case EventType::kStacks:
      return BatchKind::kStacks;
    case EventType::kCpuSamples:
      return BatchKind::kCpuSamples;
    case EventType::kFrequency:
      return version < Version::k25 ? BatchKind::kSync : BatchKind::kEvents;
    case EventType::kSync:
      return version >= Version::k25 ? BatchKind::kSync : BatchKind::kEvents;
    case EventType::kEndOfGeneration:
      return BatchKind::kEndOfGeneration;
    default:
      return BatchKind::kEvents;
  }
}

// Reads the numbers of a batch header one after the other and remembers the first that is missing.
class HeaderReader {
 public:
  explicit HeaderReader(ByteReader& reader) : reader_(reader) {}

  std::uint64_t Number(const char* name) {
    if (error_) return 0;
    if (const auto value = reader_.Uvarint()) return *value;
    error_ = reader_.left() < kMaxVarintBytes
                 ? Error{.code = ErrorCode::kTruncated,
                         .what = fmt::format("the file ends inside a batch header ({})", name)}
                 : Error{.code = ErrorCode::kCorrupt,
                         .what = fmt::format("batch header: {} is no 64-bit number", name)};
    return 0;
  }
  std::optional<Error>& error() { return error_; }

 private:
  ByteReader& reader_;
  std::optional<Error> error_;
};

Error At(std::uint64_t offset, Error error) {
  error.byte_offset = offset;
  return error;
}

}  // namespace

Result<std::optional<Batch>> ReadBatch(PaddedView trace, std::uint64_t offset, Version version) {
  ByteReader reader(trace.bytes(), offset);
  const auto type = reader.Byte();
  if (!type) return std::optional<Batch>();
  Batch batch{.offset = offset};
  switch (static_cast<EventType>(*type)) {
    case EventType::kEndOfGeneration:
      batch.kind = BatchKind::kEndOfGeneration;
      batch.data_offset = reader.offset();
      return std::optional(batch);
    case EventType::kExperimentalBatch: {
      const auto experiment = reader.Byte();
      // Go's reader hands this end of the bytes on as the end of the trace.
      if (!experiment) return std::optional<Batch>();
      batch.experiment = *experiment;
      break;
    }
    case EventType::kEventBatch:
      break;
    default:
      return At(offset,
                {.code = ErrorCode::kCorrupt,
                 .what = fmt::format("a batch was expected, but type byte {} stands here", *type)});
  }
  HeaderReader header(reader);
  batch.generation = header.Number("generation");
  batch.m = ThreadId{static_cast<std::int64_t>(header.Number("M"))};
  batch.base_ticks = header.Number("time");
  const std::uint64_t size = header.Number("size");
  if (header.error()) return At(offset, *std::move(header.error()));
  if (size > kMaxBatchBytes) {
    return At(offset, {.code = ErrorCode::kCorrupt,
                       .what = fmt::format("batch of {} bytes: more than the {} a batch may have",
                                           size, kMaxBatchBytes),
                       .generation = batch.generation,
                       .m = Raw(batch.m)});
  }
  if (size > reader.left()) {
    return At(offset, {.code = ErrorCode::kTruncated,
                       .what = fmt::format("the file ends inside a batch: {} of its {} bytes are "
                                           "there",
                                           reader.left(), size),
                       .generation = batch.generation,
                       .m = Raw(batch.m)});
  }
  batch.data_offset = reader.offset();
  batch.size = static_cast<std::uint32_t>(size);
  batch.kind = KindOf(trace.bytes().subspan(reader.offset(), size), batch.experiment, version);
  return std::optional(batch);
}

}  // namespace gtengine::wire
