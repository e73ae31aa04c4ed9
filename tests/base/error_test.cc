#include "engine/base/error.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace gtengine {
namespace {

Error Make(std::string what) {
  Error error;
  error.what = std::move(what);
  return error;
}

TEST(ErrorTest, BareMessage) { EXPECT_EQ(Make("bad magic").ToString(), "bad magic"); }

TEST(ErrorTest, EveryPart) {
  Error error = Make("unknown type");
  error.path = "corpus/a.trace";
  error.byte_offset = 123;
  error.generation = 4;
  error.m = 5;
  EXPECT_EQ(error.ToString(), "corpus/a.trace: byte 123, generation 4, M 5: unknown type");
}

TEST(ErrorTest, AbsentPartsAreLeftOut) {
  Error error = Make("cannot open");
  error.path = "a.trace";
  EXPECT_EQ(error.ToString(), "a.trace: cannot open");

  error = Make("no frontier");
  error.generation = 7;
  error.m = -1;
  EXPECT_EQ(error.ToString(), "generation 7, M -1: no frontier");
}

TEST(ErrorTest, OffsetZeroIsAPlace) {
  Error error = Make("empty");
  error.byte_offset = 0;
  EXPECT_EQ(error.ToString(), "byte 0: empty");
}

TEST(ErrorTest, BracesInMessagesStay) { EXPECT_EQ(Make("found {}").ToString(), "found {}"); }

}  // namespace
}  // namespace gtengine
