// What tests of scans share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "engine/reports/registry.h"
#include "engine/run/corpus_scan.h"

namespace gtengine::run {

inline ScanOptions SchedOptions(int threads = 2) {
  return {.reports = {FindReport("sched")},
          .layout = io::Layout::Parse(io::kDefaultLayout).value(),
          .threads = threads,
          .memory_bytes = std::uint64_t{1} << 30,
          .on_progress = {},
          .is_cancelled = {}};
}

inline std::string CorpusPath(const std::string& name = "") {
  return std::string(GTENGINE_SOURCE_DIR) + "/corpus" + (name.empty() ? "" : "/" + name);
}

// Four short traces of the corpus: two formats, one with several generations.
inline std::vector<std::string> SmallTraces() {
  return {CorpusPath("edge/procs-23/20261123/094829.trace"),
          CorpusPath("edge/procs-27/20261123/094830.trace"),
          CorpusPath("chat/coro-23/20261123/094822.trace"),
          CorpusPath("edge/sys-22/20261123/094824.trace")};
}

// A trace as text (tests/order/text_trace.h) whose first goroutine makes so many others, which
// stay.
inline std::string CrowdText(int goroutines) {
  std::string text =
      "version 26\ngeneration 1\nfrequency 1000000000\nbatch m=1 time=10\n"
      "  ProcStatus p=0 pstatus=running\n  GoStatus g=1 gstatus=running\n";
  for (int i = 0; i < goroutines; ++i) {
    if (i % 5000 == 0) text += "batch m=1 time=" + std::to_string(100 + 10 * i) + "\n";
    text += "  GoCreate dt=1 new_g=" + std::to_string(i + 2) + "\n";
  }
  return text + "expect ok 0\n";
}

// Everything that a result says, as text that is equal exactly when the results are.
inline std::string Text(const CorpusResult& result) {
  std::string text;
  for (const Document& document : result.ToDocuments({})) {
    text += "# " + document.report + "\n";
    const auto cell = [&text](const Cell& value) {
      if (value.text() != nullptr) text += *value.text();
      if (value.integer() != nullptr) {
        text += std::to_string(static_cast<long long>(*value.integer()));
      }
      text += '|';
    };
    for (const Fact& fact : document.facts) {
      text += fact.key + "=";
      cell(fact.value);
    }
    for (const Table& table : document.tables) {
      text += "\n## " + table.id + "\n";
      for (const auto& row : table.rows) {
        for (const Cell& value : row) cell(value);
        text += '\n';
      }
    }
    for (const std::string& note : document.notes) text += note + "\n";
  }
  return text + result.partial(0).Serialize();
}

}  // namespace gtengine::run
