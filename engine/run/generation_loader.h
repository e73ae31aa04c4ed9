// Reads whole generations of one trace ahead of the stage that orders them.
#pragma once

#include <tbb/task_group.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "engine/io/mapped_file.h"
#include "engine/order/event_stream.h"
#include "engine/run/memory_budget.h"
#include "engine/run/state_reservation.h"
#include "engine/wire/salvage.h"

namespace gtengine::run {

// The generations of one contiguous run: from an offset to the first gap. While one is in work, the
// next one's tables are read by another thread if one is free and memory allows it, and the system
// is asked for the bytes behind. Borrows all that it is given; used from one thread.
class GenerationLoader : public order::GenerationSource {
 public:
  // Whether the next generation is read while one is in work.
  enum class Reading : bool { kNoFurther, kAhead };

  // Whether memory for the first generation may be waited for.
  enum class Waiting : bool { kNever, kAtFirst };

  static constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

  // Begins at a generation's first byte and gives at most `limit` generations.
  GenerationLoader(const io::MappedFile& file, wire::Version version, std::uint64_t offset,
                   MemoryBudget& memory, tbb::task_group& tasks, std::uint64_t limit = kNoLimit,
                   Reading reading = Reading::kAhead, Waiting waiting = Waiting::kAtFirst);
  ~GenerationLoader() override;
  GenerationLoader(const GenerationLoader&) = delete;
  GenerationLoader& operator=(const GenerationLoader&) = delete;

  // What the tables and threads of a generation take at most while it is in work.
  static std::uint64_t NeededBytes(const wire::Generation& generation);

  // Null at the end of the run. Waits for memory for the first generation, and holds none then. An
  // error (kLimit) says that this needs more memory than there ever is, or a later one more than is
  // free now.
  Result<const order::LoadedGeneration*> Next() override;

  // Generations given so far, and the last one, if any.
  std::uint64_t given() const { return given_; }
  const wire::Generation& last() const { return slots_[current_].loaded.generation; }
  // Damage met up to where Next has come.
  const std::vector<wire::Damage>& damage() const { return damage_; }
  // Behind the run's end: where the next run begins, or nothing at the trace's end.
  std::optional<std::uint64_t> next_run() const { return next_run_; }

 private:
  // A generation on its way. What was met before it goes with it, so that it counts only when Next
  // gets there.
  struct Slot {
    order::LoadedGeneration loaded;
    bool has_generation = false;
    bool is_loaded = false;
    std::uint64_t needed_bytes = 0;
    // The tables' memory is used again and again: what was needed once stays reserved.
    std::optional<StateReservation> reservation;
    std::vector<wire::Damage> damage;
    std::optional<std::uint64_t> next_run;
  };
  // Reading ahead is done by whoever claims it first: another thread, or the reader that cannot
  // wait any longer. Nobody waits for a task that has not begun.
  struct Ahead {
    enum State : int { kIdle, kClaimed, kDone };
    std::atomic<int> state{kIdle};
  };

  struct ReadAhead;

  void Find(Slot& slot);
  bool ReserveFor(Slot& slot);
  void KeepAhead(std::uint64_t offset);
  bool LoadTables(Slot& slot);
  void StartAhead();
  void FinishAhead();

  const io::MappedFile& file_;
  wire::Version version_;
  MemoryBudget& memory_;
  tbb::task_group& tasks_;
  wire::SalvageReader reader_;
  std::uint64_t limit_;
  Reading reading_;
  Waiting waiting_;
  std::array<Slot, 2> slots_;
  std::size_t current_ = 0;
  std::shared_ptr<Ahead> ahead_;
  std::uint64_t asked_for_ = 0;  // bytes of the file that the system was asked to read
  std::uint64_t found_ = 0;
  std::uint64_t given_ = 0;
  std::vector<wire::Damage> damage_;
  std::optional<std::uint64_t> next_run_;
};

}  // namespace gtengine::run
