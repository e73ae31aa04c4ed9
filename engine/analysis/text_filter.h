// Patterns that choose among texts: names of services, functions, tasks, ...
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace re2 {
class RE2;
}

namespace gtengine {

// What the patterns of a TextFilter say of a text, or of several at once: bits that are united.
using TextMarks = std::uint8_t;
inline constexpr TextMarks kNoMarks = 0;

// A list of patterns. One stands for the whole text, `*` in it for any bytes, `?` for one
// character; or it is a regular expression (RE2) between slashes, to be found anywhere in the text.
// With `!` before it, it refuses what it matches. Something is accepted when one of its texts
// matches a pattern without `!`, or there is none such, and none matches one with `!`. So every
// pattern and its contrary divide all there is in two.
//
// Matching is linear in the text. Immutable, cheap to copy; may be used from any thread.
class TextFilter {
 public:
  // Accepts everything.
  TextFilter() = default;
  // Errors (kUsage) say what is wrong with which pattern, in one line.
  static Result<TextFilter> Parse(const std::vector<std::string>& patterns);

  // Whether it has no pattern.
  bool empty() const { return wanted_.empty() && refused_.empty(); }

  TextMarks Mark(std::string_view text) const;
  // By the marks of all texts of a thing; kNoMarks: of one without a text.
  bool Accepts(TextMarks marks) const {
    return (marks & kRefused) == 0 && (wanted_.empty() || (marks & kWanted) != 0);
  }
  bool AcceptsText(std::string_view text) const { return Accepts(Mark(text)); }

 private:
  static constexpr TextMarks kWanted = 1;
  static constexpr TextMarks kRefused = 2;
  using Patterns = std::vector<std::shared_ptr<const re2::RE2>>;

  Patterns wanted_;
  Patterns refused_;
};

}  // namespace gtengine
