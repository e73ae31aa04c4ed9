#include "engine/render/pprof.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <protozero/pbf_builder.hpp>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/render/display_text.h"

namespace gtengine {
namespace {

// Field numbers of profile.proto.
enum class ProfileField : protozero::pbf_tag_type {
  kSampleType = 1,
  kSample = 2,
  kLocation = 4,
  kFunction = 5,
  kStringTable = 6,
  kPeriodType = 11,
  kPeriod = 12,
};
enum class ValueTypeField : protozero::pbf_tag_type { kType = 1, kUnit = 2 };
enum class SampleField : protozero::pbf_tag_type { kLocationId = 1, kValue = 2, kLabel = 3 };
enum class LabelField : protozero::pbf_tag_type { kKey = 1, kText = 2 };
enum class LocationField : protozero::pbf_tag_type { kId = 1, kLine = 4 };
enum class LineField : protozero::pbf_tag_type { kFunctionId = 1, kLine = 2 };
enum class FunctionField : protozero::pbf_tag_type {
  kId = 1,
  kName = 2,
  kSystemName = 3,
  kFilename = 4,
};

std::int64_t Clamped(Int128 value) {
  using Limits = std::numeric_limits<std::int64_t>;
  return static_cast<std::int64_t>(std::clamp<Int128>(value, Limits::min(), Limits::max()));
}

std::string_view UnitName(Unit unit) { return unit == Unit::kNs ? "nanoseconds" : Name(unit); }

class PprofWriter {
 public:
  std::string Write(const Profile& profile) {
    Number("");  // the first string is the empty one
    for (const ProfileValue& value : profile.values) {
      WriteValueType(ProfileField::kSampleType, value.id, UnitName(value.unit));
    }
    for (const ProfileSample& sample : profile.samples) WriteSample(sample);
    for (std::size_t i = 0; i < profile.frames.size(); ++i) WriteLocation(i, profile.frames[i]);
    // As `go tool trace` has it: without a period profiles cannot be compared.
    WriteValueType(ProfileField::kPeriodType, "trace", "count");
    builder_.add_int64(ProfileField::kPeriod, 1);
    for (const std::string* text : strings_) {
      builder_.add_string(ProfileField::kStringTable, *text);
    }
    return std::move(bytes_);
  }

 private:
  // A string's place in the table.
  std::int64_t Number(std::string_view text) {
    const auto [entry, is_new] =
        numbers_.try_emplace(Printable(text), static_cast<std::int64_t>(strings_.size()));
    if (is_new) strings_.push_back(&entry->first);
    return entry->second;
  }

  void WriteValueType(ProfileField field, std::string_view type, std::string_view unit) {
    protozero::pbf_builder<ValueTypeField> value(builder_, field);
    value.add_int64(ValueTypeField::kType, Number(type));
    value.add_int64(ValueTypeField::kUnit, Number(unit));
  }

  void WriteSample(const ProfileSample& sample) {
    protozero::pbf_builder<SampleField> message(builder_, ProfileField::kSample);
    std::vector<std::uint64_t> locations;
    for (const std::uint32_t frame : sample.stack) locations.push_back(frame + std::uint64_t{1});
    message.add_packed_uint64(SampleField::kLocationId, locations.begin(), locations.end());
    std::vector<std::int64_t> values;
    for (const Int128 value : sample.values) values.push_back(Clamped(value));
    message.add_packed_int64(SampleField::kValue, values.begin(), values.end());
    for (const auto& [name, text] : sample.labels) {
      protozero::pbf_builder<LabelField> label(message, SampleField::kLabel);
      label.add_int64(LabelField::kKey, Number(name));
      label.add_int64(LabelField::kText, Number(text));
    }
  }

  void WriteLocation(std::size_t position, const ProfileFrame& frame) {
    const std::uint64_t function = FunctionId(frame);
    protozero::pbf_builder<LocationField> location(builder_, ProfileField::kLocation);
    location.add_uint64(LocationField::kId, position + 1);
    protozero::pbf_builder<LineField> line(location, LocationField::kLine);
    line.add_uint64(LineField::kFunctionId, function);
    line.add_int64(LineField::kLine, Clamped(frame.line));
  }

  // Writes a function that is new.
  std::uint64_t FunctionId(const ProfileFrame& frame) {
    const auto [entry, is_new] =
        functions_.try_emplace({frame.function, frame.file}, functions_.size() + 1);
    if (is_new) {
      protozero::pbf_builder<FunctionField> function(builder_, ProfileField::kFunction);
      function.add_uint64(FunctionField::kId, entry->second);
      function.add_int64(FunctionField::kName, Number(frame.function));
      function.add_int64(FunctionField::kSystemName, Number(frame.function));
      function.add_int64(FunctionField::kFilename, Number(frame.file));
    }
    return entry->second;
  }

  std::string bytes_;
  protozero::pbf_builder<ProfileField> builder_{bytes_};
  std::unordered_map<std::string, std::int64_t> numbers_;
  std::vector<const std::string*> strings_;
  std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> functions_;
};

// The header that zlib writes states no time and no name.
std::string Gzipped(std::string_view bytes) {
  constexpr int kGzip = 16;
  constexpr int kMemoryLevel = 8;
  constexpr std::size_t kMostAtOnce = std::numeric_limits<uInt>::max();
  z_stream stream{};
  GTENGINE_CHECK(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzip,
                              kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string gzipped(std::size_t{1} << 16, '\0');
  std::size_t size = 0;
  int outcome = Z_OK;
  while (outcome != Z_STREAM_END) {
    const std::size_t piece = std::min(bytes.size(), kMostAtOnce);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(piece);
    const std::size_t room = std::min(gzipped.size() - size, kMostAtOnce);
    stream.next_out = reinterpret_cast<Bytef*>(gzipped.data() + size);
    stream.avail_out = static_cast<uInt>(room);
    outcome = deflate(&stream, piece == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
    GTENGINE_CHECK(outcome == Z_OK || outcome == Z_STREAM_END || outcome == Z_BUF_ERROR);
    bytes.remove_prefix(piece - stream.avail_in);
    size += room - stream.avail_out;
    if (size == gzipped.size()) gzipped.resize(size * 2);
  }
  deflateEnd(&stream);
  gzipped.resize(size);
  return gzipped;
}

}  // namespace

std::string RenderPprof(const Profile& profile) { return Gzipped(PprofWriter().Write(profile)); }

}  // namespace gtengine
