// What the machine itself reaches on a trace's bytes, as bounds for the stages: copying within
// memory, read() of a file in the page cache, the first touch of each line of its mapping, and of
// fresh memory.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "bench/subject.h"

namespace gtengine::bench {
namespace {

// Far more than the caches hold, as a corpus is.
constexpr std::size_t kBytes = std::size_t{128} << 20;
constexpr std::size_t kBufferBytes = std::size_t{1} << 20;
constexpr std::size_t kLineBytes = 64;

// A file of kBytes that is gone with the program, in the page cache.
class TemporaryFile {
 public:
  TemporaryFile() : file_(std::tmpfile()) {
    if (file_ == nullptr) Fail("cannot make a temporary file");
    std::vector<char> bytes(kBufferBytes, 'x');
    for (std::size_t written = 0; written < kBytes; written += bytes.size()) {
      if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) {
        Fail("cannot write a temporary file");
      }
    }
    std::fflush(file_);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::fclose(file_); }

  int descriptor() const { return ::fileno(file_); }

 private:
  std::FILE* file_;
};

void ReportBytes(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kBytes));
}

void* Map(int flags, int descriptor) {
  const int protection = (flags & MAP_ANONYMOUS) != 0 ? PROT_READ | PROT_WRITE : PROT_READ;
  void* const memory = ::mmap(nullptr, kBytes, protection, flags, descriptor, 0);
  if (memory == MAP_FAILED) Fail("cannot map memory");
  return memory;
}

void BM_Memcpy(benchmark::State& state) {
  const std::vector<char> from(kBytes, 'x');
  std::vector<char> to(kBytes);
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), kBytes);
    benchmark::ClobberMemory();
  }
  if (to != from) state.SkipWithError("not copied");
  ReportBytes(state);
}
BENCHMARK(BM_Memcpy)->Name("memcpy")->Unit(benchmark::kMillisecond);

void BM_Read(benchmark::State& state) {
  const TemporaryFile file;
  std::vector<char> buffer(kBufferBytes);
  for (auto _ : state) {
    std::size_t offset = 0;
    while (offset < kBytes) {
      const ssize_t count =
          ::pread(file.descriptor(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
      if (count <= 0) Fail("cannot read");
      offset += static_cast<std::size_t>(count);
    }
    benchmark::ClobberMemory();
  }
  ReportBytes(state);
}
BENCHMARK(BM_Read)->Name("read")->Unit(benchmark::kMillisecond);

void BM_MapTouch(benchmark::State& state) {
  const TemporaryFile file;
  for (auto _ : state) {
    void* const memory = Map(MAP_SHARED, file.descriptor());
    const auto* bytes = static_cast<const volatile char*>(memory);
    for (std::size_t i = 0; i < kBytes; i += kLineBytes) static_cast<void>(bytes[i]);
    ::munmap(memory, kBytes);
  }
  ReportBytes(state);
}
BENCHMARK(BM_MapTouch)->Name("first touch of a mapped file")->Unit(benchmark::kMillisecond);

void BM_FreshTouch(benchmark::State& state) {
  for (auto _ : state) {
    void* const memory = Map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
    std::memset(memory, 1, kBytes);
    benchmark::ClobberMemory();
    ::munmap(memory, kBytes);
  }
  ReportBytes(state);
}
BENCHMARK(BM_FreshTouch)->Name("first touch of fresh memory")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace gtengine::bench

BENCHMARK_MAIN();
