#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/reports/field_reader.h"
#include "engine/reports/partial_codec.h"
#include "engine/reports/sched_partial.h"

namespace gtengine {
namespace {

enum SchedField : protozero::pbf_tag_type {
  kSite = kFirstOfReport,
  kCause,
  kStartFunction,
  kService,
  kWorst,
};
// Fields of Site, Cause, StartFunction and Service.
enum KeyedField : protozero::pbf_tag_type { kKey = 1, kWaits = 2 };
enum WorstField : protozero::pbf_tag_type {
  kDuration = 1,
  kPath,
  kOffset,
  kGoroutine,
  kFunction,
  kWorstCause,
  kKind,
};

template <class... Tags>
constexpr std::uint32_t TagSet(Tags... tags) {
  return ((1u << static_cast<std::uint32_t>(tags)) | ...);
}

ContentNumbers NumberContent(const SchedPartial& partial, const std::vector<WorstWait>& worst) {
  ContentNumbers numbers(partial.tables);
  for (std::size_t i = 0; i < partial.sites.size(); ++i) {
    if (!partial.sites[i].empty()) numbers.AddStack(StackRef{static_cast<std::uint32_t>(i)});
  }
  for (const auto* names : {&partial.start_functions, &partial.services}) {
    for (const auto& [name, waits] : *names) {
      if (!waits.empty()) numbers.AddString(name);
    }
  }
  for (const WorstWait& wait : worst) {
    numbers.AddString(wait.path);
    numbers.AddString(wait.function);
  }
  numbers.Seal();
  return numbers;
}

void WriteSites(protozero::pbf_writer& message, const SchedPartial& partial,
                const ContentNumbers& numbers) {
  std::vector<std::pair<std::vector<std::uint32_t>, const Waits*>> sites;
  for (std::size_t i = 0; i < partial.sites.size(); ++i) {
    if (partial.sites[i].empty()) continue;
    sites.emplace_back(numbers.StackNumbers(StackRef{static_cast<std::uint32_t>(i)}),
                       &partial.sites[i]);
  }
  std::sort(sites.begin(), sites.end());
  for (const auto& [frames, waits] : sites) {
    protozero::pbf_writer fields(message, kSite);
    fields.add_packed_uint32(kKey, frames.begin(), frames.end());
    WriteWaits(fields, kWaits, *waits);
  }
}

void WriteByName(protozero::pbf_writer& message, SchedField tag, const SchedPartial::ByName& names,
                 const ContentNumbers& numbers) {
  for (const auto& [name, waits] : names) {
    if (waits.empty()) continue;
    protozero::pbf_writer fields(message, tag);
    fields.add_uint32(kKey, numbers.StringNumber(name));
    WriteWaits(fields, kWaits, waits);
  }
}

void WriteWorst(protozero::pbf_writer& message, const WorstWait& wait,
                const ContentNumbers& numbers) {
  protozero::pbf_writer fields(message, kWorst);
  fields.add_uint64(kDuration, static_cast<std::uint64_t>(wait.duration_ns));
  fields.add_uint32(kPath, numbers.StringNumber(wait.path));
  fields.add_sint64(kOffset, wait.offset_ns);
  fields.add_sint64(kGoroutine, Raw(wait.g));
  fields.add_uint32(kFunction, numbers.StringNumber(wait.function));
  fields.add_uint32(kWorstCause, static_cast<std::uint32_t>(wait.cause));
  fields.add_uint32(kKind, static_cast<std::uint32_t>(wait.kind));
}

// One Sched message into a partial, field by field.
class SchedReader {
 public:
  explicit SchedReader(SchedPartial& partial) : partial_(partial), content_(partial.tables) {}

  void Read(FieldReader& fields) {
    switch (fields.tag()) {
      case kStringField:
        content_.ReadString(fields.Bytes());
        break;
      case kFrameField:
        content_.ReadFrame(fields.Bytes());
        break;
      case kSite:
        ReadSite(fields.Bytes());
        break;
      case kCause:
        ReadCause(fields.Bytes());
        break;
      case kStartFunction:
        ReadName(fields.Bytes(), partial_.start_functions);
        break;
      case kService:
        ReadName(fields.Bytes(), partial_.services);
        break;
      case kWorst:
        ReadWorst(fields.Bytes());
        break;
      default:
        RefuseUnknownField();
    }
  }

 private:
  void ReadSite(std::string_view message) {
    std::vector<FrameRef> frames;
    Waits waits;
    FieldReader fields(message);
    while (fields.Next()) {
      switch (fields.tag()) {
        case kKey:
          for (const std::uint64_t frame : fields.PackedUint64()) {
            frames.push_back(content_.FrameOf(frame));
          }
          break;
        case kWaits:
          waits = ReadWaits(fields.Bytes());
          break;
        default:
          RefuseUnknownField();
      }
    }
    if (waits.empty()) throw BadPartial("a site has no waits");
    if (any_site_ && frames <= last_site_) throw BadPartial("sites are out of order");
    partial_.Site(partial_.tables.stacks.InternStack(frames)) = std::move(waits);
    last_site_ = std::move(frames);
    any_site_ = true;
  }

  // A message of a number and waits.
  std::pair<std::uint64_t, Waits> ReadKeyed(std::string_view message) {
    std::pair<std::uint64_t, Waits> keyed;
    FieldReader fields(message);
    while (fields.Next()) {
      switch (fields.tag()) {
        case kKey:
          keyed.first = fields.Uint64();
          break;
        case kWaits:
          keyed.second = ReadWaits(fields.Bytes());
          break;
        default:
          RefuseUnknownField();
      }
    }
    if (keyed.second.empty()) throw BadPartial("an entry has no waits");
    return keyed;
  }

