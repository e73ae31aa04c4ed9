#include "engine/base/byte_view.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace gtengine {
namespace {

TEST(PaddedViewTest, EmptyByDefault) {
  const PaddedView view;
  EXPECT_TRUE(view.empty());
  EXPECT_EQ(view.size(), 0u);
  EXPECT_TRUE(view.bytes().empty());
}

TEST(PaddedViewTest, PartsBorrowTheSameBytes) {
  std::vector<std::uint8_t> owner(4 + kReadableTailBytes);
  for (std::uint8_t i = 0; i < 4; ++i) owner[i] = static_cast<std::uint8_t>(10 + i);
  const PaddedView view = PaddedView::Promise(owner.data(), 4);
  const PaddedView part = view.Sub(1, 2);
  EXPECT_EQ(part.size(), 2u);
  EXPECT_EQ(part[0], 11);
  EXPECT_EQ(part[1], 12);
  EXPECT_EQ(part.data(), owner.data() + 1);
  EXPECT_TRUE(view.Sub(4, 0).empty());
}

}  // namespace
}  // namespace gtengine
