#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <tuple>
#include <utility>

#include "engine/analysis/keyed_distributions.h"
#include "engine/analysis/stack_copier.h"
#include "engine/base/clock.h"
#include "engine/reports/sched.h"
#include "engine/reports/sched_partial.h"
#include "engine/reports/waits.h"
#include "kernels/span_lengths.h"

namespace gtengine {
namespace {

constexpr std::uint32_t kKinds = kWaitKindCount;
constexpr std::uint8_t kSkip = kWaitKindCount;

// By the flags of a span: the kind of the wait, or kSkip when it is not counted.
constexpr std::array<std::uint8_t, 256> kKindOfFlags = [] {
  std::array<std::uint8_t, 256> kinds{};
  for (std::size_t flags = 0; flags < kinds.size(); ++flags) {
    const auto bits = static_cast<std::uint8_t>(flags);
    kinds[flags] = bits & kCutAtEnd ? kSkip : static_cast<std::uint8_t>(KindOfWait(bits));
  }
  return kinds;
}();

// Cause and kind of a wait as one code, and back.
constexpr std::uint32_t CodeOf(SpanCause cause, std::uint32_t kind) {
  return static_cast<std::uint32_t>(cause) * kKinds + kind;
}
constexpr SpanCause CauseOf(std::uint32_t code) { return static_cast<SpanCause>(code / kKinds); }
constexpr WaitKind KindOf(std::uint32_t code) { return static_cast<WaitKind>(code % kKinds); }

// A candidate for the worst, still in terms of the trace's tables.
struct LongWait {
  std::int64_t duration_ns;
  TimeNs start_ns;
  GoId g;
  std::uint32_t code;
  StackRef stack;
};

struct LongestFirst {
  bool operator()(const LongWait& a, const LongWait& b) const {
    if (a.duration_ns != b.duration_ns) return a.duration_ns > b.duration_ns;
    return std::tie(a.start_ns, a.g, a.code, a.stack) < std::tie(b.start_ns, b.g, b.code, b.stack);
  }
};

// Two distributions are updated a row: the one of (stack, cause, kind), from which everything but
// the start functions is derived at the end, and the one of (start function, kind). On cache lines
// of its own, since its neighbour in memory may belong to another thread.
class alignas(64) SchedAccumulator final : public ReportAccumulator {
 public:
  explicit SchedAccumulator(TraceIdentity trace) : trace_(std::move(trace)) {}

  SpanRequest Request() const override {
    SpanRequest request;
    request.states[static_cast<std::size_t>(GoState::kRunnable)] = true;
    request.goroutine_columns.g = true;
    request.goroutine_columns.start_function = true;
    request.goroutine_columns.start_stack = true;
    request.goroutine_columns.cause = true;
    return request;
  }

  void OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables& tables) override;
  void OnLateName(std::uint32_t goroutine, StringRef start_function,
                  const TraceTables& tables) override;
  std::unique_ptr<ReportPartial> Finish(const TraceTables& tables) override;
  std::size_t state_bytes(const Growth& growth) override {
    return sites_.heap_bytes(0) + start_functions_.heap_bytes(0) +
           unnamed_.heap_bytes(unnamed_.key_limit() > 0 ? growth.goroutines : 0);
  }

 private:
  using Longest = TopK<LongWait, LongestFirst>;

  void AddLong(const LongWait& wait);
  void Name(std::uint32_t goroutine, StringRef start_function);
  void FinishSites(const TraceTables& tables, SchedPartial& partial) const;
  void FinishStartFunctions(const TraceTables& tables, SchedPartial& partial);
  void FinishWorst(const TraceTables& tables, const Longest& longest, SchedPartial& partial) const;

