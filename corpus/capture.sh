#!/usr/bin/env bash
# Captures a corpus of traces from the programs beside this script; see --help.
set -euo pipefail

usage() {
  cat <<'END'
usage: capture.sh [-o DIR] [-d DURATION] [GO...]

Builds every program of corpus/programs with each Go toolchain given, runs it, and files its trace as
DIR/service/host/yyyymmdd/hhmmss.trace. The time is UTC, the host is the program and Go's minor version:
edge/sys-24 is `sys` built with Go 1.24.

  -o DIR        where the traces go (default: the current folder's captured/)
  -d DURATION   how long each program works, as Go writes it: 500ms, 3s (default: 500ms);
                generations last about a second, so 3s gives traces of several
  GO...         go commands (default: `go` on PATH); Go 1.22 or newer

Running it again adds traces and leaves those that are there alone. A program that a toolchain is too
old for is skipped, and named. Nothing is fetched. The exit status is 1 when a program failed to build
or run, or when there was nothing to capture; the others are captured all the same.
END
}

complain() { echo "capture.sh: $*" >&2; }

# directive PROGRAM NAME prints what the program's source says after //corpus:NAME, or nothing.
directive() { sed -n "s|^//corpus:$2 ||p" "$programs/$1/main.go"; }

# capture GO MINOR PROGRAM builds and runs one program and files its trace.
capture() {
  local go=$1 minor=$2 program=$3 service environment host now target
  service=$(directive "$program" service)
  environment=$(directive "$program" env)
  if [ -z "$service" ]; then
    complain "$program: main.go has no //corpus:service line"
    return 1
  fi
  host=$program-$minor
  "$go" build -C "$programs" -trimpath -buildvcs=false -o "$work/$program" "./$program" || return 1
  # A name is a second: two traces of one program never share it.
  while
    now=$(date -u +%Y%m%d/%H%M%S)
    target=$out/$service/$host/$now.trace
    [ -e "$target" ]
  do sleep 0.2; done
  env ${environment:+"$environment"} "$work/$program" -o "$work/trace" -d "$duration" || return 1
  mkdir -p "$(dirname "$target")"
  mv "$work/trace" "$target"
  echo "$target"
}

out=captured
duration=500ms
while [ $# -gt 0 ]; do
  case "$1" in
  -h | --help) usage; exit 0 ;;
  -o | -d)
    if [ $# -lt 2 ]; then complain "$1 wants a value"; exit 2; fi
    if [ "$1" = -o ]; then out=$2; else duration=$2; fi
    shift 2
    ;;
  --) shift; break ;;
  -*) complain "unknown option $1"; usage >&2; exit 2 ;;
  *) break ;;
  esac
done
if [ $# -eq 0 ]; then set -- go; fi

programs=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/programs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOTOOLCHAIN=local GOWORK=off GOPROXY=off GOFLAGS= CGO_ENABLED=0
unset GOROOT GODEBUG # each toolchain finds its own root; no experiment but the programs' own

captured=0
failed=0
for go in "$@"; do
  if ! command -v "$go" >/dev/null; then
    complain "no such Go toolchain: $go"
    failed=$((failed + 1))
    continue
  fi
  version=$("$go" env GOVERSION)
  if ! [[ $version =~ go1\.([0-9]+) ]] || [ "${BASH_REMATCH[1]}" -lt 22 ]; then
    complain "$go is $version; Go 1.22 or newer is needed"
    failed=$((failed + 1))
    continue
  fi
  minor=${BASH_REMATCH[1]}
  # The toolchain itself says which programs its build constraints leave it.
  buildable=" $(cd "$programs" && "$go" list -f '{{.ImportPath}}' ./... | sed 's|.*/||' | tr '\n' ' ') "
  for source in "$programs"/*/main.go; do
    program=$(basename "$(dirname "$source")")
    if [[ $buildable != *" $program "* ]]; then
      complain "$program skipped: it needs $(sed -n 's|^//go:build ||p' "$source"), this is $version"
      continue
    fi
    if capture "$go" "$minor" "$program"; then
      captured=$((captured + 1))
    else
      complain "$program failed with $version"
      failed=$((failed + 1))
    fi
  done
done

complain "$captured traces captured, $failed failures"
[ "$captured" -gt 0 ] && [ "$failed" -eq 0 ]
