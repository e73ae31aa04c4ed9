#include "tools/gtengine/trace_writer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/wire/format.h"
#include "tools/program/cancel.h"

namespace gtengine::cli {
namespace {

constexpr std::uint64_t kPieceBytes = std::uint64_t{4} << 20;

std::string_view Text(const io::MappedFile& file, std::uint64_t offset, std::uint64_t size) {
  return {reinterpret_cast<const char*>(file.view().data()) + offset,
          static_cast<std::size_t>(size)};
}

}  // namespace

Status WriteTraceOf(const io::MappedFile& file, const order::GenerationRun& run,
                    OutputFile& output) {
  Status status = output.Write(Text(file, 0, wire::kHeaderBytes));
  for (std::uint64_t at = run.begin; status.ok() && at < run.end && !IsCancelled();) {
    const std::uint64_t size = std::min(kPieceBytes, run.end - at);
    status = output.Write(Text(file, at, size));
    at += size;
    file.Release(at);
  }
  return status;
}

}  // namespace gtengine::cli
