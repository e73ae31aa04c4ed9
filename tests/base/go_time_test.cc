#include "engine/base/go_time.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <limits>
#include <optional>
#include <string>

namespace gtengine {
namespace {

// Sets the local zone while it lives. POSIX zones: the sign is that of "local time to UTC".
class LocalZone {
 public:
  explicit LocalZone(const char* zone) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
  ~LocalZone() {
    if (before_) {
      ::setenv("TZ", before_->c_str(), 1);
    } else {
      ::unsetenv("TZ");
    }
    ::tzset();
  }
  LocalZone(const LocalZone&) = delete;
  LocalZone& operator=(const LocalZone&) = delete;

 private:
  std::optional<std::string> before_;
};

std::string Text(std::int64_t seconds, std::int64_t nanoseconds = 0) {
  std::string out;
  AppendGoWallTime(seconds, nanoseconds, out);
  return out;
}

TEST(GoTime, InUtc) {
  const LocalZone zone("UTC0");
  EXPECT_EQ(Text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(Text(1700000000), "2023-11-14T22:13:20Z");
  EXPECT_EQ(Text(951782400), "2000-02-29T00:00:00Z");
  EXPECT_EQ(Text(951868800), "2000-03-01T00:00:00Z");
  EXPECT_EQ(Text(4107456000), "2100-02-28T00:00:00Z");
  EXPECT_EQ(Text(4107542400), "2100-03-01T00:00:00Z");
}

TEST(GoTime, ShowsTheDigitsOfTheFractionThatItNeeds) {
  const LocalZone zone("UTC0");
  EXPECT_EQ(Text(0, 1), "1970-01-01T00:00:00.000000001Z");
  EXPECT_EQ(Text(0, 120000000), "1970-01-01T00:00:00.12Z");
  EXPECT_EQ(Text(0, 999999999), "1970-01-01T00:00:00.999999999Z");
}

TEST(GoTime, CarriesNanosecondsOver) {
  const LocalZone zone("UTC0");
  EXPECT_EQ(Text(0, 1000000000), "1970-01-01T00:00:01Z");
  EXPECT_EQ(Text(1, 3999999999), "1970-01-01T00:00:04.999999999Z");
  EXPECT_EQ(Text(-1, -1), "1969-12-31T23:59:58.999999999Z");
  EXPECT_EQ(Text(10, -2000000000), "1970-01-01T00:00:08Z");
}

TEST(GoTime, InYearsOfAnyLengthAndSign) {
  const LocalZone zone("UTC0");
  EXPECT_EQ(Text(253402300799), "9999-12-31T23:59:59Z");
  EXPECT_EQ(Text(253402300800), "10000-01-01T00:00:00Z");
  EXPECT_EQ(Text(-62135596801), "0000-12-31T23:59:59Z");
  EXPECT_EQ(Text(-62167219201), "-0001-12-31T23:59:59Z");
}

// Years that the C library cannot tell; sums that wrap.
TEST(GoTime, AtTheEndsOf64Bits) {
  const LocalZone zone("UTC0");
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(Text(0x1000000000000000), "36534630048-05-13T13:56:16Z");
  EXPECT_EQ(Text(kMax, kMax), "-292277022365-05-08T08:17:07.854775807Z");
  EXPECT_EQ(Text(kMin, kMin), "292277026304-08-26T15:42:51.145224192Z");
}

TEST(GoTime, InOtherZones) {
  {
    const LocalZone zone("XXX-5:45");
    EXPECT_EQ(Text(1700000000, 120000000), "2023-11-15T03:58:20.12+05:45");
  }
  {
    const LocalZone zone("XXX3:30");
    EXPECT_EQ(Text(0), "1969-12-31T20:30:00-03:30");
    EXPECT_EQ(Text(951782400), "2000-02-28T20:30:00-03:30");
  }
}

}  // namespace
}  // namespace gtengine
