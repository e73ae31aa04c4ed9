#include "tests/spans/column_recorder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/order/event_stream.h"
#include "engine/spans/generation_refs.h"
#include "engine/spans/set_builder.h"
#include "engine/wire/header.h"
#include "tests/order/text_trace.h"

namespace gtengine::testing {
namespace {

// Function of a stack's leaf; "?" where the column was not asked for.
std::string_view Leaf(bool is_declared, StackRef stack, const TraceTables& tables) {
  if (!is_declared) return "?";
  const auto frames = tables.stacks.GetStack(stack);
  if (frames.empty()) return "-";
  return tables.strings.Get(tables.stacks.GetFrame(frames[0]).function);
}

template <class Points>
std::string Context(const Points& set, std::size_t i) {
  return fmt::format("at {} m={} p={} g={}", set.time_ns[i], Raw(set.m[i]), Raw(set.p[i]),
                     Raw(set.g[i]));
}

// A task by number and name; "-" where there is none.
std::string TaskText(TaskId task, StringRef name, const TraceTables& tables) {
  if (task == kNoTask) return "-";
  return fmt::format("{}\"{}\"", Raw(task), tables.strings.Get(name));
}

std::string RegionText(RegionId region) {
  return region == kNoRegion ? "-" : fmt::format("{}", static_cast<std::uint64_t>(region));
}

}  // namespace

void ColumnRecorder::OnGoroutineSpans(const GoroutineSpans&, const TraceTables&) {
  lines.push_back("goroutine spans that nobody wants");
}

void ColumnRecorder::OnLateName(std::uint32_t, StringRef, const TraceTables&) {
  lines.push_back("a late name that nobody wants");
}

void ColumnRecorder::OnMetrics(const Metrics& set, const TraceTables&) {
  constexpr const char* kNames[] = {"heap alloc", "heap goal", "gomaxprocs"};
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(fmt::format("metric {} {}={}", Context(set, i),
                                kNames[static_cast<std::size_t>(set.kind[i])], set.value[i]));
  }
}

void ColumnRecorder::OnLabels(const Labels& set, const TraceTables& tables) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(
        fmt::format("label {} \"{}\"", Context(set, i), tables.strings.Get(set.label[i])));
  }
}

void ColumnRecorder::OnAllocations(const Allocations& set, const TraceTables& tables) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(fmt::format("allocation {} \"{}\" bytes={} g={} {}..{} flags={}",
                                static_cast<int>(set.kind[i]), tables.strings.Get(set.type[i]),
                                set.bytes[i], Raw(set.g[i]), set.start_ns[i], set.end_ns[i],
                                set.flags[i]));
  }
}

void ColumnRecorder::OnGcWork(const GcWork& set, const TraceTables&) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(fmt::format("gc work {} p={} {}..{}", static_cast<int>(set.kind[i]),
                                Raw(set.p[i]), set.start_ns[i], set.end_ns[i]));
  }
}

void ColumnRecorder::OnLogs(const Logs& set, const TraceTables& tables) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(fmt::format(
        "log {} task={} {}: {} stack={}", Context(set, i),
        TaskText(set.task[i], set.task_name[i], tables), tables.strings.Get(set.category[i]),
        tables.strings.Get(set.message[i]), Leaf(sets_.log_stacks, set.stack[i], tables)));
  }
}

void ColumnRecorder::OnSamples(const Samples& set, const TraceTables& tables) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(
        fmt::format("sample {} stack={}", Context(set, i), Leaf(true, set.stack[i], tables)));
    if (!sets_.sample_goroutines) continue;
    lines.back() += fmt::format(" f={} task={}", tables.strings.Get(set.start_function[i]),
                                TaskText(set.task[i], set.task_name[i], tables));
  }
}

void ColumnRecorder::OnLateSampleName(GoId g, StringRef name, const TraceTables& tables) {
  lines.push_back(fmt::format("samples of g={} are of {}", Raw(g), tables.strings.Get(name)));
}

void ColumnRecorder::OnRanges(const Ranges& set, const TraceTables& tables) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(fmt::format(
        "range {} of g={} p={} {}..{} by g={}..{} stopped={} stacks={}..{} bytes={},{} flags={}",
        tables.strings.Get(set.name[i]), Raw(set.scope_g[i]), Raw(set.scope_p[i]), set.start_ns[i],
        set.end_ns[i], Raw(set.start_g[i]), Raw(set.end_g[i]), set.stopped_ns[i],
        Leaf(sets_.range_stacks, set.start_stack[i], tables),
        Leaf(sets_.range_stacks, set.end_stack[i], tables), set.swept_bytes[i],
        set.reclaimed_bytes[i], set.flags[i]));
  }
}

void ColumnRecorder::OnProcSpans(const ProcSpans& set, const TraceTables&) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(fmt::format("p={} {} {}..{} m={} runnable={} flags={}", Raw(set.p[i]),
                                Name(set.state[i]), set.start_ns[i], set.end_ns[i], Raw(set.m[i]),
                                set.runnable_ns[i], set.flags[i]));
  }
}

