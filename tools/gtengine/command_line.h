// A subcommand's command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/program/arguments.h"

namespace gtengine::cli {

// A subcommand: its name is the first argument of the program, `arguments` are those behind it.
struct Command {
  std::string_view name;
  std::string_view summary;
  int (*run)(std::vector<std::string> arguments);  // gives the exit status
};

// Adds the positional arguments of a command that wants at least one.
void AddPaths(CLI::App& app, std::vector<std::string>& paths, const std::string& name,
              const std::string& description);

}  // namespace gtengine::cli
