// Single rows from one chunk of columns to another.
#pragma once

#include <cstddef>
#include <cstring>

#include "engine/columns/goroutine_spans.h"
#include "engine/columns/points.h"
#include "engine/columns/ranges.h"
#include "engine/columns/region_slices.h"
#include "engine/columns/regions.h"
#include "engine/columns/syscalls.h"
#include "engine/columns/tasks.h"

namespace gtengine {

// Cells as bytes: a column that nobody has declared holds garbage, which is no value.
template <class Columns, class... Members>
void CopyCells(const Columns& from, std::size_t from_row, Columns& to, std::size_t to_row,
               Members... members) {
  (std::memcpy(&(to.*members)[to_row], &(from.*members)[from_row], sizeof((to.*members)[0])), ...);
}

// Each copies all cells of one row.
inline void CopyRow(const GoroutineSpans& from, std::size_t i, GoroutineSpans& to, std::size_t j) {
  using C = GoroutineSpans;
  CopyCells(from, i, to, j, &C::g, &C::goroutine, &C::start_function, &C::start_ns, &C::end_ns,
            &C::start_stack, &C::end_stack, &C::reason, &C::cause, &C::flags, &C::m, &C::p,
            &C::by_g, &C::overlaps);
}
inline void CopyRow(const Labels& from, std::size_t i, Labels& to, std::size_t j) {
  using C = Labels;
  CopyCells(from, i, to, j, &C::time_ns, &C::g, &C::p, &C::m, &C::label);
}
inline void CopyRow(const Logs& from, std::size_t i, Logs& to, std::size_t j) {
  using C = Logs;
  CopyCells(from, i, to, j, &C::time_ns, &C::g, &C::p, &C::m, &C::task, &C::task_name, &C::category,
            &C::message, &C::stack);
}
inline void CopyRow(const Samples& from, std::size_t i, Samples& to, std::size_t j) {
  using C = Samples;
  CopyCells(from, i, to, j, &C::time_ns, &C::g, &C::p, &C::m, &C::stack, &C::start_function,
            &C::task, &C::task_name);
}
inline void CopyRow(const Ranges& from, std::size_t i, Ranges& to, std::size_t j) {
  using C = Ranges;
  CopyCells(from, i, to, j, &C::kind, &C::name, &C::scope_g, &C::scope_p, &C::start_g, &C::end_g,
            &C::start_ns, &C::end_ns, &C::stopped_ns, &C::running_ns, &C::start_stack,
            &C::end_stack, &C::swept_bytes, &C::reclaimed_bytes, &C::flags);
}
inline void CopyRow(const Syscalls& from, std::size_t i, Syscalls& to, std::size_t j) {
  using C = Syscalls;
  CopyCells(from, i, to, j, &C::g, &C::p, &C::m, &C::start_ns, &C::end_ns, &C::had_p_until_ns,
            &C::stack, &C::flags);
}
inline void CopyRow(const RegionSlices& from, std::size_t i, RegionSlices& to, std::size_t j) {
  using C = RegionSlices;
  CopyCells(from, i, to, j, &C::region, &C::task, &C::task_name, &C::g, &C::state, &C::reason,
            &C::start_ns, &C::end_ns, &C::flags);
}
inline void CopyRow(const Regions& from, std::size_t i, Regions& to, std::size_t j) {
  using C = Regions;
  CopyCells(from, i, to, j, &C::region, &C::parent, &C::task, &C::task_name, &C::name, &C::g,
            &C::start_ns, &C::end_ns, &C::self_ns, &C::start_stack, &C::end_stack, &C::depth,
            &C::flags);
}
inline void CopyRow(const Tasks& from, std::size_t i, Tasks& to, std::size_t j) {
  using C = Tasks;
  CopyCells(from, i, to, j, &C::task, &C::parent, &C::name, &C::parent_name, &C::start_g, &C::end_g,
            &C::start_ns, &C::end_ns, &C::start_stack, &C::end_stack, &C::flags);
}

}  // namespace gtengine
