// gtengine dump: a trace's events as text.
#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/io/mapped_file.h"
#include "engine/order/event_stream.h"
#include "engine/order/event_text.h"
#include "engine/order/legacy_stream.h"
#include "engine/wire/footprint.h"
#include "engine/wire/header.h"
#include "engine/wire/raw_reader.h"
#include "engine/wire/raw_text.h"
#include "engine/wire/v1/trace_index.h"
#include "tools/gtengine/commands.h"
#include "tools/gtengine/exit_status.h"
#include "tools/gtengine/expand_arguments.h"
#include "tools/gtengine/input_file.h"
#include "tools/program/cancel.h"
#include "tools/program/diagnostics.h"
#include "tools/program/output_file.h"

namespace gtengine::cli {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 19;
constexpr std::uint64_t kReleaseEveryBytes = std::uint64_t{16} << 20;

// As typed.
struct Arguments {
  std::string path;
  bool parsed = false;
  bool wire = false;
  bool footprint = false;
  ExpandArguments expand;
};

std::optional<int> Read(std::vector<std::string> texts, Arguments& arguments) {
  CLI::App app("Prints what a Go execution trace holds, in the words of go tool trace -d.",
               "gtengine dump");
  app.add_option("FILE", arguments.path,
                 "a trace, also compressed or ARCHIVE!/MEMBER; - for standard input")
      ->required()
      ->type_name("");
  app.add_flag("--parsed", arguments.parsed, "events in their order: as go tool trace -d=parsed");
  app.add_flag("--wire", arguments.wire, "what the file holds, as it stands: as -d=wire");
  app.add_flag("--footprint", arguments.footprint,
               "bytes and counts by type: as -d=footprint, without its empty rows");
  AddExpandArguments(app, arguments.expand);
  app.footer(
      fmt::format("Examples:\n"
                  "  gtengine dump trace.out --parsed | grep STW\n"
                  "  gtengine dump trace.out --footprint\n"
                  "  gtengine dump day.tar.zst!/shop/web/20260102/030405.trace --wire | head\n\n"
                  "Wall-clock times are in the local time zone (TZ=UTC for another). Of a damaged "
                  "trace the events\n"
                  "before the damage are printed.\n\n{}",
                  kExitStatusHelp));
  return ReadArguments(app, std::move(texts));
}

// Text on its way to standard output, in large pieces.
class TextWriter {
 public:
  explicit TextWriter(OutputFile& output) : output_(output) { text_.reserve(kPieceBytes * 2); }

  std::string& text() { return text_; }
  // Writes when there is enough; false when the output does not take it.
  bool MaybeWrite() { return text_.size() < kPieceBytes || Write(); }
  bool Write() {
    status_ = output_.Write(text_);
    text_.clear();
    return status_.ok();
  }
  const Status& status() const { return status_; }

