// The strings and stacks of a legacy trace.
#pragma once

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/byte_view.h"
#include "engine/base/mix_hash.h"
#include "engine/base/result.h"
#include "engine/wire/format.h"
#include "engine/wire/generation_tables.h"
#include "engine/wire/v1/record.h"
#include "engine/wire/v1/trace_index.h"

namespace gtengine::wire::v1 {

// Collects the entries of tables that stand among a trace's events. Messages of logs, which the
// trace holds as they are, become strings with ids of their own, as Go's reader does it
// (tracev1.go, init). Texts borrow the trace's bytes. Memory: up to 300 bytes an entry and a frame.
// One thread at a time; reading is safe from any once all is there.
class Tables {
 public:
  // Takes an entry; other records are passed over. The order of entries matters: a stack's last
  // definition counts, but a PC's first. Errors name the byte.
  Status Add(const Record& record);
  // Takes all entries of a batch.
  Status AddBatch(PaddedView trace, Version version, const Batch& batch);

  // Behind the last batch: gives all of it to `tables`, together with `more` strings. A stack that
  // names strings which do not exist stays out. Errors: no frequency; ids that leave no room.
  Status Finish(std::span<const std::string_view> more, GenerationTables& tables);

  std::size_t string_count() const { return strings_.size(); }
  std::size_t stack_count() const { return stacks_.size(); }
  // Ticks a second; 0: not told.
  std::int64_t frequency_hz() const { return frequency_hz_; }
  // Whether there is a goroutine that serves timers, and whether it is this one.
  bool IsTimerGoroutine(std::uint64_t g) const {
    return !timer_goroutines_.empty() && timer_goroutines_.contains(g);
  }
  // Whether the trace tells the stack: also one that stays out.
  bool HasStack(std::uint32_t id) const { return stacks_.contains(id); }

  // After Finish: the string ids of a log's message, and of the one of `more` at a position.
  std::uint64_t MessageId(std::string_view message) const {
    return first_message_ + message_places_.at(message);
  }
  std::uint64_t MoreId(std::size_t position) const { return first_more_ + position; }

 private:
  struct Frame {
    std::uint64_t pc;
    std::uint64_t function;
    std::uint64_t file;
    std::uint64_t line;
  };
  struct Frames {
    std::size_t begin;
    std::size_t count;
  };

  Status AddString(const Record& record);
  Status AddStack(const Record& record);
  Status AddFrequency(const Record& record);
  bool GiveIds(std::size_t more);
  std::optional<std::string_view> Text(std::uint64_t id,
                                       std::span<const std::string_view> more) const;

  std::int64_t frequency_hz_ = 0;
  tsl::robin_set<std::uint64_t, MixHash> timer_goroutines_;
  tsl::robin_map<std::uint64_t, std::string_view, MixHash> strings_;
  std::uint64_t greatest_string_ = 0;
  // In order of their first appearance, and their places in it.
  std::vector<std::string_view> messages_;
  tsl::robin_map<std::string_view, std::uint64_t> message_places_;
  std::uint64_t first_message_ = 0;
  std::uint64_t first_more_ = 0;
  std::vector<Frame> frames_;
  tsl::robin_map<std::uint64_t, std::uint32_t, MixHash> frame_of_pc_;
  std::vector<std::uint32_t> stack_frames_;  // positions in frames_, one definition after the other
  tsl::robin_map<std::uint32_t, Frames, MixHash> stacks_;
};

}  // namespace gtengine::wire::v1
