// A command line, read by CLI11.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace gtengine::cli {

// Reads the arguments into the variables that `app` was given. Gives the exit status when there is
// nothing left to do: help was asked for and printed, or the usage was wrong, which is said in one
// line.
std::optional<int> ReadArguments(CLI::App& app, std::vector<std::string> arguments);

// Says that the usage was wrong, and gives the exit status.
int RefuseUsage(std::string_view what, std::string_view command);
inline int RefuseUsage(const Error& error, std::string_view command) {
  return RefuseUsage(error.what, command);
}

// Writes text for people to standard output and gives the exit status.
int Print(std::string_view text);

}  // namespace gtengine::cli
