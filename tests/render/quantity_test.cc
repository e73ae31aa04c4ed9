#include "engine/render/quantity.h"

#include <gtest/gtest.h>

namespace gtengine {
namespace {

TEST(QuantityTest, Times) {
  const std::pair<std::int64_t, const char*> cases[] = {
      {0, "0 ns"},
      {999, "999 ns"},
      {1000, "1.00 us"},
      {1234, "1.23 us"},
      {1235, "1.24 us"},
      {9'994, "9.99 us"},
      {9'995, "10.0 us"},
      {12'345, "12.3 us"},
      {99'950, "100 us"},
      {999'499, "999 us"},
      {999'500, "1.00 ms"},
      {18'979'200, "19.0 ms"},
      {3'043'220'037, "3.04 s"},
      {999'000'000'000, "999 s"},
      {1'000'000'000'000, "16.7 min"},
      {9'000'000'000'000, "2.50 h"},
      {172'800'000'000'000, "2.00 d"},
      {9'223'372'036'854'775'807, "106,752 d"},
      {-1234, "-1.23 us"},
  };
  for (const auto& [ns, text] : cases) EXPECT_EQ(FormatQuantity(ns, Unit::kNs), text);
}

TEST(QuantityTest, Bytes) {
  EXPECT_EQ(FormatQuantity(999, Unit::kBytes), "999 B");
  EXPECT_EQ(FormatQuantity(1023, Unit::kBytes), "1.00 KiB");
  EXPECT_EQ(FormatQuantity(1536, Unit::kBytes), "1.50 KiB");
  EXPECT_EQ(FormatQuantity(Int128{5} << 30, Unit::kBytes), "5.00 GiB");
}

TEST(QuantityTest, PlainNumbers) {
  EXPECT_EQ(FormatQuantity(0, Unit::kCount), "0");
  EXPECT_EQ(FormatQuantity(999, Unit::kCount), "999");
  EXPECT_EQ(FormatQuantity(1'234'567, Unit::kCount), "1,234,567");
  EXPECT_EQ(FormatQuantity(1'234'567, Unit::kId), "1234567");
  EXPECT_EQ(FormatQuantity(-1, Unit::kId), "-1");
  EXPECT_EQ(FormatQuantity(12, Unit::kPermille), "1.2 %");
  EXPECT_EQ(FormatQuantity(12'345, Unit::kPermille), "1,234.5 %");
}

TEST(QuantityTest, Beyond64Bits) {
  const Int128 greatest = static_cast<Int128>(~Uint128{0} >> 1);
  EXPECT_EQ(FormatQuantity(greatest, Unit::kId), "170141183460469231731687303715884105727");
  EXPECT_EQ(FormatQuantity(-greatest - 1, Unit::kId), "-170141183460469231731687303715884105728");
  EXPECT_EQ(FormatQuantity(Int128{1} << 64, Unit::kNs), "213,504 d");
}

}  // namespace
}  // namespace gtengine
