#!/usr/bin/env bash
# Sets up, builds and runs gtengine: on the shipped corpus, or with the arguments given.
#   tools/run.sh                     gtengine scan corpus/ --report sched
#   tools/run.sh ARGUMENTS...        gtengine ARGUMENTS...
set -euo pipefail
here=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

# What the steps say goes to stderr: stdout is the program's.
{
  tools/setup.sh
  cmake --preset release
  cmake --build --preset release --parallel "${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}" --target gtengine_cli
} </dev/null >&2

if (($# == 0)); then
  exec build/release/gtengine scan corpus/ --report sched
fi
cd "$here"
exec "$root/build/release/gtengine" "$@"
