#include "engine/io/spool_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "tests/io/temp_folder.h"

namespace gtengine::io {
namespace {

ByteView Bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string Text(const MappedFile& file) {
  return {file.view().bytes().begin(), file.view().bytes().end()};
}

TEST(SpoolFileTest, HoldsWhatIsAppended) {
  auto made = SpoolFile::Make("x");
  ASSERT_TRUE(made.ok());
  SpoolFile file = std::move(*made);
  EXPECT_EQ(Text(file.Map().value()), "");
  ASSERT_TRUE(file.Append(Bytes("hello ")).ok());
  ASSERT_TRUE(file.Append(Bytes("world")).ok());
  EXPECT_EQ(Text(file.Map().value()), "hello world");
  EXPECT_EQ(Text(file.Map(6, 3).value()), "wor");
  EXPECT_EQ(Text(file.Map(6, 300).value()), "world");
}

TEST(SpoolFileTest, MappingsOutliveIt) {
  MappedFile mapped;
  {
    auto file = SpoolFile::Make("x");
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->Append(Bytes("kept")).ok());
    mapped = file->Map().value();
  }
  EXPECT_EQ(Text(mapped), "kept");
}

TEST(SpoolFileTest, LeavesNoNameBehind) {
  const TempFolder folder;
  ::setenv("TMPDIR", folder.path().c_str(), 1);
  const auto file = SpoolFile::Make("x");
  ::unsetenv("TMPDIR");
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(SpoolFileTest, NamesTheFolderThatIsNotThere) {
  ::setenv("TMPDIR", "/no/such/folder", 1);
  const auto file = SpoolFile::Make("a.gz");
  ::unsetenv("TMPDIR");
  ASSERT_FALSE(file.ok());
  EXPECT_TRUE(file.error().ToString().starts_with(
      "a.gz: cannot make a temporary file /no/such/folder/gtengine-"))
      << file.error().ToString();
}

TEST(SpoolFileTest, CopiesAStream) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "stream", 6), 6);
  ::close(ends[1]);
  auto file = SpoolFile::Copy(ends[0], "-");
  ::close(ends[0]);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(Text(file->Map().value()), "stream");
}

TEST(SpoolFileTest, NamesTheStreamWhenItCannotBeRead) {
  const auto file = SpoolFile::Copy(-1, "-");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().ToString(), "-: cannot read: Bad file descriptor");
}

}  // namespace
}  // namespace gtengine::io
