#include "engine/io/stored_trace.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/io/compressed_bytes.h"
#include "tests/io/temp_folder.h"

namespace gtengine::io {
namespace {

std::string Text(const MappedFile& file) {
  return {file.view().bytes().begin(), file.view().bytes().end()};
}

// Counts, and refuses what is above a bound.
class TestGate : public MemoryGate {
 public:
  explicit TestGate(std::uint64_t most) : most_(most) {}
  Status Take(std::uint64_t bytes) override {
    if (bytes > most_) return Error{.code = ErrorCode::kLimit, .what = "too much"};
    held_ += bytes;
    return {};
  }
  void GiveBack(std::uint64_t bytes) override { held_ -= bytes; }
  std::uint64_t held() const { return held_; }

 private:
  std::uint64_t most_;
  std::uint64_t held_ = 0;
};

TEST(StoredTraceTest, OpensPlainAndCompressedFiles) {
  const TempFolder folder;
  const std::string plain = folder.Write("plain", "content");
  const std::string gzip = folder.Write("gzip", Gzip("content"));
  const std::string zstd = folder.Write("zstd", Zstd("content", 27));
  EXPECT_EQ(Text(OpenTrace(plain, {}, {})->file), "content");
  EXPECT_EQ(Text(OpenTrace(gzip, {.compression = Compression::kGzip}, {})->file), "content");
  EXPECT_EQ(Text(OpenTrace(zstd, {.compression = Compression::kZstd}, {})->file), "content");
  EXPECT_EQ(Text(OpenTrace(plain, {.offset = 3, .size = 2}, {})->file), "te");
}

TEST(StoredTraceTest, MembersShareAnExpandedArchive) {
  const TempFolder folder;
  const auto file = StoredFile::Named(folder.Write("archive", Zstd("one" + Gzip("two"))));
  TracePlace place{.archive_or_null = std::make_shared<CompressedArchive>(file, Compression::kZstd),
                   .size = 3};
  EXPECT_EQ(Text(OpenTrace("a!/1", place, {})->file), "one");
  place.offset = 3;
  place.size = 1000;
  place.compression = Compression::kGzip;
  EXPECT_EQ(Text(OpenTrace("a!/2", place, {})->file), "two");
}

TEST(StoredTraceTest, DamageComesWithWhatIsWhole) {
  const TempFolder folder;
  std::string bytes = Gzip(std::string(100'000, 'x'));
  bytes.resize(bytes.size() - 4);
  const std::string path = folder.Write("cut.gz", bytes);
  const auto opened = OpenTrace(path, {.compression = Compression::kGzip}, {});
  ASSERT_TRUE(opened.ok());
  ASSERT_TRUE(opened->damage);
  EXPECT_EQ(opened->damage->code, ErrorCode::kTruncated);
  EXPECT_EQ(opened->file.size(), 100'000u);
}

TEST(StoredTraceTest, LimitsAreErrorsWithThePath) {
  const TempFolder folder;
  const std::string path = folder.Write("bomb.gz", Gzip(std::string(1000, 'x')));
  const auto opened =
      OpenTrace(path, {.compression = Compression::kGzip}, {.limits = {.max_bytes = 999}});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kLimit);
  EXPECT_EQ(opened.error().path, path);
  EXPECT_FALSE(
      OpenTrace(path, {.compression = Compression::kGzip}, {.is_cancelled = [] { return true; }})
          .ok());
}

TEST(StoredTraceTest, MemoryIsCounted) {
  const TempFolder folder;
  const std::string path = folder.Write("x.zst", Zstd("content", 27));
  TestGate enough(std::uint64_t{200} << 20);
  EXPECT_TRUE(
      OpenTrace(path, {.compression = Compression::kZstd}, {.memory_or_null = &enough}).ok());
  EXPECT_EQ(enough.held(), 0u);
  TestGate little(std::uint64_t{20} << 20);
  const auto refused =
      OpenTrace(path, {.compression = Compression::kZstd}, {.memory_or_null = &little});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().ToString(), path + ": too much");
  EXPECT_EQ(little.held(), 0u);
}

}  // namespace
}  // namespace gtengine::io
