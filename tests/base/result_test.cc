#include "engine/base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace gtengine {
namespace {

Error Broken() {
  Error error;
  error.what = "broken";
  return error;
}

TEST(ResultTest, Value) {
  Result<std::string> result = std::string("four");
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(*result, "four");
  EXPECT_EQ(result->size(), 4u);
  result.value() += "teen";
  EXPECT_EQ(result.value(), "fourteen");
}

TEST(ResultTest, HoldsWhatOnlyMoves) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
  const std::unique_ptr<int> value = std::move(result).value();
  EXPECT_EQ(*value, 3);
}

TEST(ResultTest, ErrorIsNotAValue) {
  Result<int> result = Broken();
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.error().what, "broken");
  const Error error = std::move(result).error();
  EXPECT_EQ(error.what, "broken");
}

TEST(ResultDeathTest, AskingForWhatIsNotThereAborts) {
  const Result<int> failed = Broken();
  EXPECT_DEATH((void)failed.value(), "result.h:[0-9]+: internal error: ok\\(\\)");
  const Result<int> fine = 1;
  EXPECT_DEATH((void)fine.error(), "internal error: !ok\\(\\)");
  const Status status;
  EXPECT_DEATH((void)status.error(), "internal error: !ok\\(\\)");
}

TEST(StatusTest, SuccessAndFailure) {
  EXPECT_TRUE(Status().ok());
  const Status failed = Broken();
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().what, "broken");
}

}  // namespace
}  // namespace gtengine