void ColumnRecorder::OnSyscalls(const Syscalls& set, const TraceTables& tables) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(fmt::format("syscall g={} p={} m={} {}..{} had p until {} stack={} flags={}",
                                Raw(set.g[i]), Raw(set.p[i]), Raw(set.m[i]), set.start_ns[i],
                                set.end_ns[i], set.had_p_until_ns[i],
                                Leaf(sets_.syscall_stacks, set.stack[i], tables), set.flags[i]));
  }
}

void ColumnRecorder::OnRegionSlices(const RegionSlices& set, const TraceTables& tables) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(fmt::format(
        "slice of {} task={} g={} {} reason={} {}..{} flags={}", RegionText(set.region[i]),
        TaskText(set.task[i], set.task_name[i], tables), Raw(set.g[i]), Name(set.state[i]),
        tables.strings.Get(set.reason[i]), set.start_ns[i], set.end_ns[i], set.flags[i]));
  }
}

void ColumnRecorder::OnRegions(const Regions& set, const TraceTables& tables) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(fmt::format(
        "region {} in {} \"{}\" task={} g={} {}..{} self={} stacks={}..{} depth={} flags={}",
        RegionText(set.region[i]), RegionText(set.parent[i]), tables.strings.Get(set.name[i]),
        TaskText(set.task[i], set.task_name[i], tables), Raw(set.g[i]), set.start_ns[i],
        set.end_ns[i], set.self_ns[i], Leaf(sets_.region_stacks, set.start_stack[i], tables),
        Leaf(sets_.region_stacks, set.end_stack[i], tables), set.depth[i], set.flags[i]));
  }
}

void ColumnRecorder::OnTasks(const Tasks& set, const TraceTables& tables) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(fmt::format(
        "task {} in {} {}..{} by g={}..{} stacks={}..{} flags={}",
        TaskText(set.task[i], set.name[i], tables),
        TaskText(set.parent[i], set.parent_name[i], tables), set.start_ns[i], set.end_ns[i],
        Raw(set.start_g[i]), Raw(set.end_g[i]), Leaf(sets_.task_stacks, set.start_stack[i], tables),
        Leaf(sets_.task_stacks, set.end_stack[i], tables), set.flags[i]));
  }
}

void ColumnRecorder::OnGenerations(const Generations& set, const TraceTables&) {
  for (std::size_t i = 0; i < set.rows; ++i) {
    lines.push_back(
        fmt::format("generation {} batches={} strings={} stacks={} events={} {}..{} hz={}",
                    set.number[i], set.batches[i], set.strings[i], set.stacks[i], set.events[i],
                    set.first_ns[i], set.last_ns[i], set.frequency_hz[i]));
    if (!set.has_clock_snapshot[i]) continue;
    lines.back() += fmt::format(" clock={} mono={} wall={}.{:09}", set.clock_ns[i], set.mono_ns[i],
                                set.wall_seconds[i], set.wall_nanoseconds[i]);
  }
}

std::vector<std::uint8_t> PaddedTrace(const std::string& text) {
  auto traces = AssembleTextTraces(text);
  EXPECT_TRUE(traces.ok()) << traces.error().ToString();
  if (!traces.ok()) return std::vector<std::uint8_t>(kReadableTailBytes);
  std::vector<std::uint8_t> bytes(traces->front().bytes.begin(), traces->front().bytes.end());
  bytes.resize(bytes.size() + kReadableTailBytes);
  return bytes;
}

Status BuildSetsOf(const std::vector<std::uint8_t>& padded,
                   const std::vector<SpanConsumer*>& consumers) {
  const PaddedView view = PaddedView::Promise(padded.data(), padded.size() - kReadableTailBytes);
  const auto version = wire::ReadHeader(view.bytes());
  if (!version.ok()) return version.error();
  order::StrictSource source(view, *version);
  order::EventStream stream(view, source);
  TraceTables tables;
  spans::GenerationRefs refs(tables);
  spans::SetBuilder builder(consumers, refs, tables);
  std::uint64_t begin = 0;  // of the generation
  while (true) {
    auto chunk = stream.Next();
    if (!chunk.ok()) return std::move(chunk).error();
    if (chunk->events.empty()) break;
    const order::LoadedGeneration* loaded = chunk->generation_or_null;
    if (loaded != nullptr && loaded->generation.begin != begin) {
      begin = loaded->generation.begin;
      refs.BeginGeneration(loaded->tables);
      builder.BeginGeneration(*loaded);
    }
    builder.Add(*chunk);
  }
  builder.Finish();
  return {};
}

void BuildSets(const std::string& text, const std::vector<SpanConsumer*>& consumers) {
  const Status status = BuildSetsOf(PaddedTrace(text), consumers);
  ASSERT_TRUE(status.ok()) << status.error().ToString();
}

std::vector<std::string> RecordSets(const std::string& text, const SetRequest& sets) {
  ColumnRecorder recorder(sets);
  BuildSets(text, {&recorder});
  return recorder.lines;
}

}  // namespace gtengine::testing
