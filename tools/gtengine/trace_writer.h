// Writing of parts of a trace as traces.
#pragma once

#include "engine/base/result.h"
#include "engine/io/mapped_file.h"
#include "engine/order/generation_run.h"
#include "tools/program/output_file.h"

namespace gtengine::cli {

// Writes the trace's header and the bytes of the run, in pieces. Ends early, with any result, when
// the program is to stop. Errors are those of OutputFile::Write; the file is not committed.
Status WriteTraceOf(const io::MappedFile& file, const order::GenerationRun& run,
                    OutputFile& output);

}  // namespace gtengine::cli
