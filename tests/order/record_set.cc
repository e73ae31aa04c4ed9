#include "tests/order/record_set.h"

#include <algorithm>
#include <iterator>
#include <regex>

namespace gtengine::testing {

std::vector<std::string> RecordSet(std::string_view dump) {
  static const std::regex kTime(" Time=-?[0-9]+");
  std::vector<std::string> records;
  while (dump.ends_with('\n')) dump.remove_suffix(1);
  while (!dump.empty()) {
    // A record begins like this and nothing else does: stacks begin with a tab.
    std::size_t next = dump.find("\nM=");
    const bool is_last = next == std::string_view::npos;
    records.push_back(std::regex_replace(std::string(dump.substr(0, next)), kTime, ""));
    dump.remove_prefix(is_last ? dump.size() : next + 1);
  }
  std::ranges::sort(records);
  return records;
}

std::string FirstDifference(std::string_view a, std::string_view b) {
  std::vector<std::string> records = RecordSet(a);
  std::vector<std::string> others = RecordSet(b);
  std::vector<std::string> different;
  std::ranges::set_symmetric_difference(records, others, std::back_inserter(different));
  return different.empty() ? "" : different.front();
}

}  // namespace gtengine::testing
