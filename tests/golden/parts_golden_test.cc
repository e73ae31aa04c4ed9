// The parts of a trace, each ordered and made into spans on its own, are together what the trace is
// as a whole.
#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "engine/io/mapped_file.h"
#include "engine/order/boundary_state.h"
#include "engine/wire/header.h"
#include "tests/golden/shipped_trace_test.h"
#include "tests/spans/trace_parts.h"

namespace gtengine {
namespace {

class PartsGoldenTest : public ShippedTraceTest {
 protected:
  void SetUp() override {
    auto opened = io::MappedFile::Open(GetParam().trace_path);
    ASSERT_TRUE(opened.ok());
    file_ = std::move(*opened);
    const auto version = wire::ReadHeader(file_.view().bytes());
    if (wire::IsLegacy(*version)) GTEST_SKIP() << "one generation";
    version_ = *version;
    generations_ = testing::GenerationOffsets(file_.view(), version_).size();
    if (generations_ < 3) GTEST_SKIP() << "too few generations";
  }

  void Check(const std::vector<std::size_t>& firsts) {
    const testing::PartRuns whole = testing::RunParts(file_.view(), version_, {0});
    const testing::PartRuns parts = testing::RunParts(file_.view(), version_, firsts);
    std::vector<testing::Told> told = parts[0]->told;
    std::optional<order::BoundaryState> truth = parts[0]->stream.Boundary();
    for (std::size_t i = 1; i < parts.size(); ++i) {
      truth = Continue(*truth, parts[i]->stream.EndPart());
      ASSERT_TRUE(truth) << "part " << i;
      told.insert(told.end(), parts[i]->told.begin(), parts[i]->told.end());
    }
    ASSERT_EQ(told.size(), whole[0]->told.size());
    EXPECT_TRUE(told == whole[0]->told);
    const std::vector<spans::Part> joinable = testing::Joinable(parts);
    for (std::size_t count = 1; count <= parts.size(); ++count) {
      EXPECT_TRUE(spans::GoTogether(std::span(joinable).first(count)));
    }
    EXPECT_TRUE(testing::Join(parts) == testing::Join(whole));
  }

  io::MappedFile file_;
  wire::Version version_ = wire::Version::k26;
  std::size_t generations_ = 0;
};

TEST_P(PartsGoldenTest, TwoPartsAreTheWhole) {
  for (std::size_t cut = 1; cut < generations_; ++cut) {
    SCOPED_TRACE(cut);
    Check({0, cut});
  }
}

TEST_P(PartsGoldenTest, AnyPartsAreTheWhole) {
  std::vector<std::size_t> firsts;
  for (std::size_t i = 0; i < generations_; ++i) firsts.push_back(i);
  Check(firsts);
}

GTENGINE_TEST_SHIPPED_TRACES(PartsGoldenTest);

}  // namespace
}  // namespace gtengine
