#!/usr/bin/env bash
# Builds for ARM64 with Debian's cross compiler and passes the tests under qemu: the kernels on a
# processor for each set of vectors that they are compiled for, then the unit, golden and end-to-end
# tests, and that results are those of this machine's own build to the byte. The last line sums CTest's
# results; the exit code is 0 only when all of it passed, and 77 when what it needs cannot be had here.
#   tools/test_arm64.sh
#
# Debian's arm64 libraries go below build/arm64-root and not to the system: not all of them can be
# installed beside those of the machine itself. Only the compiler and qemu are installed, if missing.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null
source tools/stages.sh

if (($# > 0)); then
  echo "usage: tools/test_arm64.sh" >&2
  exit 2
fi

export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
export CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-$(nproc)}
export CTEST_OUTPUT_ON_FAILURE=1

root=$PWD/build/arm64-root

# qemu's processors, and Highway's targets there. The last has vectors of 2048 bits.
processors=(
  'cortex-a72                           NEON'
  'a64fx                                SVE NEON'
  'max,sve128=on                        SVE2_128 SVE2 SVE NEON'
  'max,sve256=on                        SVE_256 SVE2 SVE NEON'
  'max,sve512=on                        SVE2 SVE NEON'
  'max,sve-default-vector-length=256    SVE2 SVE NEON'
)

skip() {  # REASON
  echo "test_arm64: skipped: $1" >&2
  exit 77
}

install_tools() {
  local -A package_of=(
    [aarch64-linux-gnu-g++]=g++-aarch64-linux-gnu
    [qemu-aarch64-static]=qemu-user-static)
  local command missing=() as_root=()
  for command in "${!package_of[@]}"; do
    command -v "$command" >/dev/null || missing+=("${package_of[$command]}")
  done
  ((${#missing[@]} > 0)) || return 0
  echo "test_arm64: installing ${missing[*]}"
  ((EUID == 0)) || as_root=(sudo)
  "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# Unpacks Debian's arm64 packages of the libraries, with all that they need, in $root. apt gets a state
# of its own below it, in which nothing is installed.
unpack_libraries() {
  local apt=$root/apt libraries
  libraries=$(tools/setup.sh --libraries) || return
  if [[ -f $root/libraries && $(<"$root/libraries") == "$libraries" ]]; then
    echo "test_arm64: the libraries are unpacked"
    return 0
  fi
  rm -rf "$root"
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" || return
  : >"$apt/status"
  local options=(-q -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Sandbox::User=root
    -o Dir::State="$apt" -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status"
    -o Dir::Cache="$apt/cache" -o Debug::NoLocking=true)
  apt-get "${options[@]}" update || return
  # shellcheck disable=SC2086
  apt-get "${options[@]}" install -y --no-install-recommends --download-only $libraries libstdc++6 || return
  local archive
  for archive in "$apt"/cache/archives/*.deb; do
    dpkg-deb -x "$archive" "$root" || return
  done
  rm -rf "$apt"
  echo "$libraries" >"$root/libraries"
}

test_kernels() {  # PROCESSOR TARGETS
  QEMU_CPU=$1 GTENGINE_EXPECTED_TARGETS=$2 run_ctest arm64 "kernels-$1" --label-regex '^kernels$'
}

[[ $(uname -m) != aarch64 ]] || skip "this is an ARM64 machine: tools/test.sh tests it"
command -v apt-get >/dev/null || skip "no apt-get here"
stage "setup" tools/setup.sh || skip "the build's own packages cannot be installed"
stage "tools" install_tools || skip "Debian's cross compiler and qemu cannot be installed"
stage "arm64 libraries" unpack_libraries || skip "Debian's arm64 packages cannot be downloaded"

step "release: configure" cmake --preset release || finish
step "release: build" cmake --build --preset release --target gtengine_cli || finish
step "arm64: configure" cmake --preset arm64 -D GTENGINE_REFERENCE_PROGRAM="$PWD/build/release/gtengine" || finish
step "arm64: build" cmake --build --preset arm64 || finish
for line in "${processors[@]}"; do
  read -r processor targets <<<"$line"
  stage "arm64: kernels on $processor ($targets)" test_kernels "$processor" "$targets"
done
# qemu does not pass on to the system that pages will be needed.
stage "arm64: other tests" run_ctest arm64 tests --label-regex '^(engine|e2e)$' \
  --exclude-regex ReadAheadTest.BringsPagesThatNobodyHasTouched
finish
