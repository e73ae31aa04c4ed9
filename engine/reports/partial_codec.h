// What all serialized partials have in common: the first fields, strings and frames, distributions.
// docs/partials.md has the messages.
#pragma once

#include <cstdint>
#include <protozero/pbf_writer.hpp>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/analysis/distribution.h"
#include "engine/columns/stack_table.h"
#include "engine/reports/field_reader.h"
#include "engine/reports/waits.h"

namespace gtengine {

// Fields of every partial. Those of one report have the tags from kFirstOfReport on.
enum PartialField : protozero::pbf_tag_type {
  kReportField = 1,
  kVersionField = 2,
  kStringField = 3,
  kFrameField = 4,
  kFirstOfReport = 5,
};

// The Error for a partial of another version than the one that is read.
Error UnknownPartialVersion(std::string_view report, std::uint64_t found, std::uint32_t read);

// Numbers the strings and frames that a partial uses by their content, so that the bytes do not
// depend on the order in which they were met. String 0 is the empty one and is not written.
class ContentNumbers {
 public:
  // Frames are those of `tables`, which must outlive this, unchanged.
  explicit ContentNumbers(const TraceTables& tables) : tables_(tables), string_numbers_{{"", 0}} {}

  // First everything is added. The bytes of a string must outlive this.
  void AddString(std::string_view string);
  void AddStack(StackRef stack);
  // Then numbers are given: O(n log n) once. Nothing may be added afterwards.
  void Seal();

  std::uint32_t StringNumber(std::string_view string) const { return string_numbers_.at(string); }
  // The numbers of a stack's frames, leaf first.
  std::vector<std::uint32_t> StackNumbers(StackRef stack) const;
  void Write(protozero::pbf_writer& message) const;

 private:
  struct NumberedFrame {
    std::uint32_t function;
    std::uint32_t file;
    std::uint64_t line;
    FrameRef ref;
  };

  const TraceTables& tables_;
  std::unordered_map<std::string_view, std::uint32_t> string_numbers_;
  std::vector<std::string_view> strings_;
  std::vector<NumberedFrame> frames_;
  std::vector<bool> frame_added_;             // by FrameRef
  std::vector<std::uint32_t> frame_numbers_;  // by FrameRef
};

// Reads the strings and frames of a partial into `tables`, which must be new: there the refs of
// strings and frames are their numbers.
class ContentReader {
 public:
  explicit ContentReader(TraceTables& tables) : tables_(tables) {}

  void ReadString(std::string_view content);
  void ReadFrame(std::string_view message);

  // Refs of what has been read; throw when the number was not.
  StringRef StringOf(std::uint64_t number) const;
  FrameRef FrameOf(std::uint64_t number) const;

 private:
  TraceTables& tables_;
  std::uint32_t frames_ = 0;
};

// A distribution as one message field, which is left out when it is empty.
void WriteDistribution(protozero::pbf_writer& message, protozero::pbf_tag_type tag,
                       const Distribution& distribution);
Distribution ReadDistribution(std::string_view message);

// Waits as one message field, which is left out when there are none.
void WriteWaits(protozero::pbf_writer& message, protozero::pbf_tag_type tag, const Waits& waits);
Waits ReadWaits(std::string_view message);

}  // namespace gtengine
