#include "engine/reports/partial_codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <tuple>

#include "engine/base/int128.h"

namespace gtengine {
namespace {

enum FrameField : protozero::pbf_tag_type { kFunction = 1, kFile = 2, kLine = 3 };
enum DistributionField : protozero::pbf_tag_type {
  kSumLow = 1,
  kSumHigh = 2,
  kMin = 3,
  kMax = 4,
  kBuckets = 5,
};

template <class Range>
Histogram ReadHistogram(const Range& numbers) {
  Histogram histogram;
  std::uint64_t bucket = 0;
  bool is_first = true;
  for (auto at = numbers.begin(); at != numbers.end(); ++at) {
    const std::uint64_t difference = *at;
    if (++at == numbers.end()) throw BadPartial("a bucket has no count");
    if (difference >= Histogram::kBuckets || (difference == 0 && !is_first)) {
      throw BadPartial("buckets are out of order");
    }
    bucket += difference;
    is_first = false;
    if (bucket >= Histogram::kBuckets) throw BadPartial("a bucket does not exist");
    if (*at == 0) throw BadPartial("a bucket is empty");
    histogram.AddToBucket(static_cast<std::size_t>(bucket), *at);
  }
  return histogram;
}

}  // namespace

Error UnknownPartialVersion(std::string_view report, std::uint64_t found, std::uint32_t read) {
  Error error;
  error.code = ErrorCode::kUnsupportedVersion;
  error.what =
      fmt::format("{} partial: it has version {}, and version {} is read", report, found, read);
  return error;
}

void ContentNumbers::AddString(std::string_view string) {
  if (string_numbers_.emplace(string, 0).second) strings_.push_back(string);
}

void ContentNumbers::AddStack(StackRef stack) {
  for (const FrameRef ref : tables_.stacks.GetStack(stack)) {
    const auto index = static_cast<std::size_t>(ref);
    if (index >= frame_added_.size()) frame_added_.resize(index + 1);
    if (frame_added_[index]) continue;
    frame_added_[index] = true;
    const Frame& frame = tables_.stacks.GetFrame(ref);
    AddString(tables_.strings.Get(frame.function));
    AddString(tables_.strings.Get(frame.file));
    frames_.push_back({.function = 0, .file = 0, .line = frame.line, .ref = ref});
  }
}

void ContentNumbers::Seal() {
  std::sort(strings_.begin(), strings_.end());
  for (std::size_t i = 0; i < strings_.size(); ++i) {
    string_numbers_[strings_[i]] = static_cast<std::uint32_t>(i + 1);
  }
  for (NumberedFrame& frame : frames_) {
    const Frame& content = tables_.stacks.GetFrame(frame.ref);
    frame.function = StringNumber(tables_.strings.Get(content.function));
    frame.file = StringNumber(tables_.strings.Get(content.file));
  }
  std::sort(frames_.begin(), frames_.end(), [](const NumberedFrame& a, const NumberedFrame& b) {
    return std::tie(a.function, a.file, a.line) < std::tie(b.function, b.file, b.line);
  });
  frame_numbers_.resize(frame_added_.size());
  for (std::size_t i = 0; i < frames_.size(); ++i) {
    frame_numbers_[static_cast<std::size_t>(frames_[i].ref)] = static_cast<std::uint32_t>(i);
  }
}

std::vector<std::uint32_t> ContentNumbers::StackNumbers(StackRef stack) const {
  std::vector<std::uint32_t> numbers;
  for (const FrameRef ref : tables_.stacks.GetStack(stack)) {
    numbers.push_back(frame_numbers_[static_cast<std::size_t>(ref)]);
  }
  return numbers;
}

void ContentNumbers::Write(protozero::pbf_writer& message) const {
  for (const std::string_view string : strings_) {
    message.add_string(kStringField, string.data(), string.size());
  }
  for (const NumberedFrame& frame : frames_) {
    protozero::pbf_writer fields(message, kFrameField);
    fields.add_uint32(kFunction, frame.function);
    fields.add_uint32(kFile, frame.file);
    fields.add_uint64(kLine, frame.line);
  }
}

void ContentReader::ReadString(std::string_view content) {
  // The last one; "" before the first, which no string may equal.
  const StringRef last{static_cast<std::uint32_t>(tables_.strings.size() - 1)};
  if (content <= tables_.strings.Get(last)) throw BadPartial("strings are out of order");
  tables_.strings.Intern(content);
}

void ContentReader::ReadFrame(std::string_view message) {
  Frame frame;
  FieldReader fields(message);
  while (fields.Next()) {
    switch (fields.tag()) {
      case kFunction:
        frame.function = StringOf(fields.Uint64());
        break;
      case kFile:
        frame.file = StringOf(fields.Uint64());
        break;
      case kLine:
        frame.line = fields.Uint64();
        break;
      default:
        RefuseUnknownField();
    }
  }
  if (frames_ > 0) {
    const Frame& last = tables_.stacks.GetFrame(FrameRef{frames_ - 1});
    if (std::tie(frame.function, frame.file, frame.line) <=
        std::tie(last.function, last.file, last.line)) {
      throw BadPartial("frames are out of order");
    }
  }
  tables_.stacks.InternFrame(frame);
  ++frames_;
}

StringRef ContentReader::StringOf(std::uint64_t number) const {
  if (number >= tables_.strings.size()) throw BadPartial("a string does not exist");
  return StringRef{static_cast<std::uint32_t>(number)};
}

FrameRef ContentReader::FrameOf(std::uint64_t number) const {
  if (number >= frames_) throw BadPartial("a frame does not exist");
  return FrameRef{static_cast<std::uint32_t>(number)};
}

void WriteDistribution(protozero::pbf_writer& message, protozero::pbf_tag_type tag,
                       const Distribution& distribution) {
  if (distribution.empty()) return;
  protozero::pbf_writer fields(message, tag);
  const Uint128 sum = distribution.sum();
  fields.add_uint64(kSumLow, static_cast<std::uint64_t>(sum));
  if (const auto high = static_cast<std::uint64_t>(sum >> 64); high != 0) {
    fields.add_uint64(kSumHigh, high);
  }
  fields.add_uint64(kMin, static_cast<std::uint64_t>(distribution.min()));
  fields.add_uint64(kMax, static_cast<std::uint64_t>(distribution.max()));
  protozero::packed_field_uint64 buckets(fields, kBuckets);
  std::size_t previous = 0;
  distribution.histogram().ForEachBucket([&](std::size_t bucket, std::uint64_t count) {
    buckets.add_element(bucket - previous);
    buckets.add_element(count);
    previous = bucket;
  });
}

Distribution ReadDistribution(std::string_view message) {
  Uint128 sum = 0;
  std::uint64_t min = 0;
  std::uint64_t max = 0;
  Histogram histogram;
  FieldReader fields(message);
  while (fields.Next()) {
    switch (fields.tag()) {
      case kSumLow:
        sum = fields.Uint64();
        break;
      case kSumHigh:
        sum |= Uint128{fields.Uint64()} << 64;
        break;
      case kMin:
        min = fields.Uint64();
        break;
      case kMax:
        max = fields.Uint64();
        break;
      case kBuckets:
        histogram = ReadHistogram(fields.PackedUint64());
        break;
      default:
        RefuseUnknownField();
    }
  }
  auto restored = Distribution::Restore(sum, static_cast<std::int64_t>(min),
                                        static_cast<std::int64_t>(max), std::move(histogram));
  if (!restored) throw BadPartial("a distribution contradicts itself");
  return *std::move(restored);
}

void WriteWaits(protozero::pbf_writer& message, protozero::pbf_tag_type tag, const Waits& waits) {
  if (waits.empty()) return;
  protozero::pbf_writer fields(message, tag);
  for (std::size_t kind = 0; kind < kWaitKindCount; ++kind) {
    WriteDistribution(fields, static_cast<protozero::pbf_tag_type>(kind + 1), waits.by_kind[kind]);
  }
}

Waits ReadWaits(std::string_view message) {
  Waits waits;
  FieldReader fields(message);
  while (fields.Next()) {
    if (fields.tag() > kWaitKindCount) RefuseUnknownField();
    waits.by_kind[fields.tag() - 1] = ReadDistribution(fields.Bytes());
  }
  if (waits.empty()) throw BadPartial("a message has no waits");
  return waits;
}

}  // namespace gtengine
