#include "engine/analysis/length_key.h"

#include <cstddef>
#include <utility>

namespace gtengine {
namespace {

constexpr std::string_view kUnknown = "(not known)";

}  // namespace

LengthKey KeyOfStack(std::string what, const TraceTables& tables, StackRef stack) {
  LengthKey key{.what = std::move(what), .name = "(no stack)", .detail = {}};
  const auto frames = tables.stacks.GetStack(stack);
  const auto function = [&](std::size_t frame) {
    return std::string(tables.strings.Get(tables.stacks.GetFrame(frames[frame]).function));
  };
  if (!frames.empty()) key.name = function(0);
  if (key.name.empty()) key.name = kUnknown;
  if (frames.size() > 1) key.detail = function(1);
  return key;
}

LengthKey KeyOfName(std::string what, std::string_view name) {
  return {
      .what = std::move(what), .name = std::string(name.empty() ? kUnknown : name), .detail = {}};
}

}  // namespace gtengine
