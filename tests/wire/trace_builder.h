// Builds the bytes of small traces, well-formed or not. For tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/wire/format.h"

namespace gtengine::wire::testing {

using Numbers = std::initializer_list<std::uint64_t>;

// Bytes that grow at the end.
class Bytes {
 public:
  Bytes& Byte(std::uint8_t byte) {
    bytes_.push_back(byte);
    return *this;
  }
  Bytes& Type(EventType type) { return Byte(static_cast<std::uint8_t>(type)); }
  Bytes& Text(std::string_view text) {
    // One by one: gcc 12 warns of an overflow in the insertion of a range.
    for (const char c : text) Byte(static_cast<std::uint8_t>(c));
    return *this;
  }
  // An unsigned LEB128 number, filled up with zero groups to `least_bytes`.
  Bytes& Number(std::uint64_t value, std::size_t least_bytes = 1) {
    for (; value >= 0x80 || least_bytes > 1; value >>= 7) {
      Byte(static_cast<std::uint8_t>(value | 0x80));
      if (least_bytes > 1) --least_bytes;
    }
    return Byte(static_cast<std::uint8_t>(value));
  }
  // A type byte and its numbers.
  Bytes& Event(EventType type, Numbers numbers = {}) {
    Type(type);
    for (const std::uint64_t number : numbers) Number(number);
    return *this;
  }
  Bytes& Append(const Bytes& other) {
    for (const std::uint8_t byte : other.bytes_) Byte(byte);
    return *this;
  }

  // Entries of tables.
  Bytes& String(std::uint64_t id, std::string_view text) {
    return Event(EventType::kString, {id, text.size()}).Text(text);
  }
  struct Frame {
    std::uint64_t pc, function, file, line;
  };
  Bytes& Stack(std::uint64_t id, std::initializer_list<Frame> frames) {
    Event(EventType::kStack, {id, frames.size()});
    for (const Frame& frame : frames) {
      Number(frame.pc).Number(frame.function).Number(frame.file).Number(frame.line);
    }
    return *this;
  }

  std::size_t size() const { return bytes_.size(); }
  ByteView view() const { return bytes_; }
  // Valid until the next change.
  PaddedView padded() {
    bytes_.reserve(bytes_.size() + kReadableTailBytes);
    return PaddedView::Promise(bytes_.data(), bytes_.size());
  }
  void Resize(std::size_t size) { bytes_.resize(size); }

 private:
  std::vector<std::uint8_t> bytes_;
};

// A trace that grows by batches.
class TraceBuilder : public Bytes {
 public:
  static constexpr std::uint64_t kBaseTicks = 1000;
  static constexpr std::uint64_t kFrequencyHz = 1'000'000'000;

  explicit TraceBuilder(Version version) : version_(version) {
    Text("go 1.");
    const auto number = static_cast<unsigned>(version);
    Byte(static_cast<std::uint8_t>('0' + number / 10));
    Byte(static_cast<std::uint8_t>('0' + number % 10));
    Text(std::string_view(" trace\0\0\0", 9));
  }

  TraceBuilder& Batch(std::uint64_t generation, std::uint64_t m, const Bytes& data,
                      std::uint64_t base_ticks = kBaseTicks) {
    Event(EventType::kEventBatch, {generation, m, base_ticks, data.size()}).Append(data);
    return *this;
  }
  TraceBuilder& ExperimentalBatch(std::uint8_t experiment, std::uint64_t generation,
                                  const Bytes& data) {
    Type(EventType::kExperimentalBatch).Byte(experiment);
    Number(generation).Number(7).Number(kBaseTicks).Number(data.size()).Append(data);
    return *this;
  }
  // The clock, in the form of the version.
  TraceBuilder& Sync(std::uint64_t generation, std::uint64_t frequency_hz = kFrequencyHz) {
    Bytes data;
    if (version_ >= Version::k25) data.Type(EventType::kSync);
    data.Event(EventType::kFrequency, {frequency_hz});
    if (version_ >= Version::k25) data.Event(EventType::kClockSnapshot, {5, 77, 1'700'000'000, 9});
    return Batch(generation, kNoM, data);
  }
  TraceBuilder& EndOfGeneration() {
    if (version_ >= Version::k26) Type(EventType::kEndOfGeneration);
    return *this;
  }
  // A smallest whole generation: one event and the clock.
  TraceBuilder& Generation(std::uint64_t number) {
    Batch(number, 3, Bytes().Event(EventType::kProcStop, {10}));
    return Sync(number).EndOfGeneration();
  }

  Version version() const { return version_; }

 private:
  static constexpr std::uint64_t kNoM = ~std::uint64_t{0};

  Version version_;
};

}  // namespace gtengine::wire::testing
