#include "engine/wire/v1/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/wire/generation_tables_builder.h"
#include "engine/wire/v1/event_spec.h"

namespace gtengine::wire::v1 {
namespace {

constexpr std::size_t kNumbersPerFrame = 4;

Error BadAt(const Record& record, std::string what) {
  return {.code = ErrorCode::kCorrupt, .what = std::move(what), .byte_offset = record.offset};
}

Status CheckNumbers(const Record& record) {
  const EventSpec& spec = SpecOf(record.type);
  if (record.numbers.size() == spec.number_count()) return {};
  return BadAt(record, fmt::format("{} has {} numbers instead of {}", spec.name,
                                   record.numbers.size(), spec.number_count()));
}

}  // namespace

Status Tables::AddBatch(PaddedView trace, Version version, const Batch& batch) {
  RecordReader reader(trace.bytes(), version);
  Record record;
  for (std::uint64_t offset = batch.offset; offset < batch.end;) {
    if (reader.Read(offset, record) != RecordReader::Move::kRecord) return reader.error();
    if (!HasEntry(record.type)) continue;
    if (Status added = Add(record); !added.ok()) return added;
  }
  return {};
}

Status Tables::Add(const Record& record) {
  switch (record.type) {
    case EventType::kString:
      return AddString(record);
    case EventType::kStack:
      return AddStack(record);
    case EventType::kFrequency:
      return AddFrequency(record);
    case EventType::kTimerGoroutine:
      if (Status checked = CheckNumbers(record); !checked.ok()) return checked;
      timer_goroutines_.insert(record.numbers[0]);
      return {};
    case EventType::kUserLog:
      if (message_places_.try_emplace(record.text, messages_.size()).second) {
        messages_.push_back(record.text);
      }
      return {};
    default:
      return {};
  }
}

Status Tables::AddString(const Record& record) {
  const std::uint64_t id = record.numbers[0];
  if (!strings_.try_emplace(id, record.text).second) {
    return BadAt(record, fmt::format("string {} repeats", id));
  }
  greatest_string_ = std::max(greatest_string_, id);
  return {};
}

Status Tables::AddStack(const Record& record) {
  const auto numbers = record.numbers;
  if (numbers.size() < 2 || numbers[1] > kMaxStackFrames ||
      numbers.size() != 2 + kNumbersPerFrame * numbers[1]) {
    return BadAt(record, fmt::format("Stack has {} numbers, which make no frames", numbers.size()));
  }
  const auto id = static_cast<std::uint32_t>(numbers[0]);
  const auto count = static_cast<std::size_t>(numbers[1]);
  if (id == 0 || count == 0) return {};
  stacks_[id] = {.begin = stack_frames_.size(), .count = count};
  for (std::size_t i = 2; i < numbers.size(); i += kNumbersPerFrame) {
    const auto next = static_cast<std::uint32_t>(frames_.size());
    const auto [entry, is_new] = frame_of_pc_.try_emplace(numbers[i], next);
    if (is_new) {
      frames_.push_back({.pc = numbers[i],
                         .function = numbers[i + 1],
                         .file = numbers[i + 2],
                         .line = numbers[i + 3]});
    }
    stack_frames_.push_back(entry->second);
  }
  return {};
}

Status Tables::AddFrequency(const Record& record) {
  if (Status checked = CheckNumbers(record); !checked.ok()) return checked;
  frequency_hz_ = static_cast<std::int64_t>(record.numbers[0]);
  if (frequency_hz_ > 0) return {};
  return BadAt(record, fmt::format("a clock of {} ticks a second", frequency_hz_));
}

// Messages and further strings get the ids behind the greatest that the trace has. False: there are
// not enough.
bool Tables::GiveIds(std::size_t more) {
  std::uint64_t last = 0;
  if (__builtin_add_overflow(greatest_string_, messages_.size(), &last)) return false;
  if (__builtin_add_overflow(last, more, &last)) return false;
  first_message_ = greatest_string_ + 1;
  first_more_ = first_message_ + messages_.size();
  return true;
}

Status Tables::Finish(std::span<const std::string_view> more, GenerationTables& tables) {
  if (frequency_hz_ == 0) return Error{.what = "the trace does not tell its clock's frequency"};
  if (!GiveIds(more.size())) {
    return Error{
        .what = fmt::format("string {}: its id leaves none for other strings", greatest_string_)};
  }
  GenerationTables::Builder builder(tables);
  builder.SetFrequency(static_cast<std::uint64_t>(frequency_hz_));
  for (const auto& [id, text] : strings_) builder.AddString(id, text);
  for (std::size_t i = 0; i < messages_.size(); ++i) {
    builder.AddString(first_message_ + i, messages_[i]);
  }
  for (std::size_t i = 0; i < more.size(); ++i) builder.AddString(MoreId(i), more[i]);
  std::vector<bool> is_known;
  for (const Frame& frame : frames_) {
    const auto function = Text(frame.function, more);
    const auto file = Text(frame.file, more);
    is_known.push_back(function && file);
    builder.AddFrame({.pc = frame.pc,
                      .function = function.value_or(std::string_view()),
                      .file = file.value_or(std::string_view()),
                      .line = frame.line});
  }
  for (const auto& [id, place] : stacks_) {
    const auto frames = std::span(stack_frames_).subspan(place.begin, place.count);
    if (std::ranges::all_of(frames, [&](std::uint32_t frame) { return is_known[frame]; })) {
      builder.AddStack(id, frames);
    }
  }
  builder.Finish();
  return {};
}

std::optional<std::string_view> Tables::Text(std::uint64_t id,
                                             std::span<const std::string_view> more) const {
  if (id == 0) return std::string_view();
  const auto found = strings_.find(id);
  if (found != strings_.end()) return found->second;
  if (id < first_message_) return std::nullopt;
  if (id < first_more_) return messages_[static_cast<std::size_t>(id - first_message_)];
  if (id - first_more_ < more.size()) return more[static_cast<std::size_t>(id - first_more_)];
  return std::nullopt;
}

}  // namespace gtengine::wire::v1
