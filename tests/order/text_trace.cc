#include "tests/order/text_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "engine/wire/event_spec.h"
#include "tests/order/text_line.h"

namespace gtengine::testing {
namespace {

using wire::BatchKind;
using wire::EventSpec;

struct Line {
  std::size_t number;
  std::string_view text;
};

void Need(const Status& status) {
  if (!status.ok()) Complain(status.error().what);
}

// The strings and stacks that one generation names by content.
class Tables {
 public:
  struct Stack {
    std::uint64_t id;
    std::vector<wire::EncodedFrame> frames;
  };

  std::uint64_t StringId(const std::string& text) {
    const auto [entry, is_new] = strings_.emplace(text, strings_.size() + 1);
    if (is_new) new_strings_.push_back(text);
    return entry->second;
  }

  std::uint64_t StackId(std::string_view text) {
    const auto [entry, is_new] = stacks_.emplace(text, stacks_.size() + 1);
    if (is_new) new_stacks_.push_back({.id = entry->second, .frames = ParseStack(text)});
    return entry->second;
  }

  // "(FUNCTION@FILE:LINE#PC ...)"; a frame without a PC gets one of its own.
  std::vector<wire::EncodedFrame> ParseStack(std::string_view text) {
    if (text.size() < 2 || text.front() != '(' || text.back() != ')') {
      Complain(fmt::format("'{}' is no stack", text));
    }
    std::vector<wire::EncodedFrame> frames;
    for (std::string_view word : Split(text.substr(1, text.size() - 2))) {
      const std::size_t at = word.find('@');
      const std::size_t colon = word.rfind(':');
      const std::size_t hash = std::min(word.find('#'), word.size());
      if (at == std::string_view::npos || colon == std::string_view::npos || colon < at) {
        Complain(fmt::format("'{}' is no frame", word));
      }
      wire::EncodedFrame& frame = frames.emplace_back();
      frame.function = FrameString(word.substr(0, at));
      frame.file = FrameString(word.substr(at + 1, colon - at - 1));
      frame.line = ParseNumber(word.substr(colon + 1, hash - colon - 1));
      if (hash < word.size()) {
        frame.pc = ParseNumber(word.substr(hash + 1));
      } else {
        frame.pc = pcs_.emplace(word, 0x1000 + 0x10 * pcs_.size()).first->second;
      }
    }
    return frames;
  }

  std::vector<std::string> TakeStrings() { return std::exchange(new_strings_, {}); }
  std::vector<Stack> TakeStacks() { return std::exchange(new_stacks_, {}); }

 private:
  // A number stands for the id itself, for frames that name strings which do not exist.
  std::uint64_t FrameString(std::string_view text) {
    if (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos) {
      return ParseNumber(text);
    }
    return StringId(std::string(text));
  }

  std::map<std::string, std::uint64_t, std::less<>> strings_;
  std::map<std::string, std::uint64_t, std::less<>> stacks_;
  std::map<std::string, std::uint64_t, std::less<>> pcs_;
  std::vector<std::string> new_strings_;
  std::vector<Stack> new_stacks_;
};

class Assembler {
 public:
  void Take(std::string_view line);
  TextTrace Finish();

 private:
  void Directive(std::string_view line);
  void Verdict(std::string_view word, Arguments& arguments);
  void Entry(std::string_view line);
  void EventEntry(std::string_view name, Arguments& arguments);
  void SampleEntry(Arguments& arguments);
  void SyncEntry(std::string_view name, Arguments& arguments);

  void BeginBatch(BatchKind kind, Arguments& arguments);
  void EndBatch();
  void EndGeneration();
  void WriteTables();

  // An argument that is the id of a string or stack, or such content.
  std::uint64_t StringId(std::string_view value) {
    return value.starts_with('"') ? tables_.StringId(Unquote(value)) : ParseNumber(value);
  }
  std::uint64_t StackId(std::string_view value) {
    return value.starts_with('(') ? tables_.StackId(value) : ParseNumber(value);
  }

  TextTrace trace_;
  bool has_verdict_ = false;
  wire::Version version_ = wire::Version::k26;
  std::uint64_t generation_ = 0;
  bool is_unfinished_ = false;
  Tables tables_;

