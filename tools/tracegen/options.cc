#include "tools/tracegen/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/wire/timed_batch.h"
#include "tools/program/arguments.h"
#include "tools/program/size_argument.h"
#include "tools/tracegen/mix_argument.h"

namespace gtengine::tracegen {
namespace {

constexpr std::uint64_t kDefaultSize = 100 << 20;
constexpr std::uint64_t kDefaultGeneration = 32 << 20;
constexpr std::uint64_t kLeastGeneration = 1 << 10;
constexpr std::uint64_t kGreatestSize = std::uint64_t{1} << 40;
constexpr std::uint64_t kMillion = 1'000'000;

constexpr const char* kExamples =
    "Examples:\n"
    "  tracegen -o server.trace                     64 running Ms, 100,000 goroutines, 100 MiB\n"
    "  tracegen --ms 256 -o wide.trace              256 running Ms\n"
    "  tracegen --size 10G -o large.trace           10 GiB\n"
    "  tracegen --disorder 20000 -o disorder.trace  2 of 100 events come before what they need\n"
    "  tracegen --ms 32 --clock-step 20000 --size 1M -o ties.trace\n"
    "                                               stamps in steps of 20 us: most are equal\n"
    "  tracegen --format 22 --frequency 24000001 --size 50M | gtengine info -\n"
    "  tracegen --version\n";

constexpr const char* kExitStatus =
    "Exit status:\n"
    "  0    the trace was written\n"
    "  2    wrong usage, or the trace could not be written\n"
    "  130  interrupted: nothing was written to -o\n"
    "  141  whoever read the output left before its end\n";

void AddOption(CLI::App& app, const std::string& name, std::string& value, const char* type,
               const std::string& description) {
  CLI::Option* option = app.add_option(name, value, description)->type_name(type);
  if (!value.empty()) option->capture_default_str();
}

void AddShape(CLI::App& app, Options& options) {
  AddOption(app, "--format", options.format, "N", "version of the format: 22, 23, 25 or 26");
  AddOption(app, "--seed", options.seed, "N", "the same options and seed give the same bytes");
  AddOption(app, "--ms", options.ms, "N", "Ms that run at once, 1 to 256; some more are blocked");
  AddOption(app, "--goroutines", options.goroutines, "N", "that exist at once, 1 to 1000000");
  AddOption(app, "--size", options.size, "SIZE", "of the trace, about [100M]");
  AddOption(app, "--generation-size", options.generation_size, "SIZE",
            "of each generation, about [32M]");
  AddOption(app, "--generations", options.generations, "N", "instead of one of the two sizes");
  AddOption(app, "--batch-size", options.batch_size, "SIZE", "data of a batch at most, 51 to 64K");
  AddOption(app, "--strings", options.strings, "N",
            "in each generation; more where stacks need it");
  AddOption(app, "--stacks", options.stacks, "N", "in each generation; 0: events without stacks");
  AddOption(app, "--stack-depth", options.stack_depth, "N", "frames of a stack at most, 1 to 128");
}

void AddEvents(CLI::App& app, Options& options) {
  AddOption(app, "--mix", options.mix, "NAME=WEIGHT,...",
            "what a running goroutine does next: weights to change");
  AddOption(app, "--gc", options.gc, "N", "collections, of a million events");
  AddOption(app, "--samples", options.samples, "N", "CPU samples, of a million events");
}

void AddTimes(CLI::App& app, Options& options) {
  AddOption(app, "--run-length", options.run_length, "N",
            "events of one M, on average, before another has the earliest");
  AddOption(app, "--rate", options.rate, "N", "events a second of each running M");
  AddOption(app, "--frequency", options.frequency, "HZ", "ticks a second");
  AddOption(app, "--clock-step", options.clock_step, "NS",
            "stamps are multiples of it; 0: no two are equal");
  AddOption(app, "--disorder", options.disorder, "N",
            "events stamped before what they depend on, of a million");
  AddOption(app, "--disorder-reach", options.disorder_reach, "N",
            "events that at most lie between the two stamps");
}

// A chain of numbers to read: after the first that is wrong the others are not looked at.
class Reader {
 public:
  template <class Number>
  void Read(std::string_view option, const std::string& text, std::uint64_t least,
            std::uint64_t greatest, Number& value) {
    Take(cli::ParseNumber(option, text, least, greatest), value);
  }
  void ReadSize(std::string_view option, const std::string& text, std::uint64_t least,
                std::uint64_t greatest, std::uint64_t& value) {
    std::uint64_t size = 0;
    Take(cli::ParseSize(option, text), size);
    if (!status_.ok()) return;
    if (size >= least && size <= greatest) {
      value = size;
    } else {
      status_ = Error{.code = ErrorCode::kUsage,
                      .what = fmt::format("{}: \"{}\" is not from {} to {} bytes", option, text,
                                          least, greatest)};
    }
  }

