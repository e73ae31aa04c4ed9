#include "engine/run/corpus_verdicts.h"

#include <fmt/format.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>

#include "engine/io/corpus.h"
#include "engine/io/mapped_file.h"
#include "engine/run/task_hand_off.h"
#include "engine/wire/header.h"

namespace gtengine::run {
namespace {

constexpr std::string_view kStandardInput = "-";

using Outcome = std::variant<std::monostate, FileVerdict, Unread>;

Unread AsUnread(std::string path, Error error) {
  error.path.clear();
  return {.path = std::move(path), .what = error.ToString()};
}

Outcome Judge(const std::string& path, const std::function<bool()>& is_cancelled) {
  const auto file = path == kStandardInput ? io::MappedFile::Spool(STDIN_FILENO, path)
                                           : io::MappedFile::Open(path);
  if (!file.ok()) return AsUnread(path, file.error());
  const order::WalkHooks hooks{
      .is_cancelled = is_cancelled,
      .on_done_before = [&](std::uint64_t offset) { file->Release(offset); }};
  auto verdict = order::JudgeTrace(file->view(), hooks);
  if (!verdict.ok()) return AsUnread(path, std::move(verdict).error());
  return FileVerdict{.path = path, .verdict = std::move(*verdict)};
}

std::vector<Outcome> JudgeAll(const std::vector<std::string>& paths, int threads,
                              const std::function<bool()>& is_cancelled) {
  std::vector<Outcome> outcomes(paths.size());
  const auto judge = [&](std::size_t i) {
    const TaskScope scope;
    if (!is_cancelled || !is_cancelled()) outcomes[i] = Judge(paths[i], is_cancelled);
  };
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(threads));
  tbb::task_arena arena(threads);
  PublishToTasks();
  arena.execute([&] { tbb::parallel_for(std::size_t{0}, paths.size(), judge); });
  ReceiveFromTasks();
  return outcomes;
}

Cell Number(std::uint64_t value) { return Cell::Integer(static_cast<Int128>(value)); }
Cell Length(const std::optional<TimeNs>& length_ns) {
  return length_ns ? Cell::Integer(*length_ns) : Cell();
}

std::vector<Column> TraceColumns() {
  return {{"trace", "trace", Unit::kText, ColumnKind::kKey},
          {"verdict", "verdict", Unit::kText},
          {"format", "format", Unit::kText},
          {"bytes", "bytes", Unit::kBytes},
          {"kept_generations", "kept generations", Unit::kCount},
          {"kept_events", "events", Unit::kCount},
          {"lost_bytes", "lost bytes", Unit::kBytes},
          {"lost_generations", "generations", Unit::kCount},
          {"lost_ns", "time", Unit::kNs},
          {"errors", "errors", Unit::kCount}};
}

std::vector<Cell> TraceRow(const FileVerdict& file) {
  const order::TraceVerdict& verdict = file.verdict;
  return {Cell::Text(file.path),
          Cell::Text(verdict.is_whole() ? "whole" : "damaged"),
          Cell::Text(fmt::format("go 1.{}", static_cast<int>(verdict.version))),
          Number(verdict.bytes),
          Number(verdict.kept_generations()),
          Number(verdict.kept_events()),
          Number(verdict.lost_bytes()),
          Number(verdict.lost_generations()),
          Length(verdict.lost_ns()),
          Number(verdict.errors)};
}

Table TracesTable(const CorpusVerdicts& verdicts, bool with_whole) {
  Table table{.id = "traces",
              .heading = with_whole ? "Traces" : "Damaged traces",
              .columns = TraceColumns(),
              .rows = {}};
  for (const FileVerdict& file : verdicts.traces) {
    if (with_whole || !file.verdict.is_whole()) table.rows.push_back(TraceRow(file));
  }
  return table;
}

Table GapsTable(const CorpusVerdicts& verdicts) {
  Table table{.id = "gaps",
              .heading = "What is lost",
              .columns = {{"trace", "trace", Unit::kText, ColumnKind::kKey},
                          {"begin_byte", "from byte", Unit::kId, ColumnKind::kKey},
                          {"end_byte", "to byte", Unit::kId},
                          {"generations", "generations", Unit::kCount},
                          {"length_ns", "time", Unit::kNs},
                          {"what", "what", Unit::kText}},
              .rows = {}};
  for (const FileVerdict& file : verdicts.traces) {
    for (const order::TraceGap& gap : file.verdict.gaps) {
      const std::string what = gap.errors.empty() ? "" : gap.errors.front().ToString();
      table.rows.push_back({Cell::Text(file.path), Number(gap.begin), Number(gap.end),
                            Number(gap.generations), Length(gap.length_ns),
                            gap.errors.empty() ? Cell() : Cell::Text(what)});
    }
  }
  return table;
}

Table UnreadTable(const CorpusVerdicts& verdicts) {
  Table table{
      .id = "unread",
      .heading = "Not read",
      .columns = {{"path", "path", Unit::kText, ColumnKind::kKey}, {"what", "what", Unit::kText}},
      .rows = {}};
  for (const Unread& unread : verdicts.unread) {
    table.rows.push_back({Cell::Text(unread.path), Cell::Text(unread.what)});
  }
  return table;
}

}  // namespace