  std::optional<BatchKind> kind_;  // of the open batch
  wire::BatchEncoder encoder_;
  std::uint64_t batch_generation_ = 0;
  ThreadId batch_m_ = kNoThread;
  Ticks time_ = 0;
};

void Assembler::Take(std::string_view line) {
  if (line == "|" || line.starts_with("| ")) {
    trace_.dump += line.substr(std::min<std::size_t>(2, line.size()));
    trace_.dump += '\n';
  } else if (line.starts_with(' ')) {
    Entry(line);
  } else {
    Directive(line);
  }
}

TextTrace Assembler::Finish() {
  EndGeneration();
  if (!has_verdict_) Complain("the trace has no verdict");
  return std::move(trace_);
}

void Assembler::Directive(std::string_view line) {
  const std::vector<std::string_view> words = Split(line);
  const std::string_view word = words.front();
  if (word == "bytes") {
    EndBatch();
    for (const std::string_view byte : std::span(words).subspan(1)) {
      trace_.bytes.push_back(ParseByte(byte));
    }
    return;
  }
  Arguments arguments(std::span<const std::string_view>(words).subspan(1));
  static const std::map<std::string_view, BatchKind> kKinds = {
      {"batch", BatchKind::kEvents},    {"samples", BatchKind::kCpuSamples},
      {"strings", BatchKind::kStrings}, {"stacks", BatchKind::kStacks},
      {"sync", BatchKind::kSync},       {"experimental", BatchKind::kExperimental}};
  if (const auto kind = kKinds.find(word); kind != kKinds.end()) {
    BeginBatch(kind->second, arguments);
  } else if (word == "version") {
    version_ = static_cast<wire::Version>(ParseNumber(arguments.TakeLoose()));
    wire::AppendHeader(version_, trace_.bytes);
  } else if (word == "header") {
    const std::string text = Unquote(arguments.TakeLoose());
    trace_.bytes.assign(text.begin(), text.end());
    trace_.bytes.resize(wire::kHeaderBytes);
  } else if (word == "generation") {
    EndGeneration();
    generation_ = ParseNumber(arguments.TakeLoose());
  } else if (word == "unfinished") {
    is_unfinished_ = true;
  } else if (word == "tables") {
    EndBatch();
    WriteTables();
  } else if (word == "end") {
    EndBatch();
    wire::AppendEndOfGeneration(trace_.bytes);
  } else if (word == "frequency") {
    const std::uint64_t hz = ParseNumber(arguments.TakeLoose());
    BeginBatch(BatchKind::kSync, arguments);
    Need(encoder_.Frequency(hz));
    if (version_ >= wire::Version::k25) Need(encoder_.Snapshot(0, 0, 0, 0));
    EndBatch();
  } else if (word == "truncate") {
    EndGeneration();
    const std::uint64_t count = ParseNumber(arguments.TakeLoose());
    if (count > trace_.bytes.size()) Complain("the trace is shorter than that");
    trace_.bytes.resize(trace_.bytes.size() - count);
  } else if (word == "expect" || word == "undumpable") {
    EndGeneration();
    Verdict(word, arguments);
  } else {
    Complain(fmt::format("unknown directive '{}'", word));
  }
  arguments.Done();
}

void Assembler::Verdict(std::string_view word, Arguments& arguments) {
  if (word == "undumpable") {
    trace_.printable_events = ParseNumber(arguments.TakeLoose());
    trace_.print_message = Unquote(arguments.TakeLoose());
    return;
  }
  has_verdict_ = true;
  const std::string_view outcome = arguments.TakeLoose();
  trace_.is_ok = outcome == "ok";
  if (!trace_.is_ok && outcome != "broken") Complain("a verdict is ok or broken");
  trace_.events = ParseNumber(arguments.TakeLoose());
  if (!trace_.is_ok) trace_.message = Unquote(arguments.TakeLoose());
}

void Assembler::BeginBatch(BatchKind kind, Arguments& arguments) {
  EndBatch();
  if (kind == BatchKind::kExperimental) {
    encoder_.BeginExperimental(static_cast<std::uint8_t>(arguments.Number("exp")));
  } else {
    encoder_.Begin(kind, version_);
  }
  kind_ = kind;
  batch_m_ = ThreadId{static_cast<std::int64_t>(arguments.Number("m", Raw(kNoThread)))};
  time_ = arguments.Number("time", time_);
  batch_generation_ = arguments.Number("gen", generation_);
}

void Assembler::EndBatch() {
  if (!kind_) return;
  encoder_.Finish(batch_generation_, batch_m_, time_, trace_.bytes);
  kind_.reset();
}

void Assembler::EndGeneration() {
  EndBatch();
  if (generation_ == 0) return;
  WriteTables();
  if (version_ >= wire::Version::k26 && !is_unfinished_) wire::AppendEndOfGeneration(trace_.bytes);
  generation_ = 0;
  is_unfinished_ = false;
  tables_ = Tables();
}

void Assembler::WriteTables() {
  Arguments none({});
  if (const auto strings = tables_.TakeStrings(); !strings.empty()) {
    BeginBatch(BatchKind::kStrings, none);
    for (const std::string& text : strings) Need(encoder_.String(tables_.StringId(text), text));
    EndBatch();
  }
  if (const auto stacks = tables_.TakeStacks(); !stacks.empty()) {
    BeginBatch(BatchKind::kStacks, none);
    for (const auto& [id, frames] : stacks) Need(encoder_.Stack(id, frames));
    EndBatch();
  }
}

void Assembler::Entry(std::string_view line) {
  if (!kind_) Complain("an entry outside of a batch");
  const std::vector<std::string_view> words = Split(line);
  const std::string_view name = words.front();
  if (name == "raw") {
    for (const std::string_view byte : std::span(words).subspan(1)) {
      Need(encoder_.Raw(wire::ByteBuffer{ParseByte(byte)}));
    }
    return;
  }
  Arguments arguments(std::span<const std::string_view>(words).subspan(1));
  if (name == "String") {
    const std::uint64_t id = arguments.Number("id");
    Need(encoder_.String(id, Unquote(arguments.TakeLoose())));
  } else if (name == "Stack") {
    const std::uint64_t id = arguments.Number("id");
    Need(encoder_.Stack(id, tables_.ParseStack(arguments.TakeLoose())));
  } else if (name == "CPUSample") {
    SampleEntry(arguments);
  } else if (kind_ == BatchKind::kSync) {
    SyncEntry(name, arguments);
  } else {
    EventEntry(name, arguments);
  }
  arguments.Done();
}

void Assembler::SampleEntry(Arguments& arguments) {
  wire::CpuSample sample;
  sample.ticks = arguments.Number("time");
  sample.m = ThreadId{static_cast<std::int64_t>(arguments.Number("m", 0))};
  sample.p = ProcId{static_cast<std::int64_t>(arguments.Number("p", 0))};
  const std::uint64_t g = arguments.Number("g", 0);
  sample.g = g == 0 ? kNoGoroutine : GoId{static_cast<std::int64_t>(g)};
  sample.stack = StackId(arguments.Take("stack").value_or("0"));
  Need(encoder_.Sample(sample));
}

void Assembler::SyncEntry(std::string_view name, Arguments& arguments) {
  if (name == "Frequency") {
    Need(encoder_.Frequency(arguments.Number("freq")));
  } else if (name == "ClockSnapshot") {
    const std::uint64_t difference = arguments.Number("dt", 1);
    const std::uint64_t mono = arguments.Number("mono");
    const std::uint64_t seconds = arguments.Number("sec");
    Need(encoder_.Snapshot(difference, mono, seconds, arguments.Number("nsec")));
  } else {
    Complain(fmt::format("'{}' does not stand in a sync batch", name));
  }
}

std::uint64_t StatusNumber(std::string_view argument, std::string_view value) {
  constexpr std::string_view kGoroutine[] = {"bad", "runnable", "running", "syscall", "waiting"};
  constexpr std::string_view kProc[] = {"bad", "running", "idle", "syscall", "abandoned"};
  const std::span names = argument == "gstatus" ? std::span(kGoroutine) : std::span(kProc);
  const auto found = std::ranges::find(names, value);
  return found == names.end() ? ParseNumber(value)
                              : static_cast<std::uint64_t>(found - names.begin());
}

void Assembler::EventEntry(std::string_view name, Arguments& arguments) {
  std::size_t type = 0;
  while (type < 256 && wire::SpecOf(static_cast<std::uint8_t>(type)).name != name) ++type;
  if (type == 256) Complain(fmt::format("unknown event '{}'", name));
  const EventSpec& spec = wire::SpecOf(static_cast<std::uint8_t>(type));
  const auto is_in = [](const auto& positions, std::size_t i) {
    return std::ranges::find(positions, static_cast<std::uint8_t>(i)) != positions.end();
  };
  const std::uint64_t difference = arguments.Number("dt", 1);
  std::vector<std::uint64_t> args;
  for (std::size_t i = 1; i < spec.arg_count; ++i) {
    const std::string_view arg = spec.args[i];
    if (is_in(spec.strings, i)) {
      args.push_back(StringId(arguments.Take(arg).value_or("0")));
    } else if (is_in(spec.stacks, i)) {
      args.push_back(StackId(arguments.Take(arg).value_or("0")));
    } else if (arg == "gstatus" || arg == "pstatus") {
      const auto value = arguments.Take(arg);
      if (!value) Complain(fmt::format("{} is missing", arg));
      args.push_back(StatusNumber(arg, *value));
    } else if (arg == "m" && name.starts_with("GoStatus")) {
      args.push_back(arguments.Number(arg, Raw(kNoThread)));
    } else {
      args.push_back(arguments.Number(arg));
    }
  }
  Need(encoder_.Event(static_cast<wire::EventType>(type), difference, args));
}

TextTrace AssembleOne(std::string_view name, std::span<const Line> lines, std::size_t& at) {
  Assembler assembler;
  for (const Line& line : lines) {
    at = line.number;
    assembler.Take(line.text);
  }
  TextTrace trace = assembler.Finish();
  trace.name = name;
  return trace;
}

}  // namespace

Result<std::vector<TextTrace>> AssembleTextTraces(std::string_view text) {
  struct Case {
    std::string_view name;
    std::vector<Line> lines;
  };
  std::vector<Case> cases;
  std::vector<Line> common;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("case ")) {
      cases.push_back({.name = line.substr(5), .lines = common});
    } else {
      (cases.empty() ? common : cases.back().lines).push_back({.number = number, .text = line});
    }
  }
  if (cases.empty()) cases.push_back({.name = {}, .lines = common});

  std::vector<TextTrace> traces;
  std::size_t at = 0;
  try {
    for (const Case& each : cases) traces.push_back(AssembleOne(each.name, each.lines, at));
  } catch (const Complaint& complaint) {
    return Error{.code = ErrorCode::kUsage, .what = fmt::format("line {}: {}", at, complaint.what)};
  }
  return traces;
}

}  // namespace gtengine::testing
