#include "engine/spans/generation_refs.h"

#include <gtest/gtest.h>

#include "tests/wire/trace_builder.h"

namespace gtengine::spans {
namespace {

using wire::testing::Bytes;
using wire::testing::TraceBuilder;

// A generation with a function's name and a stack under ids of choice.
struct Loaded {
  explicit Loaded(const char* function, std::uint64_t string = 3, std::uint64_t stack = 9)
      : trace(wire::Version::k26) {
    trace.Batch(1, 1,
                Bytes().Type(wire::EventType::kStrings).String(string, function).String(4, "f.go"));
    trace.Batch(1, 1, Bytes().Type(wire::EventType::kStacks).Stack(stack, {{0x10, string, 4, 5}}));
    trace.Sync(1).EndOfGeneration();
    wire::Generation generation;
    wire::GenerationReader reader(trace.padded(), wire::Version::k26);
    EXPECT_TRUE(reader.Next(generation).value());
    EXPECT_TRUE(tables.Load(trace.padded(), generation, wire::Version::k26).ok());
  }

  TraceBuilder trace;
  wire::GenerationTables tables;
};

TEST(GenerationRefsTest, TheSameContentHasTheSameRefsInEveryGeneration) {
  TraceTables trace_tables;
  GenerationRefs refs(trace_tables);
  Loaded first("main.main");
  refs.BeginGeneration(first.tables);
  const StackRef stack = refs.Stack(9);
  const StringRef string = refs.String(3);
  EXPECT_NE(stack, kNoStack);
  EXPECT_EQ(refs.Stack(9), stack);
  EXPECT_EQ(trace_tables.strings.Get(string), "main.main");
  EXPECT_EQ(refs.RootFunction(stack), string);

  Loaded same("main.main");
  refs.BeginGeneration(same.tables);
  EXPECT_EQ(refs.Stack(9), stack);
  EXPECT_EQ(refs.String(3), string);

  Loaded other("main.other");
  refs.BeginGeneration(other.tables);
  EXPECT_NE(refs.Stack(9), stack);
  EXPECT_NE(refs.String(3), string);
}

TEST(GenerationRefsTest, ScatteredIdsAreFound) {
  constexpr std::uint64_t kFar = std::uint64_t{1} << 60;
  TraceTables trace_tables;
  GenerationRefs refs(trace_tables);
  Loaded near("main.main");
  refs.BeginGeneration(near.tables);
  const StackRef stack = refs.Stack(9);
  const StringRef string = refs.String(3);
  Loaded far("main.main", kFar, kFar + 1);
  refs.BeginGeneration(far.tables);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(refs.Stack(kFar + 1), stack);
    EXPECT_EQ(refs.String(kFar), string);
  }
  EXPECT_EQ(refs.Stack(9), kNoStack);
}

TEST(GenerationRefsTest, NoneAndUnknownIdsAreNothing) {
  TraceTables trace_tables;
  GenerationRefs refs(trace_tables);
  Loaded loaded("f");
  refs.BeginGeneration(loaded.tables);
  for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{77}, ~std::uint64_t{0}}) {
    EXPECT_EQ(refs.Stack(id), kNoStack);
    EXPECT_EQ(refs.String(id), kEmptyString);
  }
  EXPECT_EQ(refs.RootFunction(kNoStack), kEmptyString);
}

}  // namespace
}  // namespace gtengine::spans
