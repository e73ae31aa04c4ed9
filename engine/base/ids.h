// The runtime's ids as distinct types, so that a P is never passed for an M.
//
// They are signed 64-bit as in Go's reader (internal/trace/resources.go): a file may state any
// 64-bit value, and -1 means "none".
#pragma once

#include <cstdint>
#include <type_traits>

namespace gtengine {

enum class ThreadId : std::int64_t {};
enum class ProcId : std::int64_t {};
enum class GoId : std::int64_t {};
enum class TaskId : std::uint64_t {};

inline constexpr ThreadId kNoThread{-1};
inline constexpr ProcId kNoProc{-1};
inline constexpr GoId kNoGoroutine{-1};
inline constexpr TaskId kNoTask{~std::uint64_t{0}};

// The number inside an id.
template <class Id>
requires std::is_enum_v<Id>
constexpr auto Raw(Id id) { return static_cast<std::underlying_type_t<Id>>(id); }

}  // namespace gtengine
