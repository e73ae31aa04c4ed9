#include "tools/tracegen/mix_argument.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace gtengine::tracegen {
namespace {

using ::testing::HasSubstr;
using wire::Version;

std::string Complaint(std::string_view text, Version version = Version::k26) {
  const auto mix = ParseMix("--mix", text, version);
  return mix.ok() ? "" : mix.error().what;
}

TEST(MixArgument, ChangesWhatIsNamed) {
  const auto mix = ParseMix("--mix", "block=7,switch=0,park=1000000", Version::k26);
  ASSERT_TRUE(mix.ok());
  EXPECT_EQ(mix->block, 7u);
  EXPECT_EQ(mix->switching, 0u);
  EXPECT_EQ(mix->park, 1'000'000u);
  EXPECT_EQ(mix->task, Mix().task);
  EXPECT_TRUE(ParseMix("--mix", "", Version::k26).ok());
}

TEST(MixArgument, RefusesNonsense) {
  for (const char* text : {"block", "blok=3", "=3", ",", "block=3,,task=1"}) {
    EXPECT_THAT(Complaint(text), HasSubstr("is not NAME=WEIGHT; names are: block, unblock"))
        << text;
  }
  EXPECT_THAT(Complaint("block="), HasSubstr("--mix block: \"\" is not a number from 0"));
  EXPECT_THAT(Complaint("block=x"), HasSubstr("--mix block"));
  EXPECT_THAT(Complaint("task=1000001"), HasSubstr("--mix task"));
  EXPECT_THAT(Complaint("task=-1"), HasSubstr("--mix task"));
}

TEST(MixArgument, RefusesAMixInWhichNothingHappens) {
  constexpr std::string_view kNothing =
      "block=0,unblock=0,stop=0,create=0,syscall=0,steal=0,task=0,region=0,log=0,label=0,heap=0";
  EXPECT_EQ(Complaint(kNothing), "") << "coroutines are left";
  EXPECT_THAT(Complaint(kNothing, Version::k22), HasSubstr("nothing is left"));
  EXPECT_THAT(Complaint(std::string(kNothing) + ",switch=0"), HasSubstr("nothing is left"));
}

TEST(MixArgument, DescriptionNamesEachWeight) {
  const std::string text = DescribeMix();
  EXPECT_THAT(text, HasSubstr("  block    450  wait for something\n"));
  EXPECT_THAT(text, HasSubstr("  switch    10  coroutines"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 13);
}

}  // namespace
}  // namespace gtengine::tracegen
