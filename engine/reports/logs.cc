// The logs report: what the program said with runtime/trace.Log, by category, message and task.
#include <tsl/robin_map.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/analysis/report_tables.h"
#include "engine/base/mix_hash.h"
#include "engine/reports/state_report.h"

namespace gtengine {
namespace {

struct LogKey {
  StringRef category = kEmptyString;
  StringRef message = kEmptyString;

  static constexpr auto Fields() { return std::tuple(&LogKey::category, &LogKey::message); }
  friend auto operator<=>(const LogKey&, const LogKey&) = default;
};

struct LogTask {
  StringRef category = kEmptyString;
  StringRef task = kEmptyString;

  static constexpr auto Fields() { return std::tuple(&LogTask::category, &LogTask::task); }
  friend auto operator<=>(const LogTask&, const LogTask&) = default;
};

// Messages are kept whole: a partial grows with the number of different ones.
struct LogTotals {
  static constexpr std::string_view kName = "logs";
  static constexpr std::string_view kSummary = "what was logged, by category, message and task";
  static constexpr std::uint32_t kVersion = 1;

  struct State {
    std::map<LogKey, std::uint64_t> messages;
    std::map<LogTask, std::uint64_t> tasks;  // by the task's name

    static constexpr auto Fields() { return std::tuple(&State::messages, &State::tasks); }
  };

  class Accumulator;
  static Document ToDocument(const State& state, const TraceTables& tables,
                             const ReportOptions& options);
};

class LogTotals::Accumulator final : public StateAccumulator<LogTotals> {
 public:
  using StateAccumulator::StateAccumulator;

  SpanRequest Request() const override {
    SpanRequest request;
    request.sets.logs = true;
    return request;
  }

  void OnLogs(const Logs& logs, const TraceTables&) override {
    for (std::size_t i = 0; i < logs.rows; ++i) {
      ++messages_[PairOf(logs.category[i], logs.message[i])];
      ++tasks_[PairOf(logs.category[i], logs.task_name[i])];
    }
  }
  std::size_t state_bytes(const Growth&) override {
    return RobinBytes(messages_) + RobinBytes(tasks_);
  }

 private:
  using Counts = tsl::robin_map<std::uint64_t, std::uint64_t, MixHash>;

  static std::uint64_t PairOf(StringRef first, StringRef second) {
    return std::uint64_t{static_cast<std::uint32_t>(first)} << 32 |
           static_cast<std::uint32_t>(second);
  }
  void Fill(const TraceTables&, LogTotals::State& state) override {
    const auto first = [](std::uint64_t pair) {
      return StringRef{static_cast<std::uint32_t>(pair >> 32)};
    };
    const auto second = [](std::uint64_t pair) {
      return StringRef{static_cast<std::uint32_t>(pair)};
    };
    for (const auto& [pair, count] : messages_) {
      state.messages[{first(pair), second(pair)}] = count;
    }
    for (const auto& [pair, count] : tasks_) state.tasks[{first(pair), second(pair)}] = count;
  }

  Counts messages_;  // by category and message
  Counts tasks_;     // by category and task
};

Document LogTotals::ToDocument(const State& state, const TraceTables& tables,
                               const ReportOptions& options) {
  struct Category {
    std::uint64_t logs = 0;
    std::uint64_t messages = 0;
  };
  std::map<StringRef, Category> categories;
  std::uint64_t all = 0;
  RankedRows messages("messages", "Messages, the most frequent first",
                      {KeyColumn("category", "category"), KeyColumn("message", "message"),
                       ValueColumn("count", "logs", Unit::kCount)});
  std::uint64_t matching = 0;
  const auto is_wanted = [&](StringRef text) {
    return tables.strings.Get(text).find(options.grep) != std::string_view::npos;
  };
  for (const auto& [key, count] : state.messages) {
    all += count;
    if (!is_wanted(key.category) && !is_wanted(key.message)) continue;
    matching += count;
    categories[key.category].logs += count;
    ++categories[key.category].messages;
    messages.Add(count, {TextCell(tables.strings.Get(key.category)),
                         TextCell(tables.strings.Get(key.message)), NumberCell(count)});
  }
  RankedRows by_category(
      "categories", "By category",
      {KeyColumn("category", "category"), ValueColumn("count", "logs", Unit::kCount),
       ValueColumn("messages", "different messages", Unit::kCount)});
  for (const auto& [category, counts] : categories) {
    by_category.Add(counts.logs, {TextCell(tables.strings.Get(category)), NumberCell(counts.logs),
                                  NumberCell(counts.messages)});
  }
  RankedRows by_task("tasks", "By category and task",
                     {KeyColumn("category", "category"), KeyColumn("task", "task"),
                      ValueColumn("count", "logs", Unit::kCount)});
  for (const auto& [key, count] : state.tasks) {
    if (!categories.contains(key.category)) continue;
    by_task.Add(count, {TextCell(tables.strings.Get(key.category)),
                        TextCell(tables.strings.Get(key.task)), NumberCell(count)});
  }
  Document document;
  document.report = kName;
  document.title = "Logs: what the program said";
  document.facts = {CountFact("logs", all), CountFact("different_messages", state.messages.size())};
  if (!options.grep.empty()) {
    document.facts.push_back({"searched_for", Cell::Text(options.grep), Unit::kText});
    document.facts.push_back(CountFact("matching", matching));
    document.notes.push_back(
        "Shown are the logs whose category or message contains the text searched for; the last "
        "table has all logs of these categories.");
  }
  document.tables.push_back(std::move(by_category).Take(options.top));
  document.tables.push_back(std::move(messages).Take(options.top));
  document.tables.push_back(std::move(by_task).Take(options.top));
  return document;
}

}  // namespace

ReportType LogsReport() { return MakeReport<LogTotals>(); }

}  // namespace gtengine