  TraceIdentity trace_;
  KeyedDistributions sites_;               // by StackRef; codes as CodeOf
  KeyedDistributions start_functions_;     // by StringRef; codes are kinds
  KeyedDistributions unnamed_;             // by goroutine number; codes are kinds
  std::array<std::int64_t, 2> long_ns_{};  // shorter waits are not among the longest
  std::array<Longest, 2> longest_{Longest(SchedPartial::kWorstKept),
                                  Longest(SchedPartial::kWorstKept)};  // ordinary; the others
};

void SchedAccumulator::OnGoroutineSpans(const GoroutineSpans& spans, const TraceTables&) {
  if (spans.state != GoState::kRunnable) return;
  // Uninitialised on purpose: the kernel writes what is read.
  std::array<std::int64_t, GoroutineSpans::kRows> lengths_ns;
  std::array<std::uint16_t, GoroutineSpans::kRows> buckets;
  kernels::MeasureSpans(spans.start_ns.data(), spans.end_ns.data(), spans.rows, lengths_ns.data(),
                        buckets.data());
  for (std::size_t row = 0; row < spans.rows; ++row) {
    const std::uint32_t kind = kKindOfFlags[spans.flags[row]];
    const std::int64_t duration_ns = lengths_ns[row];
    if (kind == kSkip || duration_ns <= 0) continue;

    const std::size_t bucket = buckets[row];
    const StackRef stack = spans.start_stack[row];
    const std::uint32_t code = CodeOf(spans.cause[row], kind);
    sites_.At(static_cast<std::uint32_t>(stack), code).Add(duration_ns, bucket);

    const StringRef function = spans.start_function[row];
    if (function != kEmptyString) [[likely]] {
      start_functions_.At(static_cast<std::uint32_t>(function), kind).Add(duration_ns, bucket);
    } else {
      unnamed_.At(spans.goroutine[row], kind).Add(duration_ns, bucket);
    }

    if (duration_ns >= long_ns_[kind != 0]) [[unlikely]]
      AddLong({duration_ns, spans.start_ns[row], spans.g[row], code, stack});
  }
}

void SchedAccumulator::AddLong(const LongWait& wait) {
  const std::size_t kind = KindOf(wait.code) != WaitKind::kOrdinary;
  longest_[kind].Add(wait);
  if (const LongWait* last = longest_[kind].last_kept()) long_ns_[kind] = last->duration_ns;
}

void SchedAccumulator::OnLateName(std::uint32_t goroutine, StringRef start_function,
                                  const TraceTables&) {
  Name(goroutine, start_function);
}

void SchedAccumulator::Name(std::uint32_t goroutine, StringRef start_function) {
  unnamed_.ForEachCode(goroutine, [&](std::uint32_t kind, const Distribution& waits) {
    start_functions_.At(static_cast<std::uint32_t>(start_function), kind).Combine(waits);
  });
  unnamed_.Forget(goroutine);
}

std::unique_ptr<ReportPartial> SchedAccumulator::Finish(const TraceTables& tables) {
  auto partial = std::make_unique<SchedPartial>();
  FinishSites(tables, *partial);
  FinishStartFunctions(tables, *partial);
  for (const Longest& longest : longest_) FinishWorst(tables, longest, *partial);
  return partial;
}

void SchedAccumulator::FinishSites(const TraceTables& tables, SchedPartial& partial) const {
  StackCopier copier(tables, partial.tables);
  Waits overall;
  for (std::uint32_t stack = 0; stack < sites_.key_limit(); ++stack) {
    sites_.ForEachCode(stack, [&](std::uint32_t code, const Distribution& waits) {
      const WaitKind kind = KindOf(code);
      partial.Site(copier.Copy(StackRef{stack}))[kind].Combine(waits);
      partial.causes[static_cast<std::size_t>(CauseOf(code))][kind].Combine(waits);
      overall[kind].Combine(waits);
    });
  }
  if (!overall.empty()) partial.services[trace_.service].Combine(overall);
}

void SchedAccumulator::FinishStartFunctions(const TraceTables& tables, SchedPartial& partial) {
  for (std::uint32_t goroutine = 0; goroutine < unnamed_.key_limit(); ++goroutine) {
    Name(goroutine, kEmptyString);
  }
  for (std::uint32_t function = 0; function < start_functions_.key_limit(); ++function) {
    const std::string_view name = tables.strings.Get(StringRef{function});
    start_functions_.ForEachCode(function, [&](std::uint32_t kind, const Distribution& waits) {
      partial.start_functions[std::string(name)][static_cast<WaitKind>(kind)].Combine(waits);
    });
  }
}

void SchedAccumulator::FinishWorst(const TraceTables& tables, const Longest& longest,
                                   SchedPartial& partial) const {
  for (const LongWait& wait : longest.Sorted()) {
    WorstWait worst;
    worst.duration_ns = wait.duration_ns;
    worst.path = trace_.path;
    worst.offset_ns = static_cast<TimeNs>(static_cast<std::uint64_t>(wait.start_ns) -
                                          static_cast<std::uint64_t>(trace_.start_ns));
    worst.g = wait.g;
    if (const auto frames = tables.stacks.GetStack(wait.stack); !frames.empty()) {
      worst.function = tables.strings.Get(tables.stacks.GetFrame(frames.front()).function);
    }
    worst.cause = CauseOf(wait.code);
    worst.kind = KindOf(wait.code);
    partial.WorstOf(worst.kind).Add(std::move(worst));
  }
}

}  // namespace

std::unique_ptr<ReportAccumulator> BeginSched(TraceIdentity trace) {
  return std::make_unique<SchedAccumulator>(std::move(trace));
}

ReportType SchedReport() {
  return {
      .name = SchedPartial::kName,
      .summary = "how long runnable goroutines waited for a P, by what made them runnable",
      .version = SchedPartial::kVersion,
      .begin = BeginSched,
      .takes_parts = true,
      .empty = []() -> std::unique_ptr<ReportPartial> { return std::make_unique<SchedPartial>(); },
      .parse = SchedPartial::Parse,
      .visit_lengths =
          [](const ReportPartial& partial, const LengthVisitor& visit) {
            dynamic_cast<const SchedPartial&>(partial).VisitLengths(visit);
          }};
}

}  // namespace gtengine
