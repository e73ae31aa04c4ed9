#include "tests/order/legacy_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/wire/v1/format.h"
#include "tests/wire/v1/legacy_bytes.h"

namespace gtengine::testing {
namespace {

using wire::v1::EventType;
using wire::v1::testing::LegacyBytes;

constexpr std::uint64_t kStrings = 12;
constexpr std::uint64_t kStacks = 9;
constexpr std::size_t kNobody = ~std::size_t{0};

class World {
 public:
  explicit World(const LegacyWorld& parameters)
      : parameters_(parameters), random_(parameters.seed), trace_(parameters.version) {
    procs_.resize(parameters.procs);
  }

  wire::ByteBuffer Make() {
    Begin();
    for (std::size_t i = 0; i < parameters_.steps; ++i) {
      if (i % parameters_.coarseness == 0) ++now_;
      Step();
    }
    for (std::size_t p = 0; p < procs_.size(); ++p) Flush(p);
    WriteTables();
    const ByteView bytes = trace_.view();
    return {bytes.begin(), bytes.end()};
  }

 private:
  enum class State : std::uint8_t { kRunnable, kRunning, kWaiting, kInCall, kDead };
  struct Goroutine {
    State state = State::kRunnable;
    std::uint64_t sequence = 1;  // of its next step
    std::size_t last_proc = kNobody;
    std::vector<std::uint64_t> regions;
    bool assists = false;
  };
  struct Proc {
    bool runs = false;
    bool sweeps = false;
    std::size_t g = 0;  // 0: none
    std::vector<std::uint8_t> bytes;
    std::optional<std::uint64_t> last;  // ticks; nothing: no batch is begun
  };

  std::uint64_t Random(std::uint64_t limit) { return random_() % limit; }
  // One that is not there is none, too; but a new goroutine's must be.
  std::uint64_t AnyStack() { return Random(kStacks + 2); }
  std::uint64_t StartStack() { return 1 + Random(kStacks); }
  std::uint64_t AnyString() { return 1 + Random(kStrings); }

  // Writes an event of a P, with the time difference in front of its numbers.
  void Write(std::size_t p, EventType type, std::vector<std::uint64_t> numbers,
             const std::string* message = nullptr) {
    Proc& proc = procs_[p];
    LegacyBytes record;
    const std::size_t header = record.size();
    if (!proc.last) {
      record.Batch(p, now_);
      proc.last = now_;
    }
    numbers.insert(numbers.begin(), now_ - *proc.last);
    proc.last = now_;
    record.Record(type, numbers);
    if (message != nullptr) record.Number(message->size()).Text(*message);
    const ByteView bytes = record.view().subspan(header);
    proc.bytes.insert(proc.bytes.end(), bytes.begin(), bytes.end());
    if (proc.bytes.size() > 60 + Random(200)) Flush(p);
  }
  void Flush(std::size_t p) {
    for (const std::uint8_t byte : procs_[p].bytes) trace_.Byte(byte);
    procs_[p].bytes.clear();
    procs_[p].last.reset();
  }

  void Begin() {
    goroutines_.resize(1);
    for (int i = 0; i < 6; ++i) {
      Create(0);
      const std::size_t g = goroutines_.size() - 1;
      if (i % 3 != 0) Restate(0, g, i % 3 == 1 ? State::kWaiting : State::kInCall);
    }
    Write(0, EventType::kProcStart, {100});
    procs_[0].runs = true;
    Start(0, 1);
    Write(0, EventType::kGomaxprocs, {procs_.size(), AnyStack()});
  }

  void Create(std::size_t p) {
    goroutines_.emplace_back();
    Write(p, EventType::kGoCreate, {goroutines_.size() - 1, StartStack(), AnyStack()});
    goroutines_.back().last_proc = p;
  }

  // Tells that a goroutine that has just been created has been there before.
  void Restate(std::size_t p, std::size_t g, State state) {
    Write(p, state == State::kWaiting ? EventType::kGoWaiting : EventType::kGoInSyscall, {g});
    goroutines_[g].sequence = 2;
    goroutines_[g].state = state;
    call_[g] = now_;
  }

  // The next step of a goroutine: without its number where it was on this P before.
  void WriteStep(std::size_t p, std::size_t g, EventType type, EventType local,
                 std::vector<std::uint64_t> more) {
    Goroutine& goroutine = goroutines_[g];
    const bool is_local = goroutine.last_proc == p && local != EventType::kNone;
    std::vector<std::uint64_t> numbers{g};
    if (!is_local) numbers.push_back(goroutine.sequence);
    numbers.insert(numbers.end(), more.begin(), more.end());
    ++goroutine.sequence;
    goroutine.last_proc = p;
    Write(p, is_local ? local : type, numbers);
  }

