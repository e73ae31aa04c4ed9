#include "engine/run/corpus_scan.h"

#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

#include "engine/io/corpus.h"
#include "engine/io/stored_trace.h"
#include "engine/run/duplicates.h"
#include "engine/run/memory_budget.h"
#include "engine/run/partial_file.h"
#include "engine/run/task_hand_off.h"
#include "engine/run/trace_listing.h"
#include "engine/run/trace_scan.h"

namespace gtengine::run {
namespace {

std::string WhatOf(Error error) {
  error.path.clear();
  return error.ToString();
}

// That the trace was not stored whole: in the line on its end, if there is one.
void AddDamage(const Error& damage, TraceFacts& facts) {
  const std::string what = damage.ToString();
  if (facts.lost.empty()) {
    facts.lost.push_back({.what = what, .bytes = 0});
  } else {
    facts.lost.back().what += " (" + what + ")";
  }
}

// Calls back about ten times a second while it lives, and at its end.
class ProgressTicker {
 public:
  ProgressTicker(std::function<void(const Progress&)> callback, std::function<Progress()> current)
      : callback_(std::move(callback)), current_(std::move(current)) {
    if (callback_) thread_ = std::thread([this] { Run(); });
  }
  ProgressTicker(const ProgressTicker&) = delete;
  ProgressTicker& operator=(const ProgressTicker&) = delete;
  ~ProgressTicker() {
    if (!callback_) return;
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    over_.notify_one();
    thread_.join();
    callback_(current_());
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (!over_.wait_for(lock, std::chrono::milliseconds(100), [this] { return is_over_; })) {
      callback_(current_());
    }
  }

  std::function<void(const Progress&)> callback_;
  std::function<Progress()> current_;
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;
  std::thread thread_;
};

// Where the results of single traces go. Called from one thread at a time.
class ResultSink {
 public:
  virtual ~ResultSink() = default;
  // Whether traces must come in order of path.
  virtual bool wants_order() const = 0;
  virtual void Add(TraceResult trace) = 0;
  virtual void AddUnread(Unread unread) = 0;
  virtual void AddDuplicate(Duplicate duplicate) = 0;
  virtual void AddPassedOver(std::uint64_t files) = 0;
  virtual void AddLeftOut(std::uint64_t traces) = 0;
};

class CorpusScanner {
 public:
  CorpusScanner(const ScanOptions& options, ResultSink& sink)
      : options_(options),
        sink_(sink),
        memory_(options.memory_bytes),
        expanding_memory_(memory_),
        expand_{.limits = options.expand,
                .memory_or_null = &expanding_memory_,
                .is_cancelled = options.is_cancelled},
        threads_(options.threads) {}

  void Scan(const std::vector<std::string>& paths);

 private:
  using Outcome = std::variant<TraceResult, Unread>;

  void ScanAll();
  Outcome ScanFile(io::CorpusFile& file);
  Outcome ScanOpened(const io::OpenedTrace& opened, const io::CorpusFile& file);
  void Deliver(Outcome outcome);
  Progress CurrentProgress() const;

  const ScanOptions& options_;
  ResultSink& sink_;
  MemoryBudget memory_;
  ExpandingMemory expanding_memory_;
  const io::ExpandOptions expand_;
  SpareThreads threads_;
  tbb::task_group tasks_;
  std::vector<io::CorpusFile> traces_;
  std::uint64_t total_bytes_ = 0;
  std::atomic<std::uint64_t> traces_done_ = 0;
  std::atomic<std::uint64_t> bytes_done_ = 0;
};

void CorpusScanner::Scan(const std::vector<std::string>& paths) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(options_.threads));
  tbb::task_arena arena(options_.threads);
  arena.execute([&] {
    io::Corpus corpus = ListTraces(paths, expand_);
    sink_.AddPassedOver(corpus.passed_over);
    for (Error& error : corpus.errors) {
      std::string path = std::exchange(error.path, {});
      sink_.AddUnread({.path = std::move(path), .what = error.ToString()});
    }
    ChosenTraces chosen =
        ChooseTraces(std::move(corpus.traces), options_.layout, options_.traces, expand_);
    sink_.AddLeftOut(chosen.left_out);
    DistinctTraces distinct = FindDistinct(std::move(chosen.traces), sink_.wants_order(), expand_);
    for (Duplicate& duplicate : distinct.duplicates) sink_.AddDuplicate(std::move(duplicate));
    for (Unread& unread : distinct.unread) sink_.AddUnread(std::move(unread));
    traces_ = std::move(distinct.traces);
    for (const io::CorpusFile& file : traces_) total_bytes_ += file.stored_bytes;
    const ProgressTicker ticker(options_.on_progress, [this] { return CurrentProgress(); });
    if (traces_.empty()) threads_.SetAllBegun();
    ScanAll();
    tasks_.wait();
    ReceiveFromTasks();
  });
}

