// What a report measures the lengths of, in a form in which two corpora can be compared.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "engine/analysis/distribution.h"
#include "engine/columns/stack_table.h"

namespace gtengine {

// The same in every build of a program in which the code has the same names: without files and
// lines, which move whenever somebody edits the file. Owns its texts.
struct LengthKey {
  std::string what;    // what is measured, to be read before the name: "blocked on select in"
  std::string name;    // of a function, task or region; never empty
  std::string detail;  // what else tells it apart: the caller, or the task; may be empty

  friend auto operator<=>(const LengthKey&, const LengthKey&) = default;
};

// Called with lengths and what they are of. A key may come again: its lengths add up.
using LengthVisitor = std::function<void(const LengthKey&, const Distribution&)>;

// The functions of a stack's leaf and of its caller.
LengthKey KeyOfStack(std::string what, const TraceTables& tables, StackRef stack);
// A name that may be empty: then it is not known.
LengthKey KeyOfName(std::string what, std::string_view name);

}  // namespace gtengine
