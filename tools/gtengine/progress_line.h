// How far the work has come, on a terminal.
#pragma once

#include <string>

#include "engine/run/corpus_scan.h"

namespace gtengine::cli {

// One line on stderr that is written over again and again. Silent where stderr is no terminal. One
// thread at a time.
class ProgressLine {
 public:
  // `is_quiet`: silent everywhere.
  explicit ProgressLine(bool is_quiet);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine() { Clear(); }

  bool is_shown() const { return is_shown_; }
  void Update(const run::Progress& progress);
  // Takes the line away, so that other lines can be written.
  void Clear();

 private:
  void Draw(const std::string& text);

  bool is_shown_;
  bool is_drawn_ = false;
};

}  // namespace gtengine::cli
