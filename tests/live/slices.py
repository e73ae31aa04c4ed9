"""Slices of traces, held against Go's reader and go tool trace."""

import json
import os
import subprocess


def output(*command):
    return subprocess.run(
        command, stdout=subprocess.PIPE, env={**os.environ, "TZ": "UTC"}, check=True
    ).stdout


def generation_numbers(program, trace):
    (report,) = json.loads(output(program, "info", trace, "--format", "json"))["reports"]
    return [row["number"] for row in report["tables"]["generations"]["rows"]]


def write_slices(program, trace, folder):
    """A slice for every series of the trace's generations, with the events it is said to have."""
    numbers = generation_numbers(program, trace)
    for i, first in enumerate(numbers):
        for last in numbers[i:]:
            path = folder / f"{trace.parent.parent.name}-{trace.stem}.{first}-{last}.trace"
            completed = subprocess.run(
                [program, "slice", trace, "--generations", f"{first}-{last}", "-o", path],
                stderr=subprocess.PIPE,
                check=True,
            )
            yield path, int(completed.stderr.split(b" events in ")[0].split()[-1])


def smallest_of_each_format(paths):
    smallest = {}
    for path in sorted(paths, key=lambda path: path.stat().st_size, reverse=True):
        with path.open("rb") as file:
            smallest[file.read(16)] = path
    return smallest.values()


def check(program, goref, go, traces, folder):
    """Number of slices and problems. `traces` are whole, of formats from 22 on."""
    folder.mkdir()
    slices = {}
    last_ones = []
    problems = []
    for trace in traces:
        of_trace = dict(write_slices(program, trace, folder))
        slices |= of_trace
        if len(of_trace) > 1:
            # The last generation alone: it is another than the trace begins with.
            last_ones.append(list(of_trace)[-1])
    for path in smallest_of_each_format(last_ones):
        if output(program, "dump", "--parsed", path) != output(go, "tool", "trace", "-d=parsed", path):
            problems.append(f"{path.name}: go tool trace -d=parsed says something else")
        if not output(go, "tool", "trace", "-pprof=sched", path):
            problems.append(f"{path.name}: go tool trace -pprof=sched says nothing")
    lines = output(goref, "-count", *slices).decode().splitlines()
    for (path, events), line in zip(slices.items(), lines, strict=True):
        if line.rstrip("\t") != str(events):
            problems.append(f"{path.name}: has {events} events, Go's reader says: {line}")
    return len(slices), problems
