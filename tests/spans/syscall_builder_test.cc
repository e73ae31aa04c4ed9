#include "engine/spans/syscall_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/spans/column_recorder.h"

namespace gtengine::spans {
namespace {

using gtengine::testing::kStart;
using gtengine::testing::RecordSets;
using ::testing::ElementsAre;

constexpr SetRequest kSyscalls{.syscalls = true, .syscall_stacks = true};

TEST(SyscallBuilderTest, AShortCallKeepsItsP) {
  EXPECT_THAT(
      RecordSets(kStart + R"(  GoSyscallBegin dt=8 p_seq=1 stack=(main.read@m.go:1 main.main@m.go:2)
  GoSyscallEnd dt=10
expect ok 0
)",
                 kSyscalls),
      ElementsAre("syscall g=1 p=0 m=1 110..120 had p until 120 stack=main.read flags=0"));
}

TEST(SyscallBuilderTest, ABlockedCallLosesItsP) {
  EXPECT_THAT(RecordSets(kStart + R"(  GoSyscallBegin dt=8 p_seq=1
  GoSyscallEndBlocked dt=20
batch m=2 time=114
  ProcSteal p=0 p_seq=2 m=1
  ProcStart p=0 p_seq=3
expect ok 0
)",
                         kSyscalls),
              ElementsAre("syscall g=1 p=0 m=1 110..130 had p until 115 stack=- flags=0"));
}

TEST(SyscallBuilderTest, CallsThatAreCut) {
  EXPECT_THAT(RecordSets(kStart + R"(batch m=2 time=104
  ProcStatus p=1 pstatus=syscall
  GoStatus g=2 m=2 gstatus=syscall
  GoSyscallEnd dt=5
batch m=1 time=200
  GoSyscallBegin p_seq=1 stack=(main.read@m.go:1)
  ProcStop
expect ok 0
)",
                         kSyscalls),
              ElementsAre("syscall g=2 p=1 m=2 106..111 had p until 111 stack=- flags=1",
                          "syscall g=1 p=0 m=1 201..203 had p until 202 stack=main.read flags=2"));
}

TEST(SyscallBuilderTest, ACallWithoutAPBlocksFromItsStart) {
  EXPECT_THAT(RecordSets(kStart + R"(batch m=-1 time=104
  GoStatus g=2 m=2 gstatus=syscall
batch m=2 time=110
  GoSyscallEndBlocked
batch m=3 time=120
  GoCreateSyscall new_g=3
  GoDestroySyscall
expect ok 0
)",
                         kSyscalls),
              ElementsAre("syscall g=2 p=-1 m=2 105..111 had p until 105 stack=- flags=5",
                          "syscall g=3 p=-1 m=3 121..122 had p until 121 stack=- flags=4"));
}

// Both goroutines lose P 0 to another thread. When the first comes back, Go's summarizer forgets
// that the second is on that P.
TEST(SyscallBuilderTest, ALossThatGoDoesNotSeeIsFlagged) {
  EXPECT_THAT(RecordSets(kStart + R"(  GoCreate new_g=2 new_stack=(main.a@m.go:1)
  GoSyscallBegin p_seq=1
batch m=2 time=110
  ProcSteal p=0 p_seq=2 m=1
  ProcStart p=0 p_seq=3
  GoStart g=2 g_seq=1
  GoSyscallBegin p_seq=4
batch m=1 time=120
  GoSyscallEndBlocked
batch m=3 time=130
  ProcSteal p=0 p_seq=5 m=2
batch m=2 time=140
  GoSyscallEndBlocked
expect ok 0
)",
                         kSyscalls),
              ElementsAre("syscall g=1 p=0 m=1 104..121 had p until 111 stack=- flags=0",
                          "syscall g=2 p=0 m=2 114..141 had p until 131 stack=- flags=4"));
}

}  // namespace
}  // namespace gtengine::spans