  void Start(std::size_t p, std::size_t g) {
    Goroutine& goroutine = goroutines_[g];
    goroutine.state = State::kRunning;
    procs_[p].g = g;
    if (g > 1 && Random(8) == 0) {
      WriteStep(p, g, EventType::kGoStartLabel, EventType::kNone, {AnyString()});
    } else {
      WriteStep(p, g, EventType::kGoStart, EventType::kGoStartLocal, {});
    }
  }

  void Stop(std::size_t p, EventType type, State state) {
    constexpr EventType kBare[] = {EventType::kGoEnd, EventType::kGoSysBlock};
    const bool has_stack = std::ranges::count(kBare, type) == 0;
    Goroutine& goroutine = goroutines_[procs_[p].g];
    goroutine.state = state;
    goroutine.last_proc = p;
    Write(p, type,
          has_stack ? std::vector<std::uint64_t>{AnyStack()} : std::vector<std::uint64_t>{});
    procs_[p].g = 0;
  }

  void Step() {
    const std::size_t p = Random(procs_.size());
    Proc& proc = procs_[p];
    if (!proc.runs) {
      Write(p, EventType::kProcStart, {100 + Random(9)});
      proc.runs = true;
    } else if (proc.g == 0) {
      StepIdle(p);
    } else if (Random(3) == 0) {
      StopRunning(p);
    } else {
      StepRunning(p);
    }
  }

  std::size_t Find(State state) {
    const std::size_t first = Random(goroutines_.size());
    for (std::size_t i = 0; i < goroutines_.size(); ++i) {
      const std::size_t g = (first + i) % goroutines_.size();
      if (g != 0 && goroutines_[g].state == state) return g;
    }
    return kNobody;
  }

  void StepIdle(std::size_t p) {
    if (const std::size_t g = Find(State::kInCall); g != kNobody && Random(2) == 0) {
      ExitCall(p, g);
    } else if (const std::size_t runnable = Find(State::kRunnable); runnable != kNobody) {
      Start(p, runnable);
    } else if (const std::size_t waiting = Find(State::kWaiting); waiting != kNobody) {
      Wake(p, waiting);
    } else {
      Write(p, EventType::kProcStop, {});
      procs_[p].runs = false;
    }
  }

  void ExitCall(std::size_t p, std::size_t g) {
    // The time of the exit lies before; some do not tell it.
    const std::uint64_t when = Random(4) == 0 ? 0 : std::max(now_ - Random(2), call_[g]);
    goroutines_[g].state = State::kRunnable;
    WriteStep(p, g, EventType::kGoSysExit, EventType::kNone, {when});
  }

  void Wake(std::size_t p, std::size_t g) {
    goroutines_[g].state = State::kRunnable;
    WriteStep(p, g, EventType::kGoUnblock, EventType::kGoUnblockLocal, {AnyStack()});
  }

  void StopRunning(std::size_t p) {
    using enum EventType;
    constexpr EventType kBlocks[] = {kGoSleep,     kGoBlock,       kGoBlockSend,
                                     kGoBlockRecv, kGoBlockSelect, kGoBlockSync,
                                     kGoBlockCond, kGoBlockNet,    kGoBlockGc};
    const std::size_t g = procs_[p].g;
    switch (Random(10)) {
      case 0:
        return Stop(p, Random(4) == 0 ? kGoStop : kGoEnd, State::kDead);
      case 1:
        return Stop(p, kGoSched, State::kRunnable);
      case 2:
        return Stop(p, kGoPreempt, State::kRunnable);
      case 3:
      case 4:
        Write(p, kGoSysCall, {AnyStack()});
        call_[g] = now_;
        return Stop(p, kGoSysBlock, State::kInCall);
      default:
        return Stop(p, kBlocks[Random(std::size(kBlocks))], State::kWaiting);
    }
  }

  void StepRunning(std::size_t p) {
    using enum EventType;
    switch (Random(14)) {
      case 0:
        return Create(p);
      case 1:
        Create(p);
        now_ += Random(2);
        return Restate(p, goroutines_.size() - 1, State::kInCall);
      case 2:
      case 3:
      case 4:
        if (const std::size_t g = Find(State::kWaiting); g != kNobody) Wake(p, g);
        return;
      case 5:
        return Write(p, kGoSysCall, {AnyStack()});
      case 6:
        return Write(p, Random(2) == 0 ? kHeapAlloc : kHeapGoal, {Random(1 << 20)});
      case 7:
        return Sweep(p);
      case 8:
        return Collect(p);
      case 9:
        return Assist(p);
      case 10:
        return Task(p);
      case 11:
        return Region(p);
      case 12:
        return Log(p);
      default:
        return Sample(p);
    }
  }

