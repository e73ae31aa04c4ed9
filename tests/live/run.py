#!/usr/bin/env python3
"""Compares gtengine with Go's own reader on traces that are made for it.

usage: run.py --program GTENGINE --tracegen TRACEGEN --tests GTENGINE_TESTS

With an installed Go toolchain (1.26 or newer) it builds the reference program, captures a trace of each
program below corpus/, generates some that no small machine writes, and checks on each that
  - `gtengine dump --parsed` prints what Go's reader prints, and
  - the sched report, in full and as `go tool trace` counts, has Go's count, sum and maximum;
likewise on the legacy traces (Go 1.11 to 1.21) that the toolchain's own tests have. Go's reader puts
events of equal times there in an order that is another in each run: so the dumps are compared as sets of
events without times, and sums and maxima within a nanosecond a wait. Every slice of the traces of several
generations, those of corpus/ included, must be a trace for Go's tools as well, and the profiles of the
smaller ones those of go tool trace; verdicts on damaged traces, and what is repaired of them, must be Go's
reader's. Then it lets the order tests
compare their own traces with Go's reader as well. Without a toolchain it says so and exits with 77 ("skipped");
where CI is set, that is a failure.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import profiles
import repairs
import slices

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
SKIPPED = 77

# go tool trace takes a second a MB.
LARGE_FOR_GO = 1_000_000

# Generated traces: what tests/tools/tracegen has smaller.
GENERATED = {
    "running-64": ["--goroutines", "100000", "--size", "8M"],
    "running-256": ["--ms", "256", "--goroutines", "20000", "--size", "4M", "--run-length", "1"],
    "disorder": ["--goroutines", "20000", "--size", "4M", "--disorder", "20000", "--disorder-reach", "20"],
    "ties": ["--goroutines", "20000", "--size", "4M", "--clock-step", "20000", "--disorder", "20000"],
    "steals-22": ["--format", "22", "--goroutines", "2000", "--size", "4M", "--mix", "steal=200,switch=0"],
    "short-generations": ["--goroutines", "2000", "--size", "4M", "--generation-size", "1M"],
    "short-generations-23": [
        "--format", "23", "--goroutines", "2000", "--size", "4M", "--generation-size", "1M",
        "--mix", "steal=100,syscall=900", "--disorder", "10000", "--disorder-reach", "10",
    ],
}


def build_goref(out):
    """True when the reference program was built; False when there is no toolchain for it."""
    built = subprocess.run([FOLDER / "build_goref.sh", out])
    if built.returncode == SKIPPED:
        return False
    built.check_returncode()
    return True


def output(*command):
    completed = subprocess.run(
        command, stdout=subprocess.PIPE, env={**os.environ, "TZ": "UTC"}, check=True
    )
    return completed.stdout


def record_set(dump):
    """The events of a dump without their times, in order of their text."""
    records = re.split(rb"\n(?=M=)", dump.rstrip(b"\n"))
    return sorted(re.sub(rb" Time=-?[0-9]+", b"", record) for record in records)


def generate(tracegen, folder):
    """Traces of the generator, in a folder like that of the captured ones."""
    folder.mkdir()
    for name, options in GENERATED.items():
        subprocess.run([tracegen, *options, "--quiet", "-o", folder / f"{name}.trace"], check=True)
    return sorted(folder.glob("*.trace"))


def sched_numbers(program, trace, *options):
    text = output(program, "scan", trace, "--report", "sched", "--format", "json", "--quiet", *options)
    reports = {report["report"]: report for report in json.loads(text)["reports"]}
    row = reports["sched"]["tables"]["overall"]["rows"][0]
    return [reports["corpus"]["facts"]["events"]["value"], row["count"], row["total_ns"], row["max_ns"]]


def is_near(got, want, is_legacy):
    """Whether events, count, sum and maximum are Go's."""
    slack = want[1] if is_legacy else 0
    return got[:2] == want[:2] and all(abs(a - b) <= slack for a, b in zip(got[2:], want[2:]))