  void ReadCause(std::string_view message) {
    auto [cause, waits] = ReadKeyed(message);
    if (cause < next_cause_ || cause >= kSpanCauseCount) {
      throw BadPartial("a cause does not exist or is out of order");
    }
    next_cause_ = cause + 1;
    partial_.causes[cause] = std::move(waits);
  }

  void ReadName(std::string_view message, SchedPartial::ByName& names) {
    auto [number, waits] = ReadKeyed(message);
    std::string name(String(number));
    if (!names.empty() && name <= names.rbegin()->first) throw BadPartial("names are out of order");
    names.emplace_hint(names.end(), std::move(name), std::move(waits));
  }

  void ReadWorst(std::string_view message) {
    WorstWait wait;
    std::uint64_t cause = 0;
    std::uint64_t kind = 0;
    FieldReader fields(message);
    while (fields.Next()) {
      switch (fields.tag()) {
        case kDuration:
          wait.duration_ns = static_cast<std::int64_t>(fields.Uint64());
          break;
        case kPath:
          wait.path = String(fields.Uint64());
          break;
        case kOffset:
          wait.offset_ns = fields.Sint64();
          break;
        case kGoroutine:
          wait.g = GoId{fields.Sint64()};
          break;
        case kFunction:
          wait.function = String(fields.Uint64());
          break;
        case kWorstCause:
          cause = fields.Uint64();
          break;
        case kKind:
          kind = fields.Uint64();
          break;
        default:
          RefuseUnknownField();
      }
    }
    if (wait.duration_ns < 0 || cause >= kSpanCauseCount || kind >= kWaitKindCount) {
      throw BadPartial("one of the worst waits cannot be");
    }
    wait.cause = static_cast<SpanCause>(cause);
    wait.kind = static_cast<WaitKind>(kind);
    SchedPartial::Worst& worst = partial_.WorstOf(wait.kind);
    if (worst.size() == worst.k()) throw BadPartial("there are too many worst waits");
    worst.Add(std::move(wait));
  }

  std::string_view String(std::uint64_t number) const {
    return partial_.tables.strings.Get(content_.StringOf(number));
  }

  SchedPartial& partial_;
  ContentReader content_;
  std::vector<FrameRef> last_site_;
  bool any_site_ = false;
  std::uint64_t next_cause_ = 0;
};

// Each wait is counted once in every breakdown, so all of them have the same totals.
template <class Range, class WaitsOf>
std::pair<Uint128, Uint128> Totals(const Range& range, WaitKind kind, WaitsOf waits_of) {
  std::pair<Uint128, Uint128> totals{};
  for (const auto& entry : range) {
    totals.first += waits_of(entry)[kind].count();
    totals.second += waits_of(entry)[kind].sum();
  }
  return totals;
}

bool TotalsAgree(const SchedPartial& partial) {
  const auto whole = [](const Waits& waits) -> const Waits& { return waits; };
  const auto second = [](const auto& entry) -> const Waits& { return entry.second; };
  for (std::size_t i = 0; i < kWaitKindCount; ++i) {
    const auto kind = static_cast<WaitKind>(i);
    const auto expected = Totals(partial.sites, kind, whole);
    if (Totals(partial.causes, kind, whole) != expected) return false;
    if (Totals(partial.start_functions, kind, second) != expected) return false;
    if (Totals(partial.services, kind, second) != expected) return false;
  }
  return true;
}

}  // namespace

std::string SchedPartial::Serialize() const {
  std::vector<WorstWait> worst = worst_ordinary.Sorted();
  for (WorstWait& wait : worst_other.Sorted()) worst.push_back(std::move(wait));
  const ContentNumbers numbers = NumberContent(*this, worst);

  std::string bytes;
  protozero::pbf_writer message(bytes);
  message.add_string(kReportField, kName.data(), kName.size());
  message.add_uint32(kVersionField, kVersion);
  numbers.Write(message);
  WriteSites(message, *this, numbers);
  for (std::size_t cause = 0; cause < kSpanCauseCount; ++cause) {
    if (causes[cause].empty()) continue;
    protozero::pbf_writer fields(message, SchedField::kCause);
    fields.add_uint32(kKey, static_cast<std::uint32_t>(cause));
    WriteWaits(fields, kWaits, causes[cause]);
  }
  WriteByName(message, kStartFunction, start_functions, numbers);
  WriteByName(message, kService, services, numbers);
  for (const WorstWait& wait : worst) WriteWorst(message, wait, numbers);
  return bytes;
}

Result<std::unique_ptr<ReportPartial>> SchedPartial::Parse(std::string_view bytes) {
  return GuardedParse(kName, [&]() -> Result<std::unique_ptr<ReportPartial>> {
    FieldReader fields(
        bytes, TagSet(kStringField, kFrameField, kSite, kCause, kStartFunction, kService, kWorst));
    if (!fields.Next() || fields.tag() != kReportField || fields.Bytes() != kName) {
      throw BadPartial("the bytes are not one");
    }
    if (!fields.Next() || fields.tag() != kVersionField) throw BadPartial("there is no version");
    if (const std::uint64_t version = fields.Uint64(); version != kVersion) {
      return UnknownPartialVersion(kName, version, kVersion);
    }
    auto partial = std::make_unique<SchedPartial>();
    SchedReader reader(*partial);
    while (fields.Next()) reader.Read(fields);
    if (!TotalsAgree(*partial)) throw BadPartial("its breakdowns have different totals");
    return std::unique_ptr<ReportPartial>(std::move(partial));
  });
}

}  // namespace gtengine
