// The text of each kind of event stands in tests/order/data, next to what makes it.
#include "engine/order/event_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/order/event_stream.h"
#include "tests/base/padded_bytes.h"
#include "tests/order/text_trace.h"

namespace gtengine::order {
namespace {

using ::testing::HasSubstr;

// The text of each event, or "error: " and why there is none.
std::vector<std::string> TextsOf(std::string_view text) {
  auto traces = testing::AssembleTextTraces(std::string(text) + "expect ok 0\n");
  EXPECT_TRUE(traces.ok()) << traces.error().what;
  const testing::PaddedBytes bytes(traces->front().bytes);
  StrictSource source(bytes.view(), wire::Version::k22);
  EventStream stream(bytes.view(), source);
  std::vector<std::string> texts;
  while (true) {
    const auto chunk = stream.Next();
    EXPECT_TRUE(chunk.ok());
    if (!chunk.ok() || chunk->events.empty()) return texts;
    for (const OrderedEvent& event : chunk->events) {
      std::string out = "before";
      const Status status = AppendEventText(event, *chunk, out);
      if (status.ok()) {
        EXPECT_TRUE(out.starts_with("before"));
        texts.push_back(out.substr(6));
      } else {
        EXPECT_EQ(out, "before") << "nothing is appended with an error";
        EXPECT_EQ(status.error().code, ErrorCode::kCorrupt);
        texts.push_back("error: " + status.error().ToString());
      }
    }
  }
}

TEST(EventText, ShowsStacksLeafFirst) {
  const auto texts = TextsOf(R"(version 22
generation 1
frequency 1000000000
batch m=1 time=10
  ProcStatus p=0 pstatus=running
  GoStatus g=4 gstatus=running
  GoCreate new_g=5 new_stack=(main.w@w.go:1#0x10) stack=(main.m@m.go:2#0x20 main.main@m.go:3#0x3f)
)");
  ASSERT_EQ(texts.size(), 5u);
  EXPECT_EQ(texts[3],
            "M=1 P=0 G=4 StateTransition Time=13 GoID=5 NotExist->Runnable Reason=\"\"\n"
            "TransitionStack=\n"
            "\tmain.w @ 0x10\n\t\tw.go:1\n"
            "\nStack=\n"
            "\tmain.m @ 0x20\n\t\tm.go:2\n"
            "\tmain.main @ 0x3f\n\t\tm.go:3\n"
            "\n");
}

TEST(EventText, ShowsAnEmptyStackOfSamplesAndNewGoroutinesOnly) {
  const auto texts = TextsOf(R"(version 22
generation 1
frequency 1000000000
batch m=1 time=10
  ProcStatus p=0 pstatus=running
  GoStatus g=4 gstatus=running
  GoCreate new_g=5
  GoBlock
samples
  CPUSample time=50 m=1 p=0 g=4
)");
  ASSERT_EQ(texts.size(), 7u);
  EXPECT_THAT(texts[3], ::testing::EndsWith("Reason=\"\"\nTransitionStack=\n\n"));
  EXPECT_THAT(texts[4], ::testing::EndsWith("Running->Waiting Reason=\"\"\n"));
  EXPECT_EQ(texts[5], "M=1 P=0 G=4 StackSample Time=50\nStack=\n\n");
}

// An unknown id is an error of its event; the text goes on behind it.
TEST(EventText, FailsOnIdsThatMeanNothing) {
  const auto texts = TextsOf(R"(version 22
generation 1
frequency 1000000000
batch m=1 time=10
  ProcStatus p=0 pstatus=running
  GoStatus g=4 gstatus=running
  STWBegin kind_string="a"
generation 2
frequency 1000000000
batch m=1 time=20
  STWEnd
  GoBlock
samples
  CPUSample time=50 m=7 p=0 g=4 stack=3
)");
  ASSERT_EQ(texts.size(), 9u);
  EXPECT_EQ(texts[5],
            "error: generation 2, M 1: STWEnd refers to string 1, which its generation "
            "does not have");
  EXPECT_THAT(texts[6], HasSubstr("Running->Waiting"));
  EXPECT_EQ(texts[7],
            "error: generation 2, M 7: CPUSample refers to stack 3, which its generation "
            "does not have");
}

}  // namespace
}  // namespace gtengine::order
