#!/usr/bin/env bash
# Builds the reference program (goref) with an installed Go toolchain; see --help.
set -euo pipefail

usage() {
  cat <<'END'
usage: build_goref.sh OUT

Builds goref, which prints what Go's own trace reader says of a trace, and writes the program to OUT.
Uses the toolchain that $GO names, else `go` on PATH. It must be Go 1.26 or newer: older readers do not
know format 26. Without one this says so and exits with status 77, which test runners take as "skipped".

Only packages inside GOROOT may import Go's reader. A build overlay makes the source appear there;
GOROOT itself is not touched, and nothing is fetched.
END
}

case "${1:-}" in
-h | --help) usage; exit 0 ;;
esac
if [ $# -ne 1 ]; then usage >&2; exit 2; fi

out=$(realpath -m "$1")
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/goref
go=${GO:-go}
if ! command -v "$go" >/dev/null; then
  echo "build_goref.sh: no Go toolchain found ($go); Go 1.26 or newer is needed" >&2
  exit 77
fi

export GOTOOLCHAIN=local GOWORK=off GOPROXY=off GOFLAGS=
version=$("$go" env GOVERSION)
if ! [[ $version =~ go1\.([0-9]+) ]] || [ "${BASH_REMATCH[1]}" -lt 26 ]; then
  echo "build_goref.sh: $go is $version; Go 1.26 or newer is needed" >&2
  exit 77
fi

overlay=$(mktemp)
trap 'rm -f "$overlay"' EXIT
root=$("$go" env GOROOT)
{
  printf '{"Replace": {'
  separator=
  for file in "$source"/*.go; do
    printf '%s"%s": "%s"' "$separator" "$root/src/cmd/goref/${file##*/}" "$file"
    separator=', '
  done
  printf '}}\n'
} >"$overlay"
cd "$root/src/cmd"
"$go" build -trimpath -buildvcs=false -overlay "$overlay" -o "$out" ./goref
