// Writes what the threads of the simulated machine tell, as the runtime's tracer does.
#pragma once

#include <concepts>
#include <cstdint>

#include "engine/base/byte_view.h"
#include "engine/wire/encoder.h"
#include "engine/wire/timed_batch.h"
#include "tools/tracegen/settings.h"
#include "tools/tracegen/tables.h"
#include "tools/tracegen/trace_clock.h"

namespace gtengine::tracegen {

// Where one thread's events go. The batch in work is kept here.
struct Stream {
  Stream(ThreadId id, std::size_t batch_bytes) : m(id), batch(batch_bytes) {}

  ThreadId m;
  TimeNs time = 0;  // of the last event, as a reader sees it
  wire::TimedBatch batch;
};

// One thread at a time. Memory: the output that was not taken yet, and the tables.
class Recorder {
 public:
  explicit Recorder(const Settings& settings);

  wire::Version version() const { return version_; }
  std::uint64_t generation() const { return generation_; }
  const Tables& tables() const { return tables_; }
  const TraceClock& clock() const { return clock_; }
  std::uint64_t events() const { return events_; }
  // Data of the timed events in this generation, written or still in a batch.
  std::uint64_t generation_bytes() const { return generation_bytes_; }
  // Of the tables that EndGeneration writes, about.
  std::uint64_t table_bytes() const { return table_bytes_; }

  // Begins the next generation, the first one being 1.
  void BeginGeneration();
  // Ends it, after all its streams were flushed.
  void EndGeneration();

  // An event that happens now. Cost: some ten ns.
  template <std::same_as<std::uint64_t>... Args>
  void Write(Stream& stream, wire::EventType type, Args... args) {
    const TimeNs stamp = clock_.Stamp() + delay_;
    if (!stream.batch.HasRoom()) Flush(stream);
    if (stream.batch.size() == 0) BeginBatch(stream, stamp);
    const std::size_t size = stream.batch.size();
    TraceClock::Span since;
    if (stamp > stream.time) since = clock_.Cover(stamp - stream.time);
    stream.time += since.ns;
    stream.batch.Append(type, since.ticks, args...);
    generation_bytes_ += stream.batch.size() - size;
    ++events_;
    // Time goes on from the stamp, so that the next one is later.
    if (delay_ == 0) clock_.Advance(stream.time);
  }
  void Flush(Stream& stream);

  // Before an event that depends on what another M did at `time`: in whatever steps stamps go, its
  // is later, so that no reader meets it too early.
  void Await(TimeNs time) {
    if (clock_.is_stepped() && !is_disordered_) clock_.Await(time);
  }
  // Whether that would move the clock.
  bool MustAwait(TimeNs time) const { return clock_.is_stepped() && clock_.Stamp() <= time; }
  // From here on events may come too early. Until EndDelay they are stamped so much late, while
  // time stands still.
  void BeginDisorder(TimeNs delay) {
    is_disordered_ = true;
    delay_ = delay;
  }
  void EndDelay() { delay_ = 0; }
  // After an event that came too early, at `time`: no other has its stamp.
  void EndDisorder(TimeNs time) {
    is_disordered_ = false;
    Await(time);
  }
  // Lets a little time pass.
  void Skip() { clock_.Skip(); }

  void Sample(std::uint64_t m, std::uint64_t p, std::uint64_t g, std::uint64_t stack);

  // The output since it was cleared: valid until something is written.
  ByteView output() const { return out_; }
  void ClearOutput() { out_.clear(); }

 private:
  void BeginBatch(Stream& stream, TimeNs stamp);
  void FlushSamples();
  void AppendSync();

  wire::Version version_;
  TraceClock clock_;
  Tables tables_;
  TimeNs delay_ = 0;
  bool is_disordered_ = false;
  std::uint64_t generation_ = 0;
  std::uint64_t generation_bytes_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t table_bytes_ = 0;
  wire::BatchEncoder samples_;
  std::size_t sample_count_ = 0;
  wire::ByteBuffer out_;
};

}  // namespace gtengine::tracegen
