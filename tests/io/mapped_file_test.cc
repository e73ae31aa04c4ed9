#include "engine/io/mapped_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <numeric>
#include <string>
#include <utility>

#include "tests/io/temp_folder.h"

namespace gtengine::io {
namespace {

std::string Bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::iota(bytes.begin(), bytes.end(), '\1');
  return bytes;
}

TEST(MappedFileTest, MapsFilesOfAnySizeWithAReadableTail) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const TempFolder folder;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, page - 1, page, page + 1, 3 * page}) {
    SCOPED_TRACE(size);
    const std::string content = Bytes(size);
    auto file = MappedFile::Open(folder.Write("file", content));
    ASSERT_TRUE(file.ok());
    const PaddedView view = file->view();
    ASSERT_EQ(view.size(), size);
    EXPECT_TRUE(std::equal(content.begin(), content.end(), view.data(), [](char a, std::uint8_t b) {
      return static_cast<std::uint8_t>(a) == b;
    }));
    // Behind a page boundary nothing of the file is left: the tail must be mapped all the same.
    volatile std::uint8_t tail = 0;
    for (std::size_t i = 0; i < kReadableTailBytes; ++i) tail = view.data()[size + i];
    EXPECT_EQ(tail, 0);
  }
}

TEST(MappedFileTest, BytesAreStillThereAfterRelease) {
  const TempFolder folder;
  const std::string content = Bytes(100'000);
  auto file = MappedFile::Open(folder.Write("file", content));
  ASSERT_TRUE(file.ok());
  file->Release(70'000);
  file->Release(100'000);
  EXPECT_EQ(file->view()[5], static_cast<std::uint8_t>(content[5]));
  EXPECT_EQ(file->view()[99'999], static_cast<std::uint8_t>(content[99'999]));
}

TEST(MappedFileTest, CanBeMoved) {
  const TempFolder folder;
  auto opened = MappedFile::Open(folder.Write("file", "abc"));
  ASSERT_TRUE(opened.ok());
  MappedFile file = std::move(opened).value();
  MappedFile other;
  other = std::move(file);
  EXPECT_EQ(other.view()[2], 'c');
}

TEST(MappedFileTest, ErrorsNameThePathAndTheReason) {
  const TempFolder folder;
  const auto missing = MappedFile::Open(folder.path() + "/none");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kIo);
  EXPECT_EQ(missing.error().path, folder.path() + "/none");
  EXPECT_EQ(missing.error().what, "cannot open: No such file or directory");
  const auto no_file = MappedFile::Open(folder.path());
  ASSERT_FALSE(no_file.ok());
  EXPECT_EQ(no_file.error().what, "not a regular file");
}

TEST(MappedFileTest, SpoolsAStream) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "stream", 6), 6);
  ::close(ends[1]);
  auto file = MappedFile::Spool(ends[0], "-");
  ::close(ends[0]);
  ASSERT_TRUE(file.ok());
  ASSERT_EQ(file->size(), 6u);
  EXPECT_EQ(file->view()[0], 's');
}

TEST(MappedFileTest, SpoolNamesTheStreamWhenItCannotBeRead) {
  const auto file = MappedFile::Spool(-1, "-");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().ToString(), "-: cannot read: Bad file descriptor");
}

}  // namespace
}  // namespace gtengine::io
