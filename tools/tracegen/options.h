// The generator's command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "tools/tracegen/settings.h"

namespace gtengine::tracegen {

// As typed; what is empty was not given.
struct Options {
  std::string format = "26";
  std::string seed = "1";
  std::string ms = "64";
  std::string goroutines = "100000";
  std::string size;
  std::string generations;
  std::string generation_size;
  std::string batch_size = "64K";
  std::string mix;
  std::string gc = "4";
  std::string samples = "500";
  std::string strings = "1500";
  std::string stacks = "400";
  std::string stack_depth = "16";
  std::string run_length = "3";
  std::string frequency = "15625000";
  std::string rate = "100000";
  std::string clock_step = "0";
  std::string disorder = "0";
  std::string disorder_reach = "0";
  std::string output;
  bool is_quiet = false;
};

// Reads the arguments. Gives the exit status when there is nothing left to do: help was asked for
// and printed, or the usage was wrong, which is said in one line.
std::optional<int> ReadOptions(std::vector<std::string> arguments, Options& options);

// Errors (kUsage) name the option.
Result<Settings> ParseOptions(const Options& options);

}  // namespace gtengine::tracegen
