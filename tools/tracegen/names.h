// The texts of a simulated program.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gtengine::tracegen {

// Texts that events name, by their place in the list of all texts.
enum class Text : std::uint32_t {
  // Why goroutines wait.
  kChanReceive,
  kNetwork,
  kSelect,
  kSync,
  kCond,
  kSleep,
  // Why they stop.
  kPreempted,
  kGosched,
  // What the world is stopped for.
  kSweepTermination,
  kMarkTermination,
  // Labels.
  kGcDedicated,
  kGcFractional,
  kGcIdle,
  kCount,
};

inline constexpr std::uint32_t kWaitReasons = 6;  // from kChanReceive on

inline constexpr std::uint32_t kTaskNames = 8;
inline constexpr std::uint32_t kRegionNames = 12;
inline constexpr std::uint32_t kLogKeys = 4;
// The fewest texts that a program has: those above, a value for its logs, and the function and the
// file of its stacks' frames, however few.
std::uint32_t LeastTexts(std::uint32_t functions);

// All texts of a program; each kind stands together.
struct Names {
  std::vector<std::string> texts;
  std::uint32_t tasks = 0;       // where the names of tasks begin
  std::uint32_t regions = 0;     // ... of regions
  std::uint32_t log_keys = 0;    // ... the keys of logs
  std::uint32_t functions = 0;   // ... the names of functions
  std::uint32_t files = 0;       // ... the files they are in, one for kFunctionsOfFile functions
  std::uint32_t log_values = 0;  // ... what is logged: all the rest
};

inline constexpr std::uint32_t kFunctionsOfFile = 4;

// `count` texts, `functions` of them names of functions. At least LeastTexts.
Names MakeNames(std::uint32_t count, std::uint32_t functions);

}  // namespace gtengine::tracegen
