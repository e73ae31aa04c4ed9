// The subcommands, a file each.
#pragma once

#include "tools/gtengine/command_line.h"

namespace gtengine::cli {

extern const Command kScanCommand;
extern const Command kMergeCommand;
extern const Command kDiffCommand;
extern const Command kDumpCommand;
extern const Command kInfoCommand;
extern const Command kReportsCommand;
extern const Command kFindCommand;
extern const Command kSliceCommand;
extern const Command kVerifyCommand;
extern const Command kRepairCommand;

}  // namespace gtengine::cli
