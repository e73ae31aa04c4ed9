#include "engine/run/duplicates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/io/temp_folder.h"

namespace gtengine::run {
namespace {

using testing::ElementsAre;

TEST(DuplicatesTest, TheFirstPathOfEqualContentIsKept) {
  const TempFolder folder;
  const std::string a = folder.Write("a", "same");
  const std::string b = folder.Write("b", "else");
  const std::string c = folder.Write("c", "same");
  const std::string d = folder.Write("d", "longer");
  const DistinctTraces distinct = FindDistinct({{a, 4}, {b, 4}, {c, 4}, {d, 6}}, false, {});
  ASSERT_EQ(distinct.traces.size(), 3u);
  EXPECT_EQ(distinct.traces[0].path, a);
  EXPECT_EQ(distinct.traces[1].path, b);
  EXPECT_EQ(distinct.traces[2].path, d);
  EXPECT_THAT(distinct.duplicates, ElementsAre(Duplicate{.path = c, .same_as = a}));
  // Nobody had to read the only file of its size.
  EXPECT_EQ(distinct.traces[2].content, io::ContentHash());
  EXPECT_NE(FindDistinct({{d, 6}}, true, {}).traces[0].content, io::ContentHash());
}

TEST(DuplicatesTest, AFileThatCannotBeReadIsNamed) {
  const TempFolder folder;
  const std::string gone = folder.path() + "/gone";
  const DistinctTraces distinct = FindDistinct({{gone, 4}}, true, {});
  EXPECT_THAT(distinct.unread,
              ElementsAre(Unread{.path = gone, .what = "cannot open: No such file or directory"}));
  EXPECT_TRUE(distinct.traces.empty());
}

}  // namespace
}  // namespace gtengine::run
