// How and where a result is shown: what scan, merge and info have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/analysis/document.h"
#include "engine/base/result.h"
#include "engine/reports/report.h"
#include "engine/run/corpus_result.h"
#include "engine/run/partial_file.h"
#include "tools/program/output_file.h"

namespace gtengine::cli {

enum class Format : std::uint8_t { kTable, kJson, kCsv, kMarkdown, kPprof, kPartial };
// Which of them a command has: those that show documents, or the others, too.
enum class FormatSet : std::uint8_t { kDocuments, kAll };

// As typed.
struct OutputArguments {
  std::string format = "table";
  std::string path;  // empty: standard output
  std::string top = "20";
  std::string compat;
  std::string stuck = "100ms";
  std::string grep;
  std::string profile;  // empty: the only one
  bool is_quiet = false;
};

// Adds --format and -o.
void AddFormatArguments(CLI::App& app, OutputArguments& arguments, FormatSet set);
// Adds these, with all formats, and --top, --profile, --compat, --stuck, --grep and --quiet.
void AddReportArguments(CLI::App& app, OutputArguments& arguments);

// Errors (kUsage) are one line.
Result<Format> ParseFormat(std::string_view name, FormatSet set);
Result<ReportOptions> ParseReportOptions(const OutputArguments& arguments);
// Whether --profile goes with the format, and which profile of the reports it is; empty when the
// format is not kPprof.
Result<std::string> ParseProfile(const OutputArguments& arguments, Format format,
                                 std::span<const ReportType* const> reports);

// Whether the format is for programs only, and what a terminal is to be told then.
bool IsBinary(Format format);
inline constexpr const char* kNotForTerminals =
    "this format is not for a terminal: name a file with -o";

// Documents as text, tables as wide as the output is where it is a terminal. `format` is not
// binary.
std::string Render(std::span<const Document> documents, Format format, const OutputFile& output);

// The profile of that name over the traces of a partial file, for `go tool pprof`.
std::string RenderProfile(const run::PartialFile& file, const std::string& profile,
                          const ReportOptions& options);

// Sums and problems of the traces of a partial file; no reports.
run::CorpusResult SumWithoutReports(const run::PartialFile& file);

// That filters have left no trace.
std::string NoMatches(const run::CorpusResult& result);

// Says what was wrong and writes `bytes`, unless there was no trace at all: then says
// `without_traces`. Gives the exit status.
int FinishOutput(const run::CorpusResult& result, std::string_view bytes,
                 std::string_view without_traces, OutputFile& output);

}  // namespace gtengine::cli
