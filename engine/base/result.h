// Result<T>: a value, or the Error that prevented it. Bad input travels this way; our own bugs
// abort (engine/base/check.h).
#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "engine/base/check.h"
#include "engine/base/error.h"

namespace gtengine {

// Holds either a T or an Error. Asking for the one that is not there aborts.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    GTENGINE_CHECK(ok());
    return std::get<0>(state_);
  }
  const T& value() const& {
    GTENGINE_CHECK(ok());
    return std::get<0>(state_);
  }
  T&& value() && {
    GTENGINE_CHECK(ok());
    return std::get<0>(std::move(state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    GTENGINE_CHECK(!ok());
    return std::get<1>(state_);
  }
  Error&& error() && {
    GTENGINE_CHECK(!ok());
    return std::get<1>(std::move(state_));
  }

 private:
  std::variant<T, Error> state_;
};

// A Result without a value: Status() is success.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& {
    GTENGINE_CHECK(!ok());
    return *error_;
  }
  Error&& error() && {
    GTENGINE_CHECK(!ok());
    return *std::move(error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace gtengine
