"""Profiles of traces, held against go tool trace, and opened by go tool pprof."""

import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import pprof


def output(*command):
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "TZ": "UTC"}, check=True
    ).stdout


def seconds(text):
    """A time as go tool pprof shows it."""
    number, unit = re.fullmatch(r"([0-9.]+)([a-zµ]*)", text).groups()
    units = {"": 1e-9, "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "mins": 60, "hrs": 3600}
    return float(number) * units[unit]


def check_pprof(go, path, expected):
    """go tool pprof reads the profile and adds it up to the same."""
    raw = output(go, "tool", "pprof", "-raw", path).decode()
    if "contentions/count delay/nanoseconds" not in raw:
        yield "go tool pprof -raw shows other values"
    top = output(go, "tool", "pprof", "-top", path).decode()
    total = re.search(r"accounting for .* of ([0-9.]+[a-zµ]*) total", top)
    want = sum(time_ns for _, time_ns in expected.values()) / 1e9
    if expected and (total is None or abs(seconds(total.group(1)) - want) > 0.01 * want):
        yield f"go tool pprof -top has a total of {total and total.group(1)}, not {want:.4g} s"


# The report that has a profile of go tool trace.
REPORTS = {"sched": "sched", "net": "blocking", "sync": "blocking", "syscall": "syscalls"}


def check(program, go, traces, folder):
    """Number of profiles and problems."""
    folder.mkdir()
    problems = []
    for trace in traces:
        for name, report in REPORTS.items():
            theirs = pprof.Profile(output(go, "tool", "trace", f"-pprof={name}", trace))
            path = folder / f"{trace.parent.parent.name}-{trace.stem}.{name}.pb.gz"
            output(
                program, "scan", trace, "--report", report, "--format", "pprof", "--profile", name,
                "--compat", "go-tool-trace", "-o", path,
            )
            ours = pprof.Profile(path.read_bytes())
            # go tool trace tells stacks apart by 128 addresses, of which those that a stack does not
            # have are 0: one of a single frame at 0, which has no name, is none for it.
            is_equal = ours.merged(nameless_ends=False) == theirs.merged(nameless_ends=False)
            found = [] if is_equal else ["go tool trace says otherwise"]
            if ours.types != theirs.types:
                found.append(f"values are {ours.types}, not {theirs.types}")
            if name == "sched":
                found += check_pprof(go, path, ours.merged())
            problems += [f"{path.name}: {problem}" for problem in found]
    return len(traces) * len(REPORTS), problems