  void Sweep(std::size_t p) {
    if (procs_[p].sweeps) {
      Write(p, EventType::kGcSweepDone, {Random(9000), Random(9000)});
    } else {
      Write(p, EventType::kGcSweepStart, {AnyStack()});
    }
    procs_[p].sweeps = !procs_[p].sweeps;
  }

  // Of these there is one in the whole world, and nothing but the time tells their order.
  void Collect(std::size_t p) {
    ++now_;
    if (Random(2) == 0) {
      if (is_stopped_) {
        Write(p, EventType::kStwDone, {});
      } else {
        Write(p, EventType::kStwStart, {Random(18)});
      }
      is_stopped_ = !is_stopped_;
    } else {
      if (collects_) {
        Write(p, EventType::kGcDone, {});
      } else {
        Write(p, EventType::kGcStart, {collections_++, AnyStack()});
      }
      collects_ = !collects_;
    }
  }

  void Assist(std::size_t p) {
    bool& assists = goroutines_[procs_[p].g].assists;
    if (assists) {
      Write(p, EventType::kGcMarkAssistDone, {});
    } else {
      Write(p, EventType::kGcMarkAssistStart, {AnyStack()});
    }
    assists = !assists;
  }

  void Task(std::size_t p) {
    ++now_;
    if (!tasks_.empty() && Random(2) == 0) {
      Write(p, EventType::kUserTaskEnd, {tasks_.back(), AnyStack()});
      tasks_.pop_back();
      return;
    }
    const std::uint64_t parent = tasks_.empty() ? 0 : tasks_.back();
    tasks_.push_back(++last_task_);
    Write(p, EventType::kUserTaskCreate, {last_task_, parent, AnyString(), AnyStack()});
  }

  void Region(std::size_t p) {
    auto& regions = goroutines_[procs_[p].g].regions;
    if (!regions.empty() && Random(2) == 0) {
      Write(p, EventType::kUserRegion, {7, 1, regions.back(), AnyStack()});
      regions.pop_back();
    } else {
      regions.push_back(AnyString());
      Write(p, EventType::kUserRegion, {7, 0, regions.back(), AnyStack()});
    }
  }

  void Log(std::size_t p) {
    const std::string message = Random(4) == 0 ? "" : fmt::format("message {}", Random(5));
    Write(p, EventType::kUserLog, {last_task_, AnyString(), AnyStack()}, &message);
  }

  void Sample(std::size_t p) {
    if (parameters_.version < wire::Version::k19) return;
    const std::uint64_t g = procs_[p].g;
    // At a time of its own: whether a sample falls between two events decides what they become.
    now_ += 2;
    samples_.push_back({now_ - 1, Random(5) == 0 ? ~std::uint64_t{0} : p, g, AnyStack()});
  }

  void WriteTables() {
    trace_.Batch(~std::uint64_t{0}, now_);
    for (const auto& sample : samples_) {
      trace_.CpuSample(sample[0], sample[1], sample[2], sample[3]);
    }
    trace_.Batch(0, now_).Frequency(parameters_.frequency_hz);
    for (std::uint64_t id = 1; id <= kStrings; ++id) trace_.String(id, fmt::format("s{}", id));
    for (std::uint64_t id = 1; id <= kStacks; ++id) {
      trace_.Stack(id, {{0x1000 + id, id, 1, id * 10}, {0x2000 + id % 3, 2, 3, id}});
    }
  }

  LegacyWorld parameters_;
  std::mt19937_64 random_;
  LegacyBytes trace_;
  std::uint64_t now_ = 1'000'000;
  std::vector<Goroutine> goroutines_;
  std::vector<Proc> procs_;
  std::vector<std::uint64_t> tasks_;
  std::uint64_t last_task_ = 0;
  std::map<std::size_t, std::uint64_t> call_;  // when a goroutine began to block in a system call
  std::vector<std::array<std::uint64_t, 4>> samples_;
  bool collects_ = false;
  bool is_stopped_ = false;
  std::uint64_t collections_ = 0;
};

}  // namespace

wire::ByteBuffer MakeLegacyWorld(const LegacyWorld& parameters) { return World(parameters).Make(); }

}  // namespace gtengine::testing
