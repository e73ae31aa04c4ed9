#include "tools/gtengine/cancel.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "tools/gtengine/exit_status.h"

namespace gtengine::cli {
namespace {

constexpr unsigned kGraceSeconds = 2;

std::atomic<bool> is_cancelled = false;
std::atomic<const char*> doomed_path = nullptr;
static_assert(std::atomic<bool>::is_always_lock_free);
static_assert(std::atomic<const char*>::is_always_lock_free);

[[noreturn]] void EndAtOnce() {
  if (const char* path = doomed_path) ::unlink(path);
  ::_exit(kInterrupted);
}

void OnSignal(int signal) {
  const int saved_errno = errno;
  if (signal == SIGALRM || is_cancelled.exchange(true)) EndAtOnce();
  ::alarm(kGraceSeconds);
  errno = saved_errno;
}

// Without SA_RESTART: a blocked write is to end.
void Catch(int signal) {
  struct sigaction old {};
  if (signal != SIGALRM && ::sigaction(signal, nullptr, &old) == 0 && old.sa_handler == SIG_IGN) {
    return;
  }
  struct sigaction action {};
  action.sa_handler = OnSignal;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

void CatchSignals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGALRM}) Catch(signal);
  ::signal(SIGPIPE, SIG_IGN);
}

bool IsCancelled() { return is_cancelled; }

void RemoveWhenKilled(const char* path) { doomed_path = path; }

}  // namespace gtengine::cli
