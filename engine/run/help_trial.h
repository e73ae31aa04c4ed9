// Whether the help of a second thread pays.
#pragma once

#include <chrono>
#include <cstdint>

namespace gtengine::run {

// Compares how long chunks take alone and with help, window by window. Cores that share a cache
// hand a chunk over for little; between others, the same takes longer than to do without. Only
// speed depends on it. One thread at a time; 30 ns a window.
class HelpTrial {
 public:
  using Clock = std::chrono::steady_clock;

  explicit HelpTrial(Clock::time_point (*now)() = &Clock::now) : now_(now), begin_(now()) {}

  // One more chunk is about to be made, with help or alone.
  void Count(bool is_helped) {
    if (is_helped != is_helped_) Begin(is_helped);
    if (++chunks_ == kWindow) EndWindow(now_());
  }
  // Whether help is to be looked for: it is known how long chunks take alone, and help has not
  // failed lately.
  bool IsDue() const { return alone_ns_ > 0 && pause_ == 0; }
  // Whether the help that there is has been in vain.
  bool HasFailed() const { return has_failed_; }

 private:
  static constexpr int kWindow = 64;
  static constexpr int kWarmUp = 3;    // windows of help: until all memory has been touched
  static constexpr int kFailures = 4;  // windows in a row: one may be slow for any reason
  static constexpr std::uint32_t kMostPause = 1024;  // windows: a few tenths of a second

  void Begin(bool is_helped) {
    is_helped_ = is_helped;
    has_failed_ = false;
    chunks_ = 0;
    windows_ = 0;
    failures_ = 0;
    begin_ = now_();
  }

  void EndWindow(Clock::time_point now) {
    const std::int64_t length_ns = std::chrono::nanoseconds(now - begin_).count();
    chunks_ = 0;
    begin_ = now;
    if (++windows_ == 1) return;
    if (is_helped_ && length_ns > alone_ns_ + alone_ns_ / 2) return Fail();
    if (is_helped_ && windows_ <= kWarmUp) return;
    if (!is_helped_) {
      alone_ns_ = length_ns;
      if (pause_ > 0) --pause_;
    } else if (length_ns < alone_ns_ - alone_ns_ / 20) {
      failures_ = 0;
    } else if (++failures_ == kFailures) {
      Fail();
    }
  }

  void Fail() {
    has_failed_ = true;
    next_pause_ = next_pause_ < kMostPause ? next_pause_ * 2 : kMostPause;
    pause_ = next_pause_;
  }

  Clock::time_point (*now_)();
  bool is_helped_ = false;
  bool has_failed_ = false;
  int chunks_ = 0;
  int windows_ = 0;  // since the last change
  int failures_ = 0;
  Clock::time_point begin_;
  std::int64_t alone_ns_ = 0;  // the last window alone
  std::uint32_t pause_ = 0;    // windows until help is looked for again
  std::uint32_t next_pause_ = 16;
};

}  // namespace gtengine::run
