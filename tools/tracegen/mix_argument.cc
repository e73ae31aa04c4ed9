#include "tools/tracegen/mix_argument.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "tools/program/size_argument.h"

namespace gtengine::tracegen {
namespace {

constexpr std::uint64_t kGreatestWeight = 1'000'000;

struct NamedWeight {
  std::string_view name;
  std::uint32_t Mix::*weight;
  std::string_view purpose;
};

constexpr std::array kWeights{
    NamedWeight{"block", &Mix::block, "wait for something"},
    NamedWeight{"unblock", &Mix::unblock, "wake another goroutine"},
    NamedWeight{"stop", &Mix::stop, "yield, or be preempted"},
    NamedWeight{"create", &Mix::create, "begin a goroutine or, as often, end"},
    NamedWeight{"syscall", &Mix::syscall, "a system call"},
    NamedWeight{"steal", &Mix::steal, "a system call that loses its P"},
    NamedWeight{"switch", &Mix::switching, "coroutines, from format 23 on"},
    NamedWeight{"task", &Mix::task, "begin or end a task"},
    NamedWeight{"region", &Mix::region, "begin or end a region"},
    NamedWeight{"log", &Mix::log, "log a message"},
    NamedWeight{"label", &Mix::label, "take a label"},
    NamedWeight{"heap", &Mix::heap, "tell the heap's size"},
    NamedWeight{"park", &Mix::park, "of an M without a goroutine: give its P back"},
};

Error Refusal(std::string_view option, std::string_view what) {
  return {.code = ErrorCode::kUsage, .what = fmt::format("{}: {}", option, what)};
}

std::string Names() {
  std::string names;
  for (const NamedWeight& named : kWeights) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", named.name);
  }
  return names;
}

Status ReadWeight(std::string_view option, std::string_view text, Mix& mix) {
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const auto named = std::ranges::find(kWeights, name, &NamedWeight::name);
  if (equals == std::string_view::npos || named == kWeights.end()) {
    return Refusal(option, fmt::format("\"{}\" is not NAME=WEIGHT; names are: {}", text, Names()));
  }
  const auto weight = cli::ParseNumber(fmt::format("{} {}", option, name), text.substr(equals + 1),
                                       0, kGreatestWeight);
  if (!weight.ok()) return weight.error();
  mix.*named->weight = static_cast<std::uint32_t>(*weight);
  return {};
}

}  // namespace

Result<Mix> ParseMix(std::string_view option, std::string_view text, wire::Version version) {
  Mix mix;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    if (Status status = ReadWeight(option, text.substr(0, comma), mix); !status.ok()) {
      return status.error();
    }
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  std::uint64_t total = 0;
  for (const NamedWeight& named : kWeights) total += mix.*named.weight;
  // Ms park with nothing to do; a running goroutine has something.
  total -= mix.park;
  if (version < wire::Version::k23) total -= mix.switching;
  if (total == 0) return Refusal(option, "nothing is left that a goroutine could do");
  return mix;
}

std::string DescribeMix() {
  std::string text;
  const Mix mix;
  for (const NamedWeight& named : kWeights) {
    text += fmt::format("  {:<8} {:>3}  {}\n", named.name, mix.*named.weight, named.purpose);
  }
  return text;
}

}  // namespace gtengine::tracegen
