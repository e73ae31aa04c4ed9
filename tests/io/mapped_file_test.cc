#include "engine/io/mapped_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
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

TEST(MappedFileTest, MapsAPart) {
  const TempFolder folder;
  const std::string content = Bytes(100'000);
  const std::string path = folder.Write("file", content);
  for (const std::size_t offset : {0, 1, 512, 4096, 5000, 99'999, 100'000, 200'000}) {
    SCOPED_TRACE(offset);
    const auto file = MappedFile::Open(path, offset, 6000);
    ASSERT_TRUE(file.ok());
    const std::string expected = content.substr(std::min(offset, content.size()), 6000);
    ASSERT_EQ(file->size(), expected.size());
    file->Release(file->size() / 2);
    file->Release(file->size());
    EXPECT_EQ(std::string(file->view().bytes().begin(), file->view().bytes().end()), expected);
    volatile std::uint8_t tail = 0;
    for (std::size_t i = 0; i < kReadableTailBytes; ++i)
      tail = file->view().data()[file->size() + i];
    static_cast<void>(tail);
  }
}

}  // namespace
}  // namespace gtengine::io
