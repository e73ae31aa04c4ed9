#include "engine/analysis/text_filter.h"

#include <re2/re2.h>

#include <algorithm>

namespace gtengine {
namespace {

// Texts of traces are any bytes, so `*` stands for any bytes.
std::string RegexOfGlob(std::string_view glob) {
  std::string regex = "(?s)\\A";
  for (const char c : glob) {
    if (c == '*') {
      regex += "\\C*";
    } else if (c == '?') {
      regex += '.';
    } else {
      regex += re2::RE2::QuoteMeta(re2::StringPiece(&c, 1));
    }
  }
  return regex + "\\z";
}

}  // namespace

Result<TextFilter> TextFilter::Parse(const std::vector<std::string>& patterns) {
  TextFilter filter;
  for (const std::string& typed : patterns) {
    std::string_view pattern = typed;
    const bool is_refusal = pattern.starts_with('!');
    if (is_refusal) pattern.remove_prefix(1);
    const bool is_regex = pattern.size() >= 2 && pattern.starts_with('/') && pattern.ends_with('/');
    const std::string regex =
        is_regex ? std::string(pattern.substr(1, pattern.size() - 2)) : RegexOfGlob(pattern);
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto compiled = std::make_shared<const re2::RE2>(regex, options);
    if (!compiled->ok()) {
      return Error{.code = ErrorCode::kUsage,
                   .what = "\"" + typed + "\" is no pattern: " + compiled->error()};
    }
    (is_refusal ? filter.refused_ : filter.wanted_).push_back(std::move(compiled));
  }
  return filter;
}

TextMarks TextFilter::Mark(std::string_view text) const {
  const re2::StringPiece piece(text.data(), text.size());
  const auto any = [piece](const Patterns& patterns) {
    return std::ranges::any_of(patterns, [piece](const std::shared_ptr<const re2::RE2>& pattern) {
      return re2::RE2::PartialMatch(piece, *pattern);
    });
  };
  return static_cast<TextMarks>((any(wanted_) ? kWanted : 0) | (any(refused_) ? kRefused : 0));
}

}  // namespace gtengine
