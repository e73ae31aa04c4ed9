// The options by which commands choose among traces and rows, and group results.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/run/corpus_scan.h"

namespace gtengine::cli {

// As typed.
struct FilterArguments {
  std::vector<std::string> service;
  std::vector<std::string> host;
  std::vector<std::string> format_version;
  std::string from;
  std::string until;
  std::string time_of_day;
  std::string path_tz = "UTC";
  std::vector<std::string> task;
  std::vector<std::string> region;
  std::vector<std::string> goroutine;
  std::vector<std::string> stack_match;
  std::vector<std::string> log;
  std::vector<std::string> label;
};

void AddFilterArguments(CLI::App& app, FilterArguments& arguments);
void AddGroupByArgument(CLI::App& app, std::vector<std::string>& group_by);

// Sets what the options say of the filters of a scan, and in its selection. Errors (kUsage) are one
// line.
Status ParseFilters(const FilterArguments& arguments, run::ScanOptions& scan);
// The option that chooses among rows or groups them; empty: there is none.
std::string_view RowOptionOf(const run::ScanOptions& scan);
// The keys of lists such as "service,day", each once, in the order in which they were typed.
Result<std::vector<run::GroupKey>> ParseGroupBy(const std::vector<std::string>& lists);

// For --help: how patterns and times are written.
inline constexpr const char* kFilterHelp =
    "Filters:\n"
    "  A PATTERN stands for a whole name: * in it for any text, ? for one character. /REGEX/ is\n"
    "  found anywhere in it. With ! before it, it leaves out what it matches. An option may be\n"
    "  given several times: one of its patterns must match, and none with !.\n"
    "  A trace belongs to the moment at which its capture began: the wall clock that it holds\n"
    "  (from format 25 on), or what its path tells. docs/filters.md says which rows belong.\n";

}  // namespace gtengine::cli
