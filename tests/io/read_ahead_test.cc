#include "engine/io/read_ahead.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "tests/io/temp_folder.h"

namespace gtengine::io {
namespace {

constexpr std::size_t kPages = 512;

std::size_t PageBytes() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

// How many pages of the mapped file are in memory.
std::size_t ResidentPages(const MappedFile& file) {
  std::vector<unsigned char> pages(kPages);
  auto* data = const_cast<std::uint8_t*>(file.view().data());
  EXPECT_EQ(::mincore(data, file.size(), pages.data()), 0);
  std::size_t resident = 0;
  for (const unsigned char page : pages) resident += page & 1;
  return resident;
}

TEST(ReadAheadTest, BringsPagesThatNobodyHasTouched) {
  const TempFolder folder;
  const std::string path = folder.Write("t", std::string(kPages * PageBytes(), 'x'));
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ::fsync(descriptor);
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
  ::close(descriptor);
  const auto file = MappedFile::Open(path);
  ASSERT_TRUE(file.ok());
  if (ResidentPages(*file) > 0) GTEST_SKIP() << "this file system keeps files in memory";
  ReadAhead(*file, 0, std::numeric_limits<std::uint64_t>::max());
  std::size_t resident = 0;
  for (int i = 0; i < 1000 && resident < kPages; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    resident = ResidentPages(*file);
  }
  EXPECT_EQ(resident, kPages);
}

TEST(ReadAheadTest, TakesAnyRange) {
  const TempFolder folder;
  const std::string content(2 * PageBytes() + 10, 'x');
  const auto file = MappedFile::Open(folder.Write("t", content));
  ASSERT_TRUE(file.ok());
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint64_t begin : {std::uint64_t{0}, std::uint64_t{content.size() - 1},
                                    std::uint64_t{content.size()}, kMost}) {
    for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{1}, kMost}) {
      ReadAhead(*file, begin, bytes);
    }
  }
  const ByteView bytes = file->view().bytes();
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), content);
}

}  // namespace
}  // namespace gtengine::io
