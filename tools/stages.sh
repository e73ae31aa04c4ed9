# For the scripts that run tests, to be sourced: steps that are timed, CTest's results, and their sum.

broken=0
failed_stages=0
junit=()
times=()
ctest_launcher=()  # a command that CTest is run by

# Runs a step and notes its time and whether it failed; what does not need it goes on.
stage() {  # NAME COMMAND...
  local name=$1 start=$SECONDS result=0
  shift
  printf '\n== %s\n' "$name"
  "$@" || result=$?
  times+=("$(printf '%5d s  %s%s' $((SECONDS - start)) "$name" "$( ((result == 0)) || echo ' (failed)')")")
  ((result == 0)) || failed_stages=$((failed_stages + 1))
  return $result
}

step() {  # like stage, for what CTest does not count
  stage "$@" || { broken=$((broken + 1)); return 1; }
}

run_ctest() {  # PRESET NAME ARGUMENTS...
  local preset=$1 file=$PWD/build/$1/junit-$2.xml
  shift 2
  rm -f "$file"
  junit+=("$file")
  "${ctest_launcher[@]}" ctest --preset "$preset" --output-junit "$file" "$@"
}

# Prints the times and, as the last line, the sum; ends the script.
finish() {
  printf '\n== times\n'
  printf '%s\n' "${times[@]}"
  echo
  local summary
  if ! command -v python3 >/dev/null; then
    summary="0 passed, $failed_stages failed"
  elif summary=$(python3 tools/count_tests.py --broken "$broken" "${junit[@]}") &&
    ((failed_stages > 0)); then
    # A stage failed for a reason that CTest's files do not show.
    summary=$(python3 tools/count_tests.py --broken "$failed_stages" "${junit[@]}")
  fi
  echo "$summary"
  ((failed_stages == 0)) && [[ $summary == *" 0 failed"* ]]
  exit
}
