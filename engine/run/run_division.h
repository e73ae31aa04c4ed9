// One run of generations, read by as many threads as are free.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/result.h"
#include "engine/order/boundary_state.h"
#include "engine/run/trace_part.h"
#include "engine/spans/part_join.h"
#include "engine/wire/salvage.h"

namespace gtengine::run {

// Reads a run in one part. When threads are free meanwhile, they take what is behind: each orders
// from the middle on, after a generation of warm-up, from a guess of the state there. The parts
// then are compared where they meet. What does not fit is read again, in order, so that the result
// never depends on the division. Used from one thread.
class RunDivision {
 public:
  // `start_ns`: of the trace, when an earlier run has told it.
  RunDivision(const PartSource& source, const TracePart::Place& place,
              const TraceIdentity& identity, std::optional<TimeNs> start_ns,
              TracePart::OnGeneration on_generation);
  ~RunDivision();
  RunDivision(const RunDivision&) = delete;
  RunDivision& operator=(const RunDivision&) = delete;

  // Reads the whole run, up to its end or the first error in the order of the trace.
  std::optional<Error> Read();

  // What was read, after Read.
  std::uint64_t generations() const;  // the one with the error included
  std::uint64_t events() const;
  TimeNs first_ns() const { return parts_.front()->first_ns(); }
  std::vector<wire::Damage> damage() const;
  const GenerationLoader& last_loader() const { return parts_.back()->loader(); }
  // Ends the spans of all parts, after Read without an error. The parts' feeds have the reports.
  void Finish();
  std::span<TracePart* const> parts() const { return parts_; }

 private:
  struct Helper;
  struct HelperTask;

  void TryDivide();
  void Divide(std::size_t threads);
  void Call(const TracePart::Place& place, std::uint64_t stop_after);
  void Adopt();
  void DropHelpers(std::size_t first);
  bool HoldsLast();
  std::vector<spans::Part> JoinableParts() const;
  bool IsCancelled() const {
    return source_.context.is_cancelled && source_.context.is_cancelled();
  }

  const PartSource source_;
  TracePart first_;
  bool may_divide_;
  std::vector<std::shared_ptr<Helper>> helpers_;
  // Those whose order and spans go together, from the first on; and the true states behind them,
  // but for the last.
  std::vector<TracePart*> parts_;
  std::vector<order::BoundaryState> truths_;
};

}  // namespace gtengine::run
