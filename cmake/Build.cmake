# How our own code is compiled.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release)
  endif()
endif()

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(GTENGINE_CCACHE ccache)
  if(GTENGINE_CCACHE)
    # The base folder lets several checkouts share one cache.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${CMAKE_CURRENT_SOURCE_DIR} ${GTENGINE_CCACHE})
  endif()
endif()

if(GTENGINE_SANITIZE STREQUAL "address-undefined")
  set(GTENGINE_SANITIZE_FLAGS -fsanitize=address,undefined -fno-sanitize-recover=all)
elseif(GTENGINE_SANITIZE STREQUAL "thread")
  set(GTENGINE_SANITIZE_FLAGS -fsanitize=thread)
elseif(GTENGINE_SANITIZE)
  message(FATAL_ERROR "GTENGINE_SANITIZE: \"${GTENGINE_SANITIZE}\" is not address-undefined or thread")
endif()
if(GTENGINE_SANITIZE)
  add_compile_options(${GTENGINE_SANITIZE_FLAGS} -fno-omit-frame-pointer)
  add_link_options(${GTENGINE_SANITIZE_FLAGS})
  # For what is compiled more often than it runs for long: instrumented code takes gcc twice the time
  # to optimize.
  set(GTENGINE_SANITIZED_QUICKLY -O0)
endif()

# Links into every target of ours and into nothing else.
add_library(gtengine_options INTERFACE)
target_compile_options(gtengine_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  # gcc 12 takes "literal" + std::string for an overlapping copy (gcc bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>
  # A fused multiply-add would change timestamps by a nanosecond.
  -ffp-contract=off
  # The library is built to be linked into shared objects, too; its functions call each other
  # directly all the same.
  -fno-semantic-interposition
  # Messages name files from the root of the tree, wherever it was built.
  -fmacro-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}/=)
# Highway leaves its target for AVX-512 with VBMI2 (Ice Lake, Zen 4) out unless it is asked for.
target_compile_definitions(gtengine_options INTERFACE HWY_WANT_AVX3_DL)
if(GTENGINE_WERROR)
  target_compile_options(gtengine_options INTERFACE -Werror)
endif()
if(GTENGINE_SANITIZE)
  # gcc's data flow does not survive its own instrumentation; the other builds keep the warning.
  target_compile_options(gtengine_options INTERFACE -Wno-maybe-uninitialized)
endif()
if(GTENGINE_SANITIZE OR CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(gtengine_options INTERFACE _GLIBCXX_ASSERTIONS)
endif()
