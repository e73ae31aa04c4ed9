// How many threads this process is allowed to keep busy.
#pragma once

namespace gtengine::cli {

// The cores that its affinity leaves it, or what the CPU quotas of its cgroups (version 1 or 2)
// come to, rounded up, where that is less. At least 1.
int AvailableCores();

}  // namespace gtengine::cli