std::uint64_t CorpusVerdicts::whole() const {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      traces, [](const FileVerdict& file) { return file.verdict.is_whole(); }));
}

CorpusVerdicts JudgeCorpus(const std::vector<std::string>& paths, int threads,
                           const std::function<bool()>& is_cancelled) {
  std::vector<std::string> named;
  std::ranges::remove_copy(paths, std::back_inserter(named), kStandardInput);
  io::Corpus corpus = io::ListCorpus(named, &wire::LooksLikeTrace);
  CorpusVerdicts verdicts;
  verdicts.passed_over = corpus.passed_over;
  for (Error& error : corpus.errors) {
    std::string path = error.path;
    verdicts.unread.push_back(AsUnread(std::move(path), std::move(error)));
  }
  std::vector<std::string> traces;
  if (named.size() < paths.size()) traces.emplace_back(kStandardInput);
  for (io::CorpusFile& file : corpus.traces) traces.push_back(std::move(file.path));
  for (Outcome& outcome : JudgeAll(traces, threads, is_cancelled)) {
    if (auto* file = std::get_if<FileVerdict>(&outcome)) {
      verdicts.traces.push_back(std::move(*file));
    } else if (auto* unread = std::get_if<Unread>(&outcome)) {
      verdicts.unread.push_back(std::move(*unread));
    }
  }
  std::ranges::sort(verdicts.unread);
  return verdicts;
}

Document ToDocument(const CorpusVerdicts& verdicts, bool with_whole) {
  Document document{
      .report = "verify", .title = "What is whole", .facts = {}, .tables = {}, .notes = {}};
  const auto add = [&](const char* key, Cell value, Unit unit) {
    document.facts.push_back({.key = key, .value = std::move(value), .unit = unit});
  };
  std::uint64_t bytes = 0;
  std::uint64_t kept_generations = 0;
  std::uint64_t lost_bytes = 0;
  Int128 lost_generations = 0;
  Int128 lost_ns = 0;
  bool is_time_known = true;
  for (const auto& [path, verdict] : verdicts.traces) {
    bytes += verdict.bytes;
    kept_generations += verdict.kept_generations();
    lost_bytes += verdict.lost_bytes();
    lost_generations += verdict.lost_generations();
    is_time_known = is_time_known && verdict.lost_ns();
    lost_ns += verdict.lost_ns().value_or(0);
  }
  add("traces", Number(verdicts.traces.size()), Unit::kCount);
  add("whole", Number(verdicts.whole()), Unit::kCount);
  add("damaged", Number(verdicts.damaged()), Unit::kCount);
  add("unread_files", Number(verdicts.unread.size()), Unit::kCount);
  add("passed_over", Number(verdicts.passed_over), Unit::kCount);
  add("bytes", Number(bytes), Unit::kBytes);
  add("lost_bytes", Number(lost_bytes), Unit::kBytes);
  add("kept_generations", Number(kept_generations), Unit::kCount);
  add("lost_generations", Cell::Integer(lost_generations), Unit::kCount);
  add("lost_time", Cell::Integer(lost_ns), Unit::kNs);
  if (with_whole || verdicts.damaged() > 0) {
    document.tables.push_back(TracesTable(verdicts, with_whole));
  }
  if (verdicts.damaged() > 0) document.tables.push_back(GapsTable(verdicts));
  if (!verdicts.unread.empty()) document.tables.push_back(UnreadTable(verdicts));
  if (!is_time_known) {
    document.notes.push_back("Of some losses nothing tells how much time they are.");
  }
  return document;
}

}  // namespace gtengine::run
