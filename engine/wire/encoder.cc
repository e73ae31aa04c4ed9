#include "engine/wire/encoder.h"

#include <fmt/format.h>

#include <array>

#include "engine/base/check.h"
#include "engine/wire/event_spec.h"

namespace gtengine::wire {
namespace {

std::uint8_t Byte(EventType type) { return static_cast<std::uint8_t>(type); }

// What follows the type bytes of a batch.
void AppendBatchFields(std::uint64_t generation, ThreadId m, Ticks base_ticks, std::size_t size,
                       ByteBuffer& out) {
  AppendUvarint(generation, out);
  AppendUvarint(static_cast<std::uint64_t>(Raw(m)), out);
  AppendUvarint(base_ticks, out);
  AppendUvarint(size, out);
}

Error Refusal(ErrorCode code, std::string what) { return {.code = code, .what = std::move(what)}; }

}  // namespace

void AppendHeader(Version version, ByteBuffer& out) {
  const std::string text = fmt::format("go 1.{} trace", static_cast<int>(version));
  const std::size_t begin = out.size();
  out.insert(out.end(), text.begin(), text.end());
  out.resize(begin + kHeaderBytes);
}

void AppendUvarint(std::uint64_t value, ByteBuffer& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

void AppendBatchHeader(std::uint64_t generation, ThreadId m, Ticks base_ticks, std::size_t size,
                       ByteBuffer& out) {
  out.push_back(Byte(EventType::kEventBatch));
  AppendBatchFields(generation, m, base_ticks, size, out);
}

void AppendEndOfGeneration(ByteBuffer& out) { out.push_back(Byte(EventType::kEndOfGeneration)); }

void BatchEncoder::Begin(BatchKind kind, Version version) {
  GTENGINE_CHECK(kind != BatchKind::kExperimental && kind != BatchKind::kEndOfGeneration);
  kind_ = kind;
  version_ = version;
  experiment_ = 0;
  data_.clear();
  switch (kind) {
    case BatchKind::kStrings:
      return data_.push_back(Byte(EventType::kStrings));
    case BatchKind::kStacks:
      return data_.push_back(Byte(EventType::kStacks));
    case BatchKind::kCpuSamples:
      return data_.push_back(Byte(EventType::kCpuSamples));
    case BatchKind::kSync:
      // Before format 25 the frequency's own type byte marks the batch.
      if (version >= Version::k25) data_.push_back(Byte(EventType::kSync));
      return;
    default:
      return;
  }
}

void BatchEncoder::BeginExperimental(std::uint8_t experiment) {
  kind_ = BatchKind::kExperimental;
  experiment_ = experiment;
  data_.clear();
}

Status BatchEncoder::Expect(BatchKind kind, std::string_view entry) const {
  if (kind_ == kind) return {};
  return Refusal(ErrorCode::kUsage,
                 fmt::format("{} does not belong into a batch of this kind", entry));
}

void BatchEncoder::AppendNumbers(std::span<const std::uint64_t> numbers) {
  for (const std::uint64_t number : numbers) AppendUvarint(number, data_);
}

Status BatchEncoder::Bounded(std::size_t size) {
  if (data_.size() <= kMaxBatchBytes) return {};
  data_.resize(size);
  return Refusal(ErrorCode::kLimit,
                 fmt::format("the batch would have more than {} bytes", kMaxBatchBytes));
}

Status BatchEncoder::Event(EventType type, Ticks difference, std::span<const std::uint64_t> args) {
  const EventSpec& spec = SpecOf(type);
  if (spec.event_class != EventClass::kTimed) {
    return Refusal(ErrorCode::kUsage, fmt::format("type {} is no timed event", Byte(type)));
  }
  if (Status status = Expect(BatchKind::kEvents, spec.name); !status.ok()) return status;
  if (args.size() + 1 != spec.arg_count) {
    return Refusal(ErrorCode::kUsage, fmt::format("{} has {} arguments, not {}", spec.name,
                                                  spec.arg_count - 1, args.size()));
  }
  const std::size_t size = data_.size();
  data_.push_back(Byte(type));
  AppendUvarint(difference, data_);
  AppendNumbers(args);
  return Bounded(size);
}

Status BatchEncoder::String(std::uint64_t id, std::string_view text) {
  if (Status status = Expect(BatchKind::kStrings, "a string"); !status.ok()) return status;
  if (text.size() > kMaxStringBytes) {
    return Refusal(ErrorCode::kLimit,
                   fmt::format("a string of {} bytes: more than the {} one may have", text.size(),
                               kMaxStringBytes));
  }
  const std::size_t size = data_.size();
  data_.push_back(Byte(EventType::kString));
  AppendNumbers(std::array<std::uint64_t, 2>{id, text.size()});
  data_.insert(data_.end(), text.begin(), text.end());
  return Bounded(size);
}

Status BatchEncoder::Stack(std::uint64_t id, std::span<const EncodedFrame> frames) {
  if (Status status = Expect(BatchKind::kStacks, "a stack"); !status.ok()) return status;
  if (frames.size() > kMaxStackFrames) {
    return Refusal(ErrorCode::kLimit,
                   fmt::format("a stack of {} frames: more than the {} one may have", frames.size(),
                               kMaxStackFrames));
  }
  const std::size_t size = data_.size();
  data_.push_back(Byte(EventType::kStack));
  AppendNumbers(std::array<std::uint64_t, 2>{id, frames.size()});
  for (const EncodedFrame& frame : frames) {
    AppendNumbers(std::array<std::uint64_t, 4>{frame.pc, frame.function, frame.file, frame.line});
  }
  return Bounded(size);
}

Status BatchEncoder::Sample(const CpuSample& sample) {
  if (Status status = Expect(BatchKind::kCpuSamples, "a CPU sample"); !status.ok()) return status;
  const std::size_t size = data_.size();
  data_.push_back(Byte(EventType::kCpuSample));
  // No goroutine is 0 here, and only here.
  const auto g = sample.g == kNoGoroutine ? 0 : static_cast<std::uint64_t>(gtengine::Raw(sample.g));
  AppendNumbers(std::array<std::uint64_t, 5>{
      sample.ticks, static_cast<std::uint64_t>(gtengine::Raw(sample.m)),
      static_cast<std::uint64_t>(gtengine::Raw(sample.p)), g, sample.stack});
  return Bounded(size);
}

Status BatchEncoder::Frequency(std::uint64_t frequency_hz) {
  if (Status status = Expect(BatchKind::kSync, "a frequency"); !status.ok()) return status;
  const std::size_t size = data_.size();
  data_.push_back(Byte(EventType::kFrequency));
  AppendUvarint(frequency_hz, data_);
  return Bounded(size);
}

Status BatchEncoder::Snapshot(Ticks difference, std::uint64_t mono_ns, std::uint64_t wall_seconds,
                              std::uint64_t wall_nanoseconds) {
  if (Status status = Expect(BatchKind::kSync, "a clock snapshot"); !status.ok()) return status;
  if (version_ < Version::k25) {
    return Refusal(ErrorCode::kUsage, "formats before 25 have no clock snapshots");
  }
  const std::size_t size = data_.size();
  data_.push_back(Byte(EventType::kClockSnapshot));
  AppendNumbers(std::array<std::uint64_t, 4>{difference, mono_ns, wall_seconds, wall_nanoseconds});
  return Bounded(size);
}

Status BatchEncoder::Raw(ByteView bytes) {
  const std::size_t size = data_.size();
  data_.insert(data_.end(), bytes.begin(), bytes.end());
  return Bounded(size);
}

void BatchEncoder::Finish(std::uint64_t generation, ThreadId m, Ticks base_ticks,
                          ByteBuffer& out) const {
  if (kind_ == BatchKind::kExperimental) {
    out.push_back(Byte(EventType::kExperimentalBatch));
    out.push_back(experiment_);
    AppendBatchFields(generation, m, base_ticks, data_.size(), out);
  } else {
    AppendBatchHeader(generation, m, base_ticks, data_.size(), out);
  }
  out.insert(out.end(), data_.begin(), data_.end());
}

}  // namespace gtengine::wire