def check(program, goref, trace, is_legacy=False):
    """Problems with one trace."""
    expected = json.loads(output(goref, trace))
    if expected.get("error"):
        yield f"Go's reader rejects the fresh trace: {expected['error']}"
        return
    form = record_set if is_legacy else bytes
    if form(output(program, "dump", "--parsed", trace)) != form(output(goref, "-dump", trace)):
        yield "the parsed dump differs"
    for profiles, options in (
        ("profiles", []),
        ("cmd_trace_profiles", ["--compat", "go-tool-trace"]),
    ):
        profile = expected[profiles]["sched"]
        want = [expected["events"], profile["count"], profile["time_ns"], profile["max_ns"]]
        got = sched_numbers(program, trace, *options)
        if not is_near(got, want, is_legacy):
            yield f"{profiles}.sched: events, count, time and max are {got}, Go has {want}"


def is_sliceable(trace):
    """Whether the trace is of a format that has generations."""
    with trace.open("rb") as file:
        return int(file.read(16)[5:7]) >= 22


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--tracegen", required=True)
    parser.add_argument("--tests", required=True)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gtengine-live-") as folder:
        goref = os.path.join(folder, "goref")
        if not build_goref(goref):
            print("live comparison skipped: it needs a Go toolchain, 1.26 or newer")
            return 1 if os.environ.get("CI") else SKIPPED
        captured = os.path.join(folder, "captured")
        subprocess.run([ROOT / "corpus/capture.sh", "-o", captured, "-d", "300ms"], check=True)
        traces = sorted(pathlib.Path(captured).rglob("*.trace"))
        captures = len(traces)
        traces += generate(arguments.tracegen, pathlib.Path(folder, "generated"))
        problems = 0
        for trace in traces:
            for problem in check(arguments.program, goref, trace):
                print(f"{trace.relative_to(folder)}: {problem}")
                problems += 1
        go = os.environ.get("GO", "go")
        corpus = sorted(path for path in ROOT.glob("corpus/*/*/*/*.trace") if is_sliceable(path))
        slice_count, slice_problems = slices.check(
            arguments.program, goref, go, traces + corpus, pathlib.Path(folder, "slices")
        )
        for problem in slice_problems:
            print(problem)
        problems += len(slice_problems)
        print(f"{slice_count} slices opened by Go's tools, {len(slice_problems)} problems")
        small = [trace for trace in traces + corpus if trace.stat().st_size < LARGE_FOR_GO]
        profile_count, profile_problems = profiles.check(
            arguments.program, go, small, pathlib.Path(folder, "profiles")
        )
        for problem in profile_problems:
            print(problem)
        problems += len(profile_problems)
        print(f"{profile_count} profiles compared with those of go tool trace, {len(profile_problems)} problems")
        bad_count, repaired_count, repair_problems = repairs.check(
            arguments.program, goref, corpus, pathlib.Path(folder, "repairs"), rounds=10
        )
        for problem in repair_problems:
            print(problem)
        problems += len(repair_problems)
        print(
            f"{bad_count} damaged traces judged and {repaired_count} made of them read by Go, "
            f"{len(repair_problems)} problems"
        )
        root = output(go, "env", "GOROOT").decode().strip()
        legacy_folder = pathlib.Path(root, "src/internal/trace/internal/tracev1/testdata")
        legacy = sorted(legacy_folder.glob("*_good"))
        for trace in legacy:
            for problem in check(arguments.program, goref, trace, is_legacy=True):
                print(f"{trace.name}: {problem}")
                problems += 1
        print(
            f"{len(traces)} fresh traces and {len(legacy)} legacy ones compared with Go's reader, "
            f"{problems} problems"
        )
        texts = subprocess.run(
            [arguments.tests, "--gtest_filter=*AgreeWithGo*", "--gtest_brief=1"],
            env={
                **os.environ,
                "GTENGINE_GOREF": goref,
                **({"GTENGINE_LEGACY_TRACES": str(legacy_folder)} if legacy else {}),
            },
        )
        return 1 if problems or not captures or texts.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
