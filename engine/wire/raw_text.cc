#include "engine/wire/raw_text.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "engine/base/go_quote.h"

namespace gtengine::wire {
namespace {

constexpr std::array<std::string_view, kNumbersPerFrame> kFrameFields{"pc", "func", "file", "line"};

void AppendField(std::string_view name, std::uint64_t value, std::string& out) {
  const fmt::format_int digits(value);
  out += name;
  out += '=';
  out.append(digits.data(), digits.size());
}

}  // namespace

void AppendRawText(const RawEvent& event, std::string& out) {
  const EventSpec& spec = SpecOf(event.type);
  out += spec.name;
  const auto args = event.args();
  for (std::size_t i = 0; i < args.size(); ++i) {
    out += ' ';
    AppendField(spec.args[i], args[i], out);
  }
  const auto frames = event.frames();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::size_t field = i % kNumbersPerFrame;
    out += field == 0 ? "\n\t" : " ";
    AppendField(kFrameFields[field], frames[i], out);
  }
  if (event.data.empty()) return;
  out += "\n\tdata=";
  AppendGoQuoted({reinterpret_cast<const char*>(event.data.data()), event.data.size()}, out);
}

}  // namespace gtengine::wire
