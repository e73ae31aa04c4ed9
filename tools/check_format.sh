#!/usr/bin/env bash
# Checks that our C++ is as clang-format leaves it; `--fix` rewrites it. Exits with 77 (skipped) when
# there is no clang-format of the version that the tree is formatted with: others differ in details.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

version=14
formatter=
for candidate in "clang-format-$version" clang-format; do
  if command -v "$candidate" >/dev/null && "$candidate" --version | grep -q "version $version\."; then
    formatter=$candidate
    break
  fi
done
if [[ -z $formatter ]]; then
  echo "clang-format $version is not installed: the format was not checked"
  exit 77
fi

mode=(--dry-run -Werror)
if [[ ${1:-} == --fix ]]; then
  mode=(-i)
fi
find engine kernels tools tests bench \( -name '*.h' -o -name '*.cc' \) -print0 |
  xargs -0 -r "$formatter" "${mode[@]}"
