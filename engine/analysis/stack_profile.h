// Weights by whole stack: what pprof and flame graphs are made from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/int128.h"
#include "engine/columns/stack_table.h"

namespace gtengine {

struct StackProfile {
  struct Sample {
    StackRef stack = kNoStack;
    std::uint64_t count = 0;
    Uint128 time_ns = 0;  // 0 where only the count means something
  };

  std::string name;                     // "net", "sync", "syscall", ...
  const TraceTables* tables = nullptr;  // what the stacks are of
  std::vector<Sample> samples;          // each stack once, in no particular order
};

}  // namespace gtengine