 private:
  OutputFile& output_;
  std::string text_;
  Status status_;
};

// The dumps append to the writer until the trace or the output ends, or the program is to stop.
// What is wrong with the trace comes back.

std::optional<Error> AppendEvents(const order::EventChunk& chunk, TextWriter& writer) {
  for (const order::OrderedEvent& event : chunk.events) {
    if (const Status shown = order::AppendEventText(event, chunk, writer.text()); !shown.ok()) {
      return shown.error();
    }
  }
  return std::nullopt;
}

std::optional<Error> DumpLegacy(const io::MappedFile& file, wire::Version version,
                                TextWriter& writer) {
  const auto counts = wire::v1::CountRecords(file.view(), version);
  if (!counts.ok()) return counts.error();
  order::LegacyStream stream(file.view(), version, *counts);
  for (bool is_ready = false; !is_ready;) {
    if (IsCancelled()) return std::nullopt;
    const auto prepared = stream.Prepare();
    if (!prepared.ok()) return prepared.error();
    is_ready = *prepared;
    file.Release(stream.done_before());
  }
  std::uint64_t released = 0;
  while (!IsCancelled()) {
    const auto chunk = stream.Next();
    if (!chunk.ok()) return chunk.error();
    if (chunk->events.empty()) break;
    if (auto error = AppendEvents(*chunk, writer)) return error;
    if (!writer.MaybeWrite()) break;
    if (stream.done_before() - released < kReleaseEveryBytes) continue;
    file.Release(released = stream.done_before());
  }
  return std::nullopt;
}

std::optional<Error> DumpParsed(const io::MappedFile& file, wire::Version version,
                                TextWriter& writer) {
  if (wire::IsLegacy(version)) return DumpLegacy(file, version, writer);
  order::StrictSource source(file.view(), version);
  order::EventStream stream(file.view(), source);
  std::uint64_t released = 0;
  while (!IsCancelled()) {
    const auto chunk = stream.Next();
    if (!chunk.ok()) return chunk.error();
    if (chunk->events.empty()) break;
    if (auto error = AppendEvents(*chunk, writer)) return error;
    if (!writer.MaybeWrite()) break;
    if (chunk->generation_or_null == nullptr) continue;
    const std::uint64_t begin = chunk->generation_or_null->generation.begin;
    if (begin > released) file.Release(released = begin);
  }
  return std::nullopt;
}

// Calls `take` with each raw event until it says false.
template <class Take>
std::optional<Error> ForEachRawEvent(const io::MappedFile& file, wire::Version version, Take take) {
  wire::RawReader reader(file.view().bytes(), version);
  wire::RawEvent event;
  std::uint64_t released = 0;
  while (true) {
    const auto found = reader.Next(event);
    if (!found.ok()) return found.error();
    if (!*found) return reader.cut_event();
    if (!take(event)) return std::nullopt;
    if (event.offset - released < kReleaseEveryBytes) continue;
    file.Release(released = event.offset);
  }
}

std::optional<Error> DumpWire(const io::MappedFile& file, wire::Version version,
                              TextWriter& writer) {
  return ForEachRawEvent(file, version, [&](const wire::RawEvent& event) {
    wire::AppendRawText(event, writer.text());
    writer.text() += '\n';
    return writer.MaybeWrite() && !IsCancelled();
  });
}

std::optional<Error> DumpFootprint(const io::MappedFile& file, wire::Version version,
                                   TextWriter& writer) {
  wire::Footprint footprint;
  const std::optional<Error> error =
      ForEachRawEvent(file, version, [&](const wire::RawEvent& event) {
        footprint.Add(event);
        return !IsCancelled();
      });
  if (!IsCancelled()) {
    wire::AppendFootprintText(footprint, version, file.size(), writer.text());
  }
  return error;
}

int Dump(const Arguments& arguments, const io::ExpandLimits& limits) {
  const auto input = OpenInput(arguments.path, limits);
  if (!input.ok()) {
    Say(input.error());
    return kNoResult;
  }
  const io::MappedFile& file = input->file;
  const auto version = wire::ReadHeader(file.view().bytes());
  if (!version.ok()) {
    Error error = *Joined(version.error(), input->damage);
    error.path = arguments.path;
    Say(error);
    return kNoResult;
  }
  if (wire::IsLegacy(*version) && !arguments.parsed) {
    Say(Error{.what = fmt::format("of the format go 1.{} there is only --parsed: Go's tools show "
                                  "nothing else either",
                                  static_cast<int>(*version)),
              .path = arguments.path});
    return kNoResult;
  }
  OutputFile output;
  if (const Status opened = output.Open(""); !opened.ok()) {
    return output.ReportFailure(opened.error());
  }
  TextWriter writer(output);
  const auto dump = arguments.parsed ? DumpParsed : arguments.wire ? DumpWire : DumpFootprint;
  std::optional<Error> damage = Joined(dump(file, *version, writer), input->damage);
  if (IsCancelled()) return kInterrupted;
  if (!writer.status().ok() || !writer.Write())
    return output.ReportFailure(writer.status().error());
  if (const Status done = output.Commit(); !done.ok()) return output.ReportFailure(done.error());
  if (!damage) return kAllRead;
  damage->path = arguments.path;
  Say(*damage);
  return kSomethingLost;
}

int Run(std::vector<std::string> texts) {
  Arguments arguments;
  if (const auto status = Read(std::move(texts), arguments)) return *status;
  if (arguments.parsed + arguments.wire + arguments.footprint != 1) {
    return RefuseUsage("give one of --parsed, --wire and --footprint", "gtengine dump");
  }
  const auto limits = ParseExpandLimits(arguments.expand);
  if (!limits.ok()) return RefuseUsage(limits.error(), "gtengine dump");
  return Dump(arguments, *limits);
}

}  // namespace

const Command kDumpCommand{"dump", "prints the events of a trace", Run};

}  // namespace gtengine::cli
