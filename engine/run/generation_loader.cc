#include "engine/run/generation_loader.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "engine/io/read_ahead.h"
#include "engine/run/task_hand_off.h"

namespace gtengine::run {
namespace {

// Of the file, before they are needed: a part of a second's work for a disk.
constexpr std::uint64_t kReadAheadBytes = std::uint64_t{64} << 20;

}  // namespace

// A stack's frame has at least four bytes in the file and about 60 in the tables; a string has
// three and 40.
std::uint64_t GenerationLoader::NeededBytes(const wire::Generation& generation) {
  constexpr std::uint64_t kFixed = 1 << 20;
  constexpr std::uint64_t kPerTableByte = 16;
  constexpr std::uint64_t kPerThread = 12 << 10;
  std::uint64_t table_bytes = 0;
  std::unordered_set<ThreadId> threads;
  for (const wire::Batch& batch : generation.batches) {
    if (batch.kind == wire::BatchKind::kEvents) {
      threads.insert(batch.m);
    } else {
      table_bytes += batch.size;
    }
  }
  return kFixed + kPerTableByte * table_bytes + kPerThread * threads.size() +
         sizeof(wire::Batch) * generation.batches.size();
}

GenerationLoader::GenerationLoader(const io::MappedFile& file, wire::Version version,
                                   std::uint64_t offset, MemoryBudget& memory,
                                   tbb::task_group& tasks, std::uint64_t limit, Reading reading,
                                   Waiting waiting)
    : file_(file),
      version_(version),
      memory_(memory),
      tasks_(tasks),
      reader_(file.view(), version, offset),
      limit_(limit),
      reading_(reading),
      waiting_(waiting) {
  for (Slot& slot : slots_) slot.reservation.emplace(memory_);
  KeepAhead(offset);
}

GenerationLoader::~GenerationLoader() {
  if (ahead_) FinishAhead();
}

Result<const order::LoadedGeneration*> GenerationLoader::Next() {
  Slot& done = slots_[current_];
  if (done.is_loaded) file_.Release(done.loaded.generation.begin, done.loaded.generation.end);
  Slot& next = slots_[current_ ^ 1];
  if (ahead_) {
    FinishAhead();
  } else {
    Find(next);
  }
  while (next.has_generation && !next.is_loaded) {
    if (!ReserveFor(next)) {
      Error error = memory_.Refusal("the generation", next.needed_bytes);
      error.byte_offset = next.loaded.generation.begin;
      error.generation = next.loaded.generation.number;
      return error;
    }
    if (!LoadTables(next)) Find(next);
  }
  damage_.insert(damage_.end(), next.damage.begin(), next.damage.end());
  next.damage.clear();
  if (!next.has_generation) {
    next_run_ = next.next_run;
    return static_cast<const order::LoadedGeneration*>(nullptr);
  }
  current_ ^= 1;
  ++given_;
  KeepAhead(slots_[current_].loaded.generation.end);
  if (reading_ == Reading::kAhead) StartAhead();
  return &slots_[current_].loaded;
}

// Lets the system read what comes behind `offset`. Each byte is asked for once.
void GenerationLoader::KeepAhead(std::uint64_t offset) {
  if (offset + kReadAheadBytes / 2 < asked_for_) return;
  const std::uint64_t begin = std::max(offset, asked_for_);
  asked_for_ = offset + kReadAheadBytes;
  io::ReadAhead(file_, begin, asked_for_ - begin);
}

// Finds the run's next generation, without its tables.
void GenerationLoader::Find(Slot& slot) {
  slot.is_loaded = false;
  slot.has_generation = false;
  if (slot.next_run || found_ == limit_) return;
  const bool found = reader_.Next(slot.loaded.generation);
  if (reader_.damage()) slot.damage.push_back(*reader_.damage());
  if (!found) return;
  if (reader_.gap() && found_ > 0) {
    slot.next_run = slot.loaded.generation.begin;
    return;
  }
  slot.has_generation = true;
  slot.needed_bytes = NeededBytes(slot.loaded.generation);
  ++found_;
}

// Memory for the tables of the generation that comes next; that of the one before is let go of when
// it is needed.
bool GenerationLoader::ReserveFor(Slot& slot) {
  if (slot.reservation->CoverAtLeast(slot.needed_bytes)) return true;
  Slot& done = slots_[current_];
  done.loaded.tables = {};
  done.reservation->Release();
  if (slot.reservation->CoverAtLeast(slot.needed_bytes)) return true;
  if (given_ > 0 || waiting_ == Waiting::kNever) return false;
  slot.reservation->Release();
  if (!memory_.Reserve(slot.needed_bytes)) return false;
  slot.reservation->Adopt(slot.needed_bytes);
  return true;
}

// False when the tables are damaged: the run ends before this generation, if it has begun.
bool GenerationLoader::LoadTables(Slot& slot) {
  const wire::Generation& generation = slot.loaded.generation;
  Status status = slot.loaded.tables.Load(file_.view(), generation, version_);
  slot.is_loaded = status.ok();
  if (status.ok()) return true;
  slot.has_generation = false;
  --found_;
  slot.damage.push_back(
      {.error = std::move(status).error(), .begin = generation.begin, .end = generation.end});
  if (found_ > 0) slot.next_run = generation.end;
  return false;
}

// The task that reads ahead. When the loader was faster, it may be gone by the time this begins.
struct GenerationLoader::ReadAhead {
  GenerationLoader* loader;
  std::shared_ptr<Ahead> ahead;
  PublishedByCopy published = {};

  void operator()() const {
    const TaskScope scope;
    int idle = Ahead::kIdle;
    if (!ahead->state.compare_exchange_strong(idle, Ahead::kClaimed)) return;
    Slot& slot = loader->slots_[loader->current_ ^ 1];
    loader->Find(slot);
    if (slot.has_generation && slot.reservation->CoverAtLeast(slot.needed_bytes)) {
      loader->LoadTables(slot);
    }
    ahead->state.store(Ahead::kDone);
    ahead->state.notify_one();
  }
};

void GenerationLoader::StartAhead() {
  ahead_ = std::make_shared<Ahead>();
  const ReadAhead task{.loader = this, .ahead = ahead_};
  ReceiveFromTasks();  // the memory of tasks is used again
  tasks_.run(task);
}

void GenerationLoader::FinishAhead() {
  int idle = Ahead::kIdle;
  if (ahead_->state.compare_exchange_strong(idle, Ahead::kClaimed)) {
    Find(slots_[current_ ^ 1]);
  } else {
    ahead_->state.wait(Ahead::kClaimed);
  }
  ahead_.reset();
}

}  // namespace gtengine::run
