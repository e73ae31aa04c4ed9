// Builds the bytes of small legacy traces, well-formed or not. For tests.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "engine/wire/v1/format.h"
#include "tests/wire/trace_builder.h"

namespace gtengine::wire::v1::testing {

using Numbers = std::initializer_list<std::uint64_t>;

// A trace that grows by records.
class LegacyBytes : public wire::testing::Bytes {
 public:
  explicit LegacyBytes(Version version = Version::k21) {
    Text("go 1.");
    const auto number = static_cast<unsigned>(version);
    Byte(static_cast<std::uint8_t>('0' + number / 10));
    Byte(static_cast<std::uint8_t>('0' + number % 10));
    Text(std::string_view(" trace\0\0\0", 9));
  }

  // A type byte and its numbers, in the shorter form where there is one.
  LegacyBytes& Record(EventType type, std::span<const std::uint64_t> numbers) {
    return numbers.empty() || numbers.size() > 3 ? Led(type, numbers) : Plain(type, numbers);
  }
  LegacyBytes& Record(EventType type, Numbers numbers) {
    return Record(type, std::span(numbers.begin(), numbers.size()));
  }
  // With the length of the numbers in front of them.
  LegacyBytes& Led(EventType type, std::span<const std::uint64_t> numbers) {
    Byte(static_cast<std::uint8_t>(static_cast<unsigned>(type) | 3u << 6));
    wire::testing::Bytes data;
    for (const std::uint64_t number : numbers) data.Number(number);
    Number(data.size()).Append(data);
    return *this;
  }

  LegacyBytes& Batch(std::uint64_t p, std::uint64_t ticks) {
    return Plain(EventType::kBatch, std::vector<std::uint64_t>{p, ticks});
  }
  LegacyBytes& String(std::uint64_t id, std::string_view text) {
    Byte(static_cast<std::uint8_t>(EventType::kString)).Number(id).Number(text.size()).Text(text);
    return *this;
  }
  struct Frame {
    std::uint64_t pc, function, file, line;
  };
  LegacyBytes& Stack(std::uint64_t id, std::initializer_list<Frame> frames) {
    std::vector<std::uint64_t> numbers{id, frames.size()};
    for (const Frame& frame : frames) {
      numbers.insert(numbers.end(), {frame.pc, frame.function, frame.file, frame.line});
    }
    return Led(EventType::kStack, numbers);
  }
  LegacyBytes& Log(std::uint64_t dt, std::uint64_t task, std::uint64_t key, std::uint64_t stack,
                   std::string_view message) {
    Led(EventType::kUserLog, std::vector<std::uint64_t>{dt, task, key, stack});
    Number(message.size()).Text(message);
    return *this;
  }
  // The time difference of a sample means nothing.
  LegacyBytes& CpuSample(std::uint64_t ticks, std::uint64_t p, std::uint64_t g,
                         std::uint64_t stack) {
    return Led(EventType::kCpuSample, std::vector<std::uint64_t>{0, ticks, p, g, stack});
  }
  LegacyBytes& Frequency(std::uint64_t frequency_hz = 1'000'000'000) {
    return Record(EventType::kFrequency, {frequency_hz});
  }

 private:
  LegacyBytes& Plain(EventType type, std::span<const std::uint64_t> numbers) {
    Byte(static_cast<std::uint8_t>(static_cast<unsigned>(type) |
                                   static_cast<unsigned>(numbers.size() - 1) << 6));
    for (const std::uint64_t number : numbers) Number(number);
    return *this;
  }
};

}  // namespace gtengine::wire::v1::testing
