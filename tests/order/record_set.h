// What a dump says whatever the order of its events: for legacy traces, where Go's own order among
// events of equal times is another in each run, and with it are times by a few ns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gtengine::testing {

// The dump's records without their times, in order of their text.
std::vector<std::string> RecordSet(std::string_view dump);

// The first record that one of two dumps has and the other has not; empty: there is none.
std::string FirstDifference(std::string_view a, std::string_view b);

}  // namespace gtengine::testing
