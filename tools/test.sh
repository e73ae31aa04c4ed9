#!/usr/bin/env bash
# Sets up, builds and passes every test: the house rules, then the tests of the release build (each bench
# and the installed package among them), then those under the address, undefined behaviour and thread
# sanitizers. The last line sums CTest's results; the exit code is 0 only when all of it passed.
#   tools/test.sh [--quick]          --quick: without the sanitizers
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null
source tools/stages.sh

presets=(release asan-ubsan tsan)
case ${1:-} in
  '') ;;
  --quick) presets=(release) ;;
  *)
    echo "usage: tools/test.sh [--quick]" >&2
    exit 2
    ;;
esac

export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
export CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-$(nproc)}
export CTEST_OUTPUT_ON_FAILURE=1

test_preset() {  # PRESET
  local preset=$1
  local -a ctest_launcher=()
  step "$preset: configure" cmake --preset "$preset" || return
  if [[ $preset == release ]]; then
    stage "$preset: house rules" run_ctest "$preset" house --label-regex '^house$'
  fi
  # Kernels that randomize more than 28 bits of addresses keep gcc 12's ThreadSanitizer from starting.
  if [[ $preset == tsan && $(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 0) -gt 28 ]] &&
    setarch -R true 2>/dev/null; then
    ctest_launcher=(setarch -R)
  fi
  step "$preset: build" cmake --build --preset "$preset" || return
  if [[ $preset == release ]]; then
    step "$preset: each header on its own" \
      cmake --build --preset "$preset" --target all_verify_interface_header_sets
  fi
  local -a selection=(--label-exclude '^house$')
  # It stands beside tests that have threads, and has none.
  if [[ $preset == tsan ]]; then selection+=(--exclude-regex OrderedEventsAreThoseOfGo); fi
  stage "$preset: tests" run_ctest "$preset" tests "${selection[@]}"
}

step "setup" tools/setup.sh || finish
for preset in "${presets[@]}"; do
  test_preset "$preset"
done
finish
