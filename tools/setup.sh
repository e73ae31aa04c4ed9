#!/usr/bin/env bash
# Installs what the build needs, and only what is missing: on Debian and its relatives by apt. Elsewhere
# it names what is missing and fails. Running it again changes nothing.
#   tools/setup.sh [--libraries]     --libraries: prints the packages of libraries and installs nothing
set -euo pipefail

# Package, then how to tell without apt that it is there: a command or a header.
parts='
build-essential command c++
cmake command cmake
ninja-build command ninja
ccache command ccache
pkg-config command pkg-config
clang-format command clang-format
python3 command python3
libtbb-dev header tbb/parallel_for.h
libhwy-dev header hwy/highway.h
libsimdjson-dev header simdjson.h
libssl-dev header openssl/evp.h
libmimalloc-dev header mimalloc.h
libbenchmark-dev header benchmark/benchmark.h
libgtest-dev header gtest/gtest.h
libgmock-dev header gmock/gmock.h
libcli11-dev header CLI/CLI.hpp
libfmt-dev header fmt/format.h
libxxhash-dev header xxhash.h
libprotozero-dev header protozero/pbf_writer.hpp
zlib1g-dev header zlib.h
libzstd-dev header zstd.h
zstd command zstd
nlohmann-json3-dev header nlohmann/json.hpp
robin-map-dev header tsl/robin_map.h
libre2-dev header re2/re2.h
libabsl-dev header absl/time/time.h
'

case ${1:-} in
  '') ;;
  --libraries)
    while read -r package kind _; do
      [[ $kind != header ]] || echo "$package"
    done <<<"$parts"
    exit 0
    ;;
  *)
    echo "usage: tools/setup.sh [--libraries]" >&2
    exit 2
    ;;
esac

is_installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

is_present() {  # KIND NAME
  case $1 in
    command) command -v "$2" >/dev/null ;;
    header) echo "#if !__has_include(<$2>)
#error missing
#endif" | c++ -std=c++20 -fsyntax-only -x c++ - 2>/dev/null ;;
  esac
}

missing=()
if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  while read -r package _; do
    [[ -z $package ]] || is_installed "$package" || missing+=("$package")
  done <<<"$parts"
  if ((${#missing[@]} == 0)); then
    echo "setup: everything is installed"
    exit 0
  fi
  echo "setup: installing ${missing[*]}"
  as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      echo "setup: neither root nor sudo here; as root: apt-get install ${missing[*]}" >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"
  exit 0
fi

while read -r package kind name; do
  [[ -z $package ]] || is_present "$kind" "$name" || missing+=("$package ($kind $name)")
done <<<"$parts"
if ((${#missing[@]} > 0)); then
  echo "setup: no apt-get here; install these yourself (names as Debian has them):" >&2
  printf '  %s\n' "${missing[@]}" >&2
  exit 1
fi
echo "setup: everything is installed"
