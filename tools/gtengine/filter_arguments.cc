#include "tools/gtengine/filter_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "tools/program/size_argument.h"

namespace gtengine::cli {
namespace {

constexpr std::array<std::uint32_t, 7> kFormats = {11, 19, 21, 22, 23, 25, 26};

Error Refusal(std::string_view option, std::string_view what) {
  return {.code = ErrorCode::kUsage, .what = fmt::format("{}: {}", option, what)};
}

// Notes the patterns of an option in the selection.
void Note(std::string_view option, const std::vector<std::string>& patterns,
          run::Selection& selection) {
  for (const std::string& pattern : patterns) {
    selection.filters.emplace_back(std::string(option), pattern);
  }
}

Status ParseTexts(std::string_view option, const std::vector<std::string>& patterns,
                  TextFilter& filter, run::Selection& selection) {
  auto parsed = TextFilter::Parse(patterns);
  if (!parsed.ok()) return Refusal(option, parsed.error().what);
  filter = std::move(*parsed);
  Note(option, patterns, selection);
  return {};
}

Status ParseFormats(const std::vector<std::string>& numbers, std::set<std::uint32_t>& formats) {
  for (const std::string& number : numbers) {
    const auto found = std::ranges::find_if(
        kFormats, [&](std::uint32_t format) { return number == std::to_string(format); });
    if (found == kFormats.end()) {
      return Refusal("--format-version", fmt::format("there is no format \"{}\"; formats are: {}",
                                                     number, fmt::join(kFormats, ", ")));
    }
    formats.insert(*found);
  }
  return {};
}

Status ParseTimes(const FilterArguments& arguments, run::TraceFilter& filter,
                  run::Selection& selection) {
  auto zone = run::TimeZone::Parse(arguments.path_tz);
  if (!zone.ok()) return Refusal("--path-tz", zone.error().what);
  filter.zone = selection.zone = std::move(*zone);
  const auto instant = [&](std::string_view option, const std::string& text,
                           std::optional<std::int64_t>& to) -> Status {
    if (text.empty()) return {};
    const auto parsed = run::ParseInstant(text, filter.zone);
    if (!parsed.ok()) return Refusal(option, parsed.error().what);
    to = *parsed;
    Note(option, {text}, selection);
    return {};
  };
  if (const Status from = instant("--from", arguments.from, filter.from); !from.ok()) return from;
  if (const Status to = instant("--to", arguments.until, filter.until); !to.ok()) return to;
  if (filter.from && filter.until && *filter.from >= *filter.until) {
    return Refusal("--to", fmt::format("\"{}\" is not behind --from \"{}\": nothing lies between",
                                       arguments.until, arguments.from));
  }
  if (!arguments.time_of_day.empty()) {
    const auto span = run::TimeOfDay::Parse(arguments.time_of_day);
    if (!span.ok()) return Refusal("--time-of-day", span.error().what);
    filter.time_of_day = *span;
    Note("--time-of-day", {arguments.time_of_day}, selection);
  }
  return {};
}

}  // namespace

void AddFilterArguments(CLI::App& app, FilterArguments& arguments) {
  const auto patterns = [&app](const char* option, std::vector<std::string>& to, const char* what,
                               const char* type = "PATTERN") {
    app.add_option(option, to, what)->type_name(type)->allow_extra_args(false)->group("Filters");
  };
  const auto text = [&app](const char* option, std::string& to, const char* what,
                           const char* type) {
    return app.add_option(option, to, what)->type_name(type)->group("Filters");
  };
  patterns("--service", arguments.service, "traces of such a service");
  patterns("--host", arguments.host, "traces of such a host");
  text("--from", arguments.from, "traces captured then or later, such as 2026-01-02T15:04", "TIME");
  text("--to", arguments.until, "traces captured before", "TIME");
  text("--time-of-day", arguments.time_of_day,
       "traces captured at such a time of the day; over midnight, too", "HH:MM-HH:MM");
  text("--path-tz", arguments.path_tz,
       "zone of the times in paths, of days and hours, and of times typed without one", "ZONE")
      ->capture_default_str();
  patterns("--format-version", arguments.format_version,
           "traces of such a format: 11, 19, 21, 22, 23, 25 or 26", "NN");
  patterns("--task", arguments.task, "what was done for such a task");
  patterns("--region", arguments.region, "what was done in such a region, or in one inside it");
  patterns("--goroutine", arguments.goroutine, "goroutines started with such a function");
  patterns("--stack-match", arguments.stack_match, "stacks with such a function or file");
  patterns("--log", arguments.log, "such logs (category or message), and tasks that have one");
  patterns("--label", arguments.label, "such labels, and goroutines that were given one");
}

void AddGroupByArgument(CLI::App& app, std::vector<std::string>& group_by) {
  app.add_option("--group-by", group_by, fmt::format("apart by any of\n{}", run::GroupKeyNames()))
      ->type_name("KEY[,KEY]")
      ->allow_extra_args(false);
}

Status ParseFilters(const FilterArguments& arguments, run::ScanOptions& scan) {
  run::Selection& selection = scan.selection;
  const std::pair<std::string_view, std::pair<const std::vector<std::string>*, TextFilter*>>
      filters[] = {{"--service", {&arguments.service, &scan.traces.service}},
                   {"--host", {&arguments.host, &scan.traces.host}},
                   {"--task", {&arguments.task, &scan.rows.task}},
                   {"--region", {&arguments.region, &scan.rows.region}},
                   {"--goroutine", {&arguments.goroutine, &scan.rows.goroutine}},
                   {"--stack-match", {&arguments.stack_match, &scan.rows.stack}},
                   {"--log", {&arguments.log, &scan.rows.log}},
                   {"--label", {&arguments.label, &scan.rows.label}}};
  for (const auto& [option, parts] : filters) {
    const Status parsed = ParseTexts(option, *parts.first, *parts.second, selection);
    if (!parsed.ok()) return parsed;
  }
  const Status formats = ParseFormats(arguments.format_version, scan.traces.formats);
  if (!formats.ok()) return formats;
  Note("--format-version", arguments.format_version, selection);
  if (const Status times = ParseTimes(arguments, scan.traces, selection); !times.ok()) return times;
  std::ranges::sort(selection.filters);
  const auto again = std::ranges::unique(selection.filters);
  selection.filters.erase(again.begin(), again.end());
  return {};
}

std::string_view RowOptionOf(const run::ScanOptions& scan) {
  const std::pair<std::string_view, const TextFilter*> filters[] = {
      {"--task", &scan.rows.task},
      {"--region", &scan.rows.region},
      {"--goroutine", &scan.rows.goroutine},
      {"--stack-match", &scan.rows.stack},
      {"--log", &scan.rows.log},
      {"--label", &scan.rows.label}};
  for (const auto& [option, filter] : filters) {
    if (!filter->empty()) return option;
  }
  return scan.rows.empty() ? "" : "--group-by";
}

Result<std::vector<run::GroupKey>> ParseGroupBy(const std::vector<std::string>& lists) {
  std::vector<run::GroupKey> keys;
  for (const std::string_view list : lists) {
    for (std::size_t begin = 0; begin <= list.size();) {
      const std::size_t end = std::min(list.find(',', begin), list.size());
      const auto key = run::ParseGroupKey(list.substr(begin, end - begin));
      if (!key.ok()) return key.error();
      if (std::ranges::find(keys, *key) == keys.end()) keys.push_back(*key);
      begin = end + 1;
    }
  }
  return keys;
}

}  // namespace gtengine::cli
