// Legacy traces for tests of the order, with what they are read by.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

#include "engine/order/legacy_event.h"
#include "engine/wire/v1/tables.h"
#include "engine/wire/v1/trace_index.h"
#include "tests/wire/v1/legacy_bytes.h"

namespace gtengine::testing {

using wire::v1::EventType;
using wire::v1::testing::LegacyBytes;

// Owns a well-formed trace and its index.
class LegacyTrace {
 public:
  explicit LegacyTrace(LegacyBytes bytes, wire::Version version = wire::Version::k21)
      : bytes_(std::move(bytes)), version_(version) {
    auto counts = wire::v1::CountRecords(view(), version_);
    EXPECT_TRUE(counts.ok()) << counts.error().ToString();
    counts_ = *counts;
    auto index = wire::v1::TraceIndex::Build(view(), version_, counts_);
    EXPECT_TRUE(index.ok()) << index.error().ToString();
    index_ = std::move(index).value();
  }

  PaddedView view() { return bytes_.padded(); }
  wire::Version version() const { return version_; }
  const wire::v1::RecordCounts& counts() const { return counts_; }
  const wire::v1::TraceIndex& index() const { return index_; }

 private:
  LegacyBytes bytes_;
  wire::Version version_;
  wire::v1::RecordCounts counts_;
  wire::v1::TraceIndex index_;
};

// An event as it stands alone.
struct Sketch {
  EventType type;
  std::uint64_t g = 0;
  std::int32_t p = 0;
  std::array<std::uint64_t, wire::v1::kMaxArgs> args{};
  std::int64_t ticks = 0;
  std::uint32_t stack = 0;

  order::LegacyEvent event() const {
    return {.ticks = ticks,
            .g = g,
            .args = args,
            .offset = 16,
            .text = {},
            .stack = stack,
            .p = p,
            .type = type};
  }
};

}  // namespace gtengine::testing
