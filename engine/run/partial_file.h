// Scans as files: results of single traces that can be kept, moved and merged.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/run/corpus_result.h"

namespace gtengine::run {

// A partial file in memory. Traces are apart in it, so that merging knows a trace that two shards
// scanned, and counts it once.
struct PartialFile {
  std::vector<std::string> reports;  // names
  std::vector<TraceResult> traces;
  std::vector<Duplicate> duplicates;
  std::vector<Unread> unread;
  std::uint64_t passed_over = 0;
  Selection selection = {};
  std::uint64_t left_out = 0;  // traces, by filters
};

// Bytes of a partial file: a protobuf message behind a line of magic (docs/partials.md). Canonical:
// equal content gives equal bytes.
std::string SerializePartialFile(PartialFile file);

// Whether a file that begins with these bytes is to be read as a partial file.
bool LooksLikePartialFile(std::string_view bytes);

// Reads what SerializePartialFile wrote. Safe on any bytes. Errors: kNotATrace (no partial file),
// kUnsupportedVersion (names the version found and the one that is read), kCorrupt.
Result<PartialFile> ParsePartialFile(std::string_view bytes);

// One result from many partial files: equal to the scan of all their traces at once. Traces of
// equal content are counted once, under the path that sorts first. Errors (kUsage): the files hold
// different reports, or were made with different filters or groups.
Result<CorpusResult> MergePartialFiles(std::vector<PartialFile> files);
// The same, staying apart.
Result<PartialFile> JoinPartialFiles(std::vector<PartialFile> files);
// The result of a joined file.
CorpusResult SumPartialFile(PartialFile file);

// Groups the traces of files otherwise than they were: by any keys of traces, since these stay
// apart, and by the same keys of rows. Errors (kUsage) are one line.
Status RegroupPartialFiles(std::vector<PartialFile>& files, const std::vector<GroupKey>& group_by);

// Leaves only the reports of those names, all of which the file has, in that order.
void KeepReports(PartialFile& file, const std::vector<std::string>& names);

}  // namespace gtengine::run
