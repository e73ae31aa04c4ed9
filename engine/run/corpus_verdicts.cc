#include "engine/run/corpus_verdicts.h"

#include <fmt/format.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>

#include "engine/io/corpus.h"
#include "engine/io/stored_trace.h"
#include "engine/run/memory_budget.h"
#include "engine/run/task_hand_off.h"
#include "engine/run/trace_listing.h"

namespace gtengine::run {
namespace {

using Outcome = std::variant<std::monostate, FileVerdict, Unread>;

Unread AsUnread(std::string path, Error error) {
  error.path.clear();
  return {.path = std::move(path), .what = error.ToString()};
}

Outcome Judge(io::CorpusFile& trace, const io::ExpandOptions& expand) {
  auto opened = io::OpenTrace(trace.path, trace.place, expand);
  trace.place = {};  // the last trace of an archive lets go of its temporary file
  if (!opened.ok()) return AsUnread(trace.path, std::move(opened).error());
  const io::MappedFile& file = opened->file;
  const order::WalkHooks hooks{
      .is_cancelled = expand.is_cancelled,
      .on_done_before = [&](std::uint64_t offset) { file.Release(offset); }};
  auto verdict = order::JudgeTrace(file.view(), hooks);
  if (!verdict.ok()) {
    return AsUnread(trace.path, opened->damage ? *opened->damage : std::move(verdict).error());
  }
  return FileVerdict{.path = trace.path, .verdict = std::move(*verdict), .damage = opened->damage};
}

std::vector<Outcome> JudgeAll(std::vector<io::CorpusFile>& traces,
                              const io::ExpandOptions& expand) {
  std::vector<Outcome> outcomes(traces.size());
  // One after the other, so that few archives are expanded at a time.
  std::atomic<std::size_t> next = 0;
  const auto judge = [&](std::size_t) {
    const TaskScope scope;
    const std::size_t i = next++;
    if (!expand.is_cancelled || !expand.is_cancelled()) outcomes[i] = Judge(traces[i], expand);
  };
  PublishToTasks();
  tbb::parallel_for(std::size_t{0}, traces.size(), judge);
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
          Cell::Text(file.is_whole() ? "whole" : "damaged"),
          Cell::Text(fmt::format("go 1.{}", static_cast<int>(verdict.version))),
          Number(verdict.bytes),
          Number(verdict.kept_generations()),
          Number(verdict.kept_events()),
          Number(verdict.lost_bytes()),
          Number(verdict.lost_generations()),
          Length(file.lost_ns()),
          Number(verdict.errors + (file.damage ? 1 : 0))};
}

Table TracesTable(const CorpusVerdicts& verdicts, bool with_whole) {
  Table table{.id = "traces",
              .heading = with_whole ? "Traces" : "Damaged traces",
              .columns = TraceColumns(),
              .rows = {}};
  for (const FileVerdict& file : verdicts.traces) {
    if (with_whole || !file.is_whole()) table.rows.push_back(TraceRow(file));
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
    if (!file.damage) continue;
    // How much more there was, nobody knows.
    table.rows.push_back({Cell::Text(file.path), Number(file.verdict.bytes),
                          Number(file.verdict.bytes), Number(0), Cell(),
                          Cell::Text(file.damage->ToString())});
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
  return static_cast<std::uint64_t>(
      std::ranges::count_if(traces, [](const FileVerdict& file) { return file.is_whole(); }));
}

CorpusVerdicts JudgeCorpus(const std::vector<std::string>& paths, const VerifyOptions& options) {
  MemoryBudget memory(options.memory_bytes);
  ExpandingMemory expanding_memory(memory);
  const io::ExpandOptions expand{.limits = options.expand,
                                 .memory_or_null = &expanding_memory,
                                 .is_cancelled = options.is_cancelled};
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(options.threads));
  tbb::task_arena arena(options.threads);
  io::Corpus corpus;
  std::vector<Outcome> outcomes;
  arena.execute([&] {
    corpus = ListTraces(paths, expand);
    outcomes = JudgeAll(corpus.traces, expand);
  });
  CorpusVerdicts verdicts;
  verdicts.passed_over = corpus.passed_over;
  for (Error& error : corpus.errors) {
    std::string path = error.path;
    verdicts.unread.push_back(AsUnread(std::move(path), std::move(error)));
  }
  for (Outcome& outcome : outcomes) {
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
  for (const FileVerdict& file : verdicts.traces) {
    const order::TraceVerdict& verdict = file.verdict;
    bytes += verdict.bytes;
    kept_generations += verdict.kept_generations();
    lost_bytes += verdict.lost_bytes();
    lost_generations += verdict.lost_generations();
    is_time_known = is_time_known && file.lost_ns();
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
