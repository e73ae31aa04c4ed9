#include "tools/program/cancel.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string_view>

#include "tools/program/exit_status.h"
#include "tools/program/name.h"

namespace gtengine::cli {
namespace {

constexpr unsigned kGraceSeconds = 2;

std::atomic<bool> is_cancelled = false;
std::atomic<const char*> doomed_path = nullptr;
static_assert(std::atomic<bool>::is_always_lock_free);
static_assert(std::atomic<const char*>::is_always_lock_free);

[[noreturn]] void EndAtOnce(ExitStatus status) {
  if (const char* path = doomed_path) ::unlink(path);
  ::_exit(status);
}

void OnSignal(int signal) {
  const int saved_errno = errno;
  if (signal == SIGALRM || is_cancelled.exchange(true)) EndAtOnce(kInterrupted);
  ::alarm(kGraceSeconds);
  errno = saved_errno;
}

// The file shrank, or its disk failed: the bytes of a mapping are not there.
[[noreturn]] void OnLostBytes(int) {
  constexpr std::string_view kMessage =
      ": a file became shorter, or could not be read, while it was in use\n";
  [[maybe_unused]] ssize_t written =
      ::write(STDERR_FILENO, kProgramName.data(), kProgramName.size());
  written = ::write(STDERR_FILENO, kMessage.data(), kMessage.size());
  EndAtOnce(kNoResult);
}

// Without SA_RESTART: a blocked write is to end.
void Catch(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

bool IsIgnored(int signal) {
  struct sigaction current {};
  return ::sigaction(signal, nullptr, &current) == 0 && current.sa_handler == SIG_IGN;
}

}  // namespace

void CatchSignals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!IsIgnored(signal)) Catch(signal, OnSignal);
  }
  Catch(SIGALRM, OnSignal);
  Catch(SIGBUS, OnLostBytes);
  ::signal(SIGPIPE, SIG_IGN);
}

bool IsCancelled() { return is_cancelled; }

void RemoveWhenKilled(const char* path) { doomed_path = path; }

}  // namespace gtengine::cli
