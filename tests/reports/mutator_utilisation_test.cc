#include "engine/reports/mutator_utilisation.h"

#include <gtest/gtest.h>

#include <memory>

namespace gtengine {
namespace {

constexpr TimeNs kMs = 1'000'000;

void Add(MutatorUtilisation& utilisation, std::int64_t p, GcWorkKind kind, TimeNs start_ns,
         TimeNs end_ns) {
  const auto work = std::make_unique<GcWork>();
  work->rows = 1;
  work->p[0] = ProcId{p};
  work->kind[0] = kind;
  work->start_ns[0] = start_ns;
  work->end_ns[0] = end_ns;
  utilisation.AddWork(*work);
}

// The loss of a window, in thousandths; windows are numbered: 0 is 1 ms, 3 is 10 ms.
std::uint64_t Permille(const MutatorUtilisation::Losses& losses, Utilisation which,
                       std::size_t window) {
  return losses[static_cast<std::size_t>(which)][window] / 1'000'000;
}

TEST(MutatorUtilisationTest, EachColumnTakesMoreOff) {
  MutatorUtilisation utilisation;
  utilisation.AddProcs(0, 4);
  utilisation.AddStop(10 * kMs, 11 * kMs);
  Add(utilisation, 0, GcWorkKind::kMarkAssist, 11 * kMs, 13 * kMs);
  Add(utilisation, 0, GcWorkKind::kSweep, 12 * kMs, 14 * kMs);  // half of it inside the assist
  Add(utilisation, 1, GcWorkKind::kDedicatedMark, 11 * kMs, 15 * kMs);
  Add(utilisation, 2, GcWorkKind::kMark, 14 * kMs, 15 * kMs);
  Add(utilisation, 9, GcWorkKind::kMark, 14 * kMs, 15 * kMs);  // a P that GOMAXPROCS excludes
  const auto losses = utilisation.Finish(100 * kMs);
  EXPECT_EQ(Permille(losses, Utilisation::kStops, 0), 1000u);
  EXPECT_EQ(Permille(losses, Utilisation::kStops, 3), 100u);
  EXPECT_EQ(Permille(losses, Utilisation::kAssists, 3), 150u);
  EXPECT_EQ(Permille(losses, Utilisation::kMarking, 3), 275u);
  EXPECT_EQ(Permille(losses, Utilisation::kAll, 3), 300u);
  EXPECT_EQ(Permille(losses, Utilisation::kEachP, 3), 400u);  // of P 0
  EXPECT_EQ(Permille(losses, Utilisation::kStops, 9), 10u);   // the whole trace
}

TEST(MutatorUtilisationTest, FewerPsLoseMore) {
  MutatorUtilisation utilisation;
  utilisation.AddProcs(0, 4);
  Add(utilisation, 1, GcWorkKind::kMark, 0, 20 * kMs);
  utilisation.AddProcs(10 * kMs, 2);
  utilisation.AddProcs(15 * kMs, 1);
  const auto losses = utilisation.Finish(20 * kMs);
  EXPECT_EQ(Permille(losses, Utilisation::kMarking, 0), 500u);
  EXPECT_EQ(Permille(losses, Utilisation::kMarking, 3), 375u);
}

TEST(MutatorUtilisationTest, NothingIsLostBeforeGoMaxProcsIsTold) {
  MutatorUtilisation untold;
  untold.AddStop(10, 20);
  for (const auto& column : untold.Finish(100)) EXPECT_EQ(column.front(), 0u);
  MutatorUtilisation late;
  late.AddStop(10, 20);
  late.AddProcs(15, 1);
  EXPECT_EQ(Permille(late.Finish(25), Utilisation::kStops, 0), 500u);
}

}  // namespace
}  // namespace gtengine