  const Status& status() const { return status_; }

 private:
  template <class Number>
  void Take(const Result<std::uint64_t>& read, Number& value) {
    if (!status_.ok()) return;
    if (read.ok()) {
      value = static_cast<Number>(*read);
    } else {
      status_ = read.error();
    }
  }

  Status status_;
};

Result<wire::Version> ParseVersion(const std::string& text) {
  for (const wire::Version version :
       {wire::Version::k22, wire::Version::k23, wire::Version::k25, wire::Version::k26}) {
    if (text == fmt::format("{}", static_cast<int>(version))) return version;
  }
  return Error{.code = ErrorCode::kUsage,
               .what = fmt::format("--format: \"{}\" is not 22, 23, 25 or 26", text)};
}

// Two of trace, generation and their number give the third.
Status ParseLengths(const Options& options, Settings& settings) {
  if (!options.size.empty() && !options.generations.empty() && !options.generation_size.empty()) {
    return Error{.code = ErrorCode::kUsage,
                 .what = "--size, --generations and --generation-size: give two of them"};
  }
  std::uint64_t size = kDefaultSize;
  settings.generation_bytes = kDefaultGeneration;
  Reader reader;
  if (!options.size.empty()) {
    reader.ReadSize("--size", options.size, kLeastGeneration, kGreatestSize, size);
  }
  if (!options.generation_size.empty()) {
    reader.ReadSize("--generation-size", options.generation_size, kLeastGeneration, kGreatestSize,
                    settings.generation_bytes);
  }
  if (options.generations.empty()) {
    const std::uint64_t generation = settings.generation_bytes;
    settings.generations = std::max<std::uint64_t>((size + generation / 2) / generation, 1);
  } else {
    const std::uint64_t most =
        options.size.empty() ? kGreatestSize / settings.generation_bytes : size / kLeastGeneration;
    reader.Read("--generations", options.generations, 1, most, settings.generations);
  }
  if (!reader.status().ok()) return reader.status();
  if (options.generations.empty() || !options.size.empty()) {
    settings.generation_bytes = size / settings.generations;
  }
  return {};
}

}  // namespace

std::optional<int> ReadOptions(std::vector<std::string> arguments, Options& options) {
  CLI::App app("Writes a Go execution trace of any size, as a simulated machine makes it.",
               "tracegen");
  AddShape(app, options);
  AddEvents(app, options);
  AddTimes(app, options);
  AddOption(app, "-o,--output", options.output, "FILE",
            "file for the trace: it is there whole or not at all [standard output]");
  app.add_flag("-q,--quiet", options.is_quiet, "no summary on stderr");
  app.footer(fmt::format("Weights of --mix:\n{}\n{}\n{}", DescribeMix(), kExamples, kExitStatus));
  return cli::ReadArguments(app, std::move(arguments));
}

Result<Settings> ParseOptions(const Options& options) {
  Settings settings;
  const auto version = ParseVersion(options.format);
  if (!version.ok()) return version.error();
  settings.version = *version;
  if (Status status = ParseLengths(options, settings); !status.ok()) return status.error();
  const auto mix = ParseMix("--mix", options.mix, *version);
  if (!mix.ok()) return mix.error();
  settings.mix = *mix;

  Reader reader;
  reader.Read("--seed", options.seed, 0, std::numeric_limits<std::uint64_t>::max(), settings.seed);
  reader.Read("--ms", options.ms, 1, 256, settings.procs);
  reader.Read("--goroutines", options.goroutines, 1, kMillion, settings.goroutines);
  reader.ReadSize("--batch-size", options.batch_size, wire::kMaxTimedEventBytes,
                  wire::kMaxBatchBytes, settings.batch_bytes);
  reader.Read("--gc", options.gc, 0, kMillion / 100, settings.gc_per_million);
  reader.Read("--samples", options.samples, 0, kMillion, settings.samples_per_million);
  reader.Read("--strings", options.strings, 0, kMillion, settings.strings);
  reader.Read("--stacks", options.stacks, 0, kMillion / 10, settings.stacks);
  reader.Read("--stack-depth", options.stack_depth, 1, wire::kMaxStackFrames, settings.stack_depth);
  reader.Read("--run-length", options.run_length, 1, kMillion, settings.run_length);
  reader.Read("--rate", options.rate, 1000, 10 * kMillion, settings.events_per_second);
  reader.Read("--frequency", options.frequency, 1000, 10'000 * kMillion, settings.frequency_hz);
  reader.Read("--clock-step", options.clock_step, 0, 1000 * kMillion, settings.clock_step_ns);
  reader.Read("--disorder", options.disorder, 0, kMillion / 2, settings.disorder_per_million);
  reader.Read("--disorder-reach", options.disorder_reach, 0, kMillion, settings.disorder_reach);
  if (!reader.status().ok()) return reader.status().error();
  return settings;
}

}  // namespace gtengine::tracegen
