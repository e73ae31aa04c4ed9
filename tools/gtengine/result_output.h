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

enum class Format : std::uint8_t { kTable, kJson, kPartial };

// As typed.
struct OutputArguments {
  std::string format = "table";
  std::string path;  // empty: standard output
  std::string top = "20";
  std::string compat;
  bool is_quiet = false;
};

// Adds --format and -o; `formats` is for the help.
void AddFormatArguments(CLI::App& app, OutputArguments& arguments, const std::string& formats);
// Adds these and --top, --compat and --quiet.
void AddReportArguments(CLI::App& app, OutputArguments& arguments);

// Errors (kUsage) are one line.
Result<Format> ParseFormat(std::string_view name, bool has_partial);
Result<ReportOptions> ParseReportOptions(const OutputArguments& arguments);

// Documents as text, tables as wide as the output is where it is a terminal. `format` is not
// kPartial.
std::string Render(std::span<const Document> documents, Format format, const OutputFile& output);

// Sums and problems of the traces of a partial file; no reports.
run::CorpusResult SumWithoutReports(const run::PartialFile& file);

// Says what was wrong and writes `bytes`, unless there was no trace at all: then says
// `without_traces`. Gives the exit status.
int FinishOutput(const run::CorpusResult& result, std::string_view bytes,
                 std::string_view without_traces, OutputFile& output);

}  // namespace gtengine::cli
