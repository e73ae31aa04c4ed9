#include "tools/tracegen/names.h"

#include <fmt/format.h>

#include <array>

#include "engine/base/check.h"

namespace gtengine::tracegen {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Text::kCount)> kTexts{
    "chan receive",
    "network",
    "select",
    "sync",
    "sync.(*Cond).Wait",
    "sleep",
    "preempted",
    "runtime.Gosched",
    "GC sweep termination",
    "GC mark termination",
    "GC (dedicated)",
    "GC (fractional)",
    "GC (idle)",
};

constexpr std::array<std::string_view, kTaskNames> kTasks{
    "GET /items", "GET /cart",  "POST /cart", "POST /checkout",
    "search",     "index item", "send mail",  "refresh prices"};

constexpr std::array<std::string_view, kRegionNames> kRegions{
    "decode request", "authorize", "load session", "query", "cache",   "render",
    "encode answer",  "lock",      "price",        "stock", "payment", "audit"};

constexpr std::array<std::string_view, kLogKeys> kKeys{"user", "item", "status", "trace"};

constexpr std::array<std::string_view, 10> kPackages{"cart", "search", "stock", "price",  "session",
                                                     "mail", "audit",  "cache", "render", "queue"};

constexpr std::array<std::string_view, 12> kMethods{"Load",  "Store",  "Serve", "Update",
                                                    "Query", "Decode", "Find",  "Render",
                                                    "Wait",  "Send",   "Flush", "run"};

std::uint32_t Files(std::uint32_t functions) {
  return (functions + kFunctionsOfFile - 1) / kFunctionsOfFile;
}

template <class Texts>
std::uint32_t Append(const Texts& texts, std::vector<std::string>& all) {
  const auto begin = static_cast<std::uint32_t>(all.size());
  all.insert(all.end(), texts.begin(), texts.end());
  return begin;
}

std::string FunctionName(std::uint32_t index) {
  const std::uint32_t file = index / kFunctionsOfFile;
  return fmt::format("example.com/shop/{}.(*Store{}).{}{}", kPackages[file % kPackages.size()],
                     file, kMethods[index % kMethods.size()], index);
}

std::string FileName(std::uint32_t file) {
  return fmt::format("/src/example.com/shop/{}/store{}.go", kPackages[file % kPackages.size()],
                     file);
}

}  // namespace

std::uint32_t LeastTexts(std::uint32_t functions) {
  return static_cast<std::uint32_t>(Text::kCount) + kTaskNames + kRegionNames + kLogKeys +
         functions + Files(functions) + 1;
}

Names MakeNames(std::uint32_t count, std::uint32_t functions) {
  GTENGINE_CHECK(count >= LeastTexts(functions));
  Names names;
  names.texts.reserve(count);
  Append(kTexts, names.texts);
  names.tasks = Append(kTasks, names.texts);
  names.regions = Append(kRegions, names.texts);
  names.log_keys = Append(kKeys, names.texts);
  names.functions = static_cast<std::uint32_t>(names.texts.size());
  for (std::uint32_t i = 0; i < functions; ++i) names.texts.push_back(FunctionName(i));
  names.files = static_cast<std::uint32_t>(names.texts.size());
  for (std::uint32_t i = 0; i < Files(functions); ++i) names.texts.push_back(FileName(i));
  names.log_values = static_cast<std::uint32_t>(names.texts.size());
  while (names.texts.size() < count) {
    names.texts.push_back(fmt::format("value {}", names.texts.size()));
  }
  return names;
}

}  // namespace gtengine::tracegen