// Large traces first, so that no thread is left alone with one at the end; unless order matters. Of
// compressed archives one after the other: few are expanded at a time.
void CorpusScanner::ScanAll() {
  if (!sink_.wants_order()) {
    const auto rest = std::ranges::stable_partition(
        traces_, [](const io::CorpusFile& file) { return file.place.archive_or_null != nullptr; });
    std::ranges::stable_sort(rest, std::ranges::greater(), &io::CorpusFile::bytes);
  }
  std::size_t next = 0;
  const auto take = [&](tbb::flow_control& control) -> io::CorpusFile* {
    const TaskScope scope;
    const bool cancelled = options_.is_cancelled && options_.is_cancelled();
    if (cancelled || next == traces_.size()) {
      control.stop();
      return nullptr;
    }
    io::CorpusFile* file = &traces_[next++];
    if (next == traces_.size()) threads_.SetAllBegun();
    return file;
  };
  const auto scan = [this](io::CorpusFile* file) {
    const TaskScope scope;
    return std::make_shared<Outcome>(ScanFile(*file));
  };
  const auto deliver = [this](const std::shared_ptr<Outcome>& outcome) {
    const TaskScope scope;
    Deliver(std::move(*outcome));
  };
  const auto mode = sink_.wants_order() ? tbb::filter_mode::serial_in_order
                                        : tbb::filter_mode::serial_out_of_order;
  PublishToTasks();
  tbb::parallel_pipeline(
      static_cast<std::size_t>(options_.threads) * 2,
      tbb::make_filter<void, io::CorpusFile*>(tbb::filter_mode::serial_in_order, take) &
          tbb::make_filter<io::CorpusFile*, std::shared_ptr<Outcome>>(tbb::filter_mode::parallel,
                                                                      scan) &
          tbb::make_filter<std::shared_ptr<Outcome>, void>(mode, deliver));
  ReceiveFromTasks();
}

CorpusScanner::Outcome CorpusScanner::ScanFile(io::CorpusFile& file) {
  const auto opened = io::OpenTrace(file.path, file.place, expand_);
  Outcome outcome = opened.ok() ? ScanOpened(*opened, file)
                                : Unread{.path = file.path, .what = WhatOf(opened.error())};
  file.place = {};  // the last trace of an archive lets go of its temporary file
  return outcome;
}

CorpusScanner::Outcome CorpusScanner::ScanOpened(const io::OpenedTrace& opened,
                                                 const io::CorpusFile& file) {
  TraceFacts facts;
  facts.path = file.path;
  facts.origin = options_.layout.Match(io::NameOfContent(file));
  facts.content = file.content;
  if (sink_.wants_order() && file.content == io::ContentHash{}) {
    facts.content = io::HashContent(opened.file.view().bytes());
  }
  // Of what is compressed, all that is stored was read.
  const bool was_expanded =
      file.place.archive_or_null != nullptr || file.place.compression != io::Compression::kNone;
  if (was_expanded) bytes_done_ += file.stored_bytes;
  std::atomic<std::uint64_t> not_counted = 0;
  const ScanContext context{.reports = options_.reports,
                            .memory = memory_,
                            .tasks = tasks_,
                            .threads = threads_,
                            .bytes_done = was_expanded ? not_counted : bytes_done_,
                            .is_cancelled = options_.is_cancelled,
                            .rows_or_null = options_.rows.empty() ? nullptr : &options_.rows};
  threads_.Take();
  auto result = ScanTrace(opened.file, std::move(facts), context);
  threads_.GiveBack();
  ++traces_done_;
  if (!result.ok()) {
    const bool is_damage = opened.damage && result.error().code != ErrorCode::kLimit;
    return Unread{.path = file.path,
                  .what = is_damage ? opened.damage->ToString() : result.error().ToString()};
  }
  if (opened.damage) AddDamage(*opened.damage, result->facts);
  return std::move(result).value();
}

void CorpusScanner::Deliver(Outcome outcome) {
  if (auto* trace = std::get_if<TraceResult>(&outcome)) {
    sink_.Add(std::move(*trace));
  } else {
    sink_.AddUnread(std::get<Unread>(std::move(outcome)));
  }
}

Progress CorpusScanner::CurrentProgress() const {
  return {.traces_done = traces_done_,
          .traces = traces_.size(),
          .bytes_done = bytes_done_,
          .bytes = total_bytes_};
}

class SummingSink : public ResultSink {
 public:
  explicit SummingSink(CorpusResult& result) : result_(result) {}
  bool wants_order() const override { return false; }
  void Add(TraceResult trace) override { result_.Add(trace); }
  void AddUnread(Unread unread) override { result_.AddUnread(std::move(unread)); }
  void AddDuplicate(Duplicate duplicate) override { result_.AddDuplicate(std::move(duplicate)); }
  void AddPassedOver(std::uint64_t files) override { result_.AddPassedOver(files); }
  void AddLeftOut(std::uint64_t traces) override { result_.AddLeftOut(traces); }

 private:
  CorpusResult& result_;
};

class PartialSink : public ResultSink {
 public:
  explicit PartialSink(PartialFile& file) : file_(file) {}
  bool wants_order() const override { return true; }
  void Add(TraceResult trace) override { file_.traces.push_back(std::move(trace)); }
  void AddUnread(Unread unread) override { file_.unread.push_back(std::move(unread)); }
  void AddDuplicate(Duplicate duplicate) override {
    file_.duplicates.push_back(std::move(duplicate));
  }
  void AddPassedOver(std::uint64_t files) override { file_.passed_over += files; }
  void AddLeftOut(std::uint64_t traces) override { file_.left_out += traces; }

 private:
  PartialFile& file_;
};

}  // namespace

CorpusResult ScanCorpus(const std::vector<std::string>& paths, const ScanOptions& options) {
  CorpusResult result(options.reports, options.selection);
  SummingSink sink(result);
  CorpusScanner(options, sink).Scan(paths);
  return result;
}

PartialFile ScanCorpusToPartial(const std::vector<std::string>& paths, const ScanOptions& options) {
  PartialFile file;
  file.selection = options.selection;
  for (const ReportType* report : options.reports) file.reports.emplace_back(report->name);
  PartialSink sink(file);
  CorpusScanner(options, sink).Scan(paths);
  return file;
}

}  // namespace gtengine::run
