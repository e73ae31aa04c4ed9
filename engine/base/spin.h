// Short waits for another thread.
#pragma once

#include <thread>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace gtengine {

// Tells the core that a loop waits for another one.
inline void Pause() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  asm volatile("isb" ::: "memory");
#endif
}

// Waits for what another thread is about to do in less than a few microseconds: it has begun. When
// it takes longer, that thread has been put aside, and the core is given away in between.
template <class Condition>
void SpinUntil(Condition is_met) {
  constexpr int kPauses = 1000;
  for (int i = 0; i < kPauses; ++i) {
    if (is_met()) return;
    Pause();
  }
  while (!is_met()) std::this_thread::yield();
}

}  // namespace gtengine
