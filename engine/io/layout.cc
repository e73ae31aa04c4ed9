#include "engine/io/layout.h"

#include <algorithm>
#include <utility>

namespace gtengine::io {

Result<Layout> Layout::Parse(std::string_view pattern) {
  struct Word {
    std::string_view text;
    Field field;
    std::string_view regex;
  };
  static constexpr Word kWords[] = {
      {"service", Field::kService, "([^/]+)"},
      {"host", Field::kHost, "([^/]+)"},
      {"yyyymmdd", Field::kDate, "([0-9]{8})"},
      {"hhmmss", Field::kTime, "([0-9]{6})"},
  };
  const auto bad = [&](const std::string& what) {
    return Error{.code = ErrorCode::kUsage,
                 .what = "layout \"" + std::string(pattern) + "\": " + what + "; an example is " +
                         std::string(kDefaultLayout)};
  };
  if (pattern.empty() || pattern.front() == '/') return bad("must be a relative path");
  Layout layout;
  std::string regex = "(?:^|.*/)";
  for (std::string_view left = pattern; !left.empty();) {
    const auto word = std::ranges::find_if(
        kWords, [left](const Word& candidate) { return left.starts_with(candidate.text); });
    if (word != std::end(kWords)) {
      if (std::ranges::count(layout.fields_, word->field) != 0) {
        return bad("\"" + std::string(word->text) + "\" stands in it twice");
      }
      layout.fields_.push_back(word->field);
      regex += word->regex;
      left.remove_prefix(word->text.size());
      continue;
    }
    if (left.front() == '*') {
      regex += "[^/]*";
    } else {
      if (std::string_view("\\^$.|?+()[]{}").find(left.front()) != std::string_view::npos) {
        regex += '\\';
      }
      regex += left.front();
    }
    left.remove_prefix(1);
  }
  if (layout.fields_.empty()) {
    return bad("has none of the words service, host, yyyymmdd, hhmmss");
  }
  layout.pattern_ = std::regex(regex, std::regex::ECMAScript | std::regex::optimize);
  return layout;
}

TraceOrigin Layout::Match(std::string_view path) const {
  TraceOrigin origin;
  std::match_results<std::string_view::const_iterator> match;
  if (!std::regex_match(path.begin(), path.end(), match, pattern_)) return origin;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    std::string text = match[i + 1].str();
    switch (fields_[i]) {
      case Field::kService:
        origin.service = std::move(text);
        break;
      case Field::kHost:
        origin.host = std::move(text);
        break;
      case Field::kDate:
        origin.date = std::move(text);
        break;
      case Field::kTime:
        origin.time = std::move(text);
        break;
    }
  }
  return origin;
}

}  // namespace gtengine::io
