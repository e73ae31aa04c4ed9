#include "engine/render/pprof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <protozero/pbf_reader.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/render/golden.h"

namespace gtengine {
namespace {

using protozero::pbf_reader;
using ::testing::ElementsAre;

std::string Gunzipped(const std::string& bytes) {
  std::string text(std::size_t{1} << 22, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

// A message's fields as text: numbers and {messages}.
std::string Fields(pbf_reader message) {
  std::string text;
  while (message.next()) {
    text += " " + std::to_string(message.tag()) + ":";
    if (message.wire_type() == protozero::pbf_wire_type::varint) {
      text += std::to_string(message.get_int64());
    } else {
      text += "{" + Fields(message.get_message()) + " }";
    }
  }
  return text;
}

// The whole profile, a line a field. Strings are those of the table.
std::vector<std::string> Show(const Profile& profile) {
  const std::string bytes = Gunzipped(RenderPprof(profile));
  std::vector<std::string> lines;
  for (pbf_reader message(bytes); message.next();) {
    std::string& line = lines.emplace_back(std::to_string(message.tag()) + ":");
    if (message.wire_type() == protozero::pbf_wire_type::varint) {
      line += " " + std::to_string(message.get_int64());
    } else if (message.tag() == 6) {
      line += " \"" + message.get_string() + "\"";
    } else if (message.tag() == 2) {
      for (pbf_reader sample = message.get_message(); sample.next();) {
        if (sample.tag() == 3) {
          line += " label{" + Fields(sample.get_message()) + " }";
          continue;
        }
        // Once its value is read, a field has no tag any more in builds with assertions.
        const bool is_location = sample.tag() == 1;
        for (const std::int64_t value : sample.get_packed_int64()) {
          line += (is_location ? " @" : " ") + std::to_string(value);
        }
      }
    } else {
      line += Fields(message.get_message());
    }
  }
  return lines;
}

Profile Sample() {
  return {
      .id = "sched",
      .heading = "",
      .values = {{.id = "contentions", .unit = Unit::kCount}, {.id = "delay", .unit = Unit::kNs}},
      .frames = {{.function = "main.f", .file = "a.go", .line = 3},
                 {.function = "main.f", .file = "a.go", .line = 4},
                 {.function = "main.f", .file = "b.go", .line = 4}},
      .samples = {{.stack = {}, .labels = {}, .values = {1, 2}},
                  {.stack = {2, 0},
                   .labels = {{"host", "web"}, {"service", "main.f"}},
                   .values = {3, Int128{1} << 70}},
                  {.stack = {1}, .labels = {}, .values = {4, -(Int128{1} << 70)}}}};
}

TEST(PprofTest, IsAProfileProto) {
  EXPECT_THAT(
      Show(Sample()),
      ElementsAre("1: 1:1 2:2", "1: 1:3 2:4",  //
                  "2: 1 2", "2: @3 @1 3 9223372036854775807 label{ 1:5 2:6 } label{ 1:7 2:8 }",
                  "2: @2 4 -9223372036854775808",  //
                  "5: 1:1 2:8 3:8 4:9", "4: 1:1 4:{ 1:1 2:3 }", "4: 1:2 4:{ 1:1 2:4 }",
                  "5: 1:2 2:8 3:8 4:10", "4: 1:3 4:{ 1:2 2:4 }",  //
                  "11: 1:11 2:2", "12: 1",                        //
                  "6: \"\"", "6: \"contentions\"", "6: \"count\"", "6: \"delay\"",
                  "6: \"nanoseconds\"", "6: \"host\"", "6: \"web\"", "6: \"service\"",
                  "6: \"main.f\"", "6: \"a.go\"", "6: \"b.go\"", "6: \"trace\""));
}

TEST(PprofTest, AnEmptyProfileHasItsTypes) {
  Profile profile = Sample();
  profile.frames.clear();
  profile.samples.clear();
  EXPECT_THAT(Show(profile), ElementsAre("1: 1:1 2:2", "1: 1:3 2:4", "11: 1:5 2:2", "12: 1",
                                         "6: \"\"", "6: \"contentions\"", "6: \"count\"",
                                         "6: \"delay\"", "6: \"nanoseconds\"", "6: \"trace\""));
}

TEST(PprofTest, BytesAreTheSameEachTime) {
  const std::string bytes = RenderPprof(Sample());
  EXPECT_EQ(RenderPprof(Sample()), bytes);
  // No time and no name in the header.
  EXPECT_EQ(bytes.substr(0, 9), std::string("\x1f\x8b\x08\0\0\0\0\0\0", 9));
}

TEST(PprofTest, TextsAreHarmless) {
  const Document document = SampleDocument({.with_profiles = true});
  ASSERT_EQ(document.profiles.size(), 1);
  EXPECT_EQ(document.profiles[0].samples.size(), 4);
  const std::string bytes = Gunzipped(RenderPprof(document.profiles[0]));
  EXPECT_EQ(bytes.find('\x1b'), std::string::npos);
  EXPECT_NE(bytes.find("main.\\x1b[31mred\\x0a"), std::string::npos);
}

TEST(PprofTest, LargeProfilesAreWhole) {
  std::mt19937_64 random(1);
  Profile profile = Sample();
  profile.samples.clear();
  for (std::uint32_t i = 0; i < 40'000; ++i) {
    profile.frames.push_back(
        {.function = std::to_string(random()), .file = std::to_string(random()), .line = i});
    profile.samples.push_back({.stack = {i}, .labels = {}, .values = {1, i}});
  }
  EXPECT_GT(RenderPprof(profile).size(), std::size_t{1} << 17) << "more than one buffer";
  std::size_t samples = 0;
  for (const std::string& line : Show(profile)) samples += line.starts_with("2:");
  EXPECT_EQ(samples, 40'000);
}

}  // namespace
}  // namespace gtengine
