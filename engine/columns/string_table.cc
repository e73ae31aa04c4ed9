#include "engine/columns/string_table.h"

namespace gtengine {

StringTable::StringTable() {
  strings_.emplace_back();
  refs_.emplace(strings_.back(), kEmptyString);
}

StringTable::StringTable(const StringTable& other) : StringTable() { *this = other; }

StringTable& StringTable::operator=(const StringTable& other) {
  if (this == &other) return *this;
  *this = StringTable();
  for (const std::string& content : other.strings_) Intern(content);
  return *this;
}

StringRef StringTable::Intern(std::string_view content) {
  if (const auto found = refs_.find(content); found != refs_.end()) return found->second;
  const StringRef ref{static_cast<std::uint32_t>(strings_.size())};
  strings_.emplace_back(content);
  refs_.emplace(strings_.back(), ref);
  content_bytes_ += content.size();
  return ref;
}

}  // namespace gtengine
