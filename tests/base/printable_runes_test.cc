#include <gtest/gtest.h>

#include "engine/base/go_quote.h"

namespace gtengine {
namespace {

TEST(PrintableRunes, InLatin1) {
  for (char32_t rune = 0; rune < 0x100; ++rune) {
    const bool is_control = rune < 0x20 || (rune >= 0x7F && rune <= 0xA0);
    EXPECT_EQ(IsPrintableRune(rune), !is_control && rune != 0xAD) << static_cast<int>(rune);
  }
}

// Both sides of an edge, in each plane that has printable runes.
TEST(PrintableRunes, AtEdges) {
  for (const char32_t rune :
       {0x377, 0x37A, 0x606, 0x3001, 0xD7FB, 0xFFFC, 0xFFFD, 0x10000, 0x1000B, 0x1000D, 0x1F600,
        0x1FAE8, 0x20000, 0x2A6DF, 0x30000, 0xE0100, 0xE01EF}) {
    EXPECT_TRUE(IsPrintableRune(rune)) << std::hex << static_cast<int>(rune);
  }
  for (const char32_t rune :
       {0x378, 0x600, 0x605, 0x61C, 0x200B, 0x2028, 0x3000, 0xD800, 0xDFFF, 0xE000, 0xFEFF, 0xFFFE,
        0xFFFF, 0x1000C, 0x2A6E0, 0xE0001, 0xE01F0, 0xF0000}) {
    EXPECT_FALSE(IsPrintableRune(rune)) << std::hex << static_cast<int>(rune);
  }
}

// Assigned in Unicode 16 and 17: printable since Go 1.27.
TEST(PrintableRunes, OfUnicode17) {
  for (const char32_t rune : {0x88F, 0xC5C, 0x1ACF, 0x20C1, 0xA7CE, 0x323B0, 0x33479}) {
    EXPECT_TRUE(IsPrintableRune(rune)) << std::hex << static_cast<int>(rune);
  }
}

TEST(PrintableRunes, EndWithUnicode) {
  EXPECT_FALSE(IsPrintableRune(0x10FFFF));
  EXPECT_FALSE(IsPrintableRune(0x110000));
  EXPECT_FALSE(IsPrintableRune(0xFFFFFFFF));
}

}  // namespace
}  // namespace gtengine
