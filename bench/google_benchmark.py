"""Runs of the programs made with Google Benchmark, read from their JSON."""

import dataclasses
import json
import os
import pathlib
import re
import subprocess

import processes

# As the programs report them, in order of preference: real cycles, or those of the time stamp counter.
CYCLE_COUNTERS = ("cycles_per_event", "tsc_per_event")


@dataclasses.dataclass
class Turn:
    """One bench in one run. Times and rates are of processor time."""

    seconds: float  # a turn of its loop
    events_per_second: float = None
    bytes_per_second: float = None
    cycles_per_event: float = None
    cycles_kind: str = None  # one of CYCLE_COUNTERS


def programs(build):
    """The bench programs of a build, in order of their names."""
    found = sorted(
        path
        for path in pathlib.Path(build, "bench").glob("*_bench")
        if path.is_file() and os.access(path, os.X_OK)
    )
    if not found:
        raise processes.Failure(
            f"no bench programs in {build}/bench: build them with `cmake --build --preset release`"
        )
    return found


def names(program, name_filter, traces=(), folder=None):
    """The benches of a program that the filter (a regular expression) leaves."""
    arguments = ["--benchmark_list_tests=true", f"--benchmark_filter={name_filter}"]
    listed = call(program, arguments, traces, folder)
    # Without a match the program says so, and still ends well.
    return [line for line in listed.splitlines() if line and not line.startswith("Failed to match")]


def exactly(name):
    """The filter that leaves one bench."""
    return "^" + re.sub(r"([.+*?()\[\]{}^$|\\])", r"\\\1", name) + "$"


def run(program, name_filter, min_seconds, traces=(), folder=None):
    """Runs a program on one core: a dict of Turn by name of bench; empty when the filter leaves none."""
    text = call(
        program,
        [
            f"--benchmark_filter={name_filter}",
            f"--benchmark_min_time={min_seconds}",
            "--benchmark_format=json",
        ],
        traces,
        folder,
    )
    if not text.lstrip().startswith("{"):
        return {}
    return read(text, pathlib.Path(program).name)


def call(program, arguments, traces, folder):
    """What the program prints. `traces`: further ones, named from `folder`, where it runs."""
    environment = {**os.environ, "GTENGINE_BENCH_TRACES": ":".join(os.fspath(t) for t in traces)}
    with processes.OneCore():
        completed = subprocess.run(
            [os.path.abspath(program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=folder,
            text=True,
        )
    if completed.returncode != 0:
        raise processes.Failure(f"{program} failed: {completed.stderr.strip()}")
    return completed.stdout


def read(text, program):
    """Google Benchmark's JSON."""
    scale = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
    turns = {}
    for bench in json.loads(text)["benchmarks"]:
        if bench.get("error_occurred"):
            raise processes.Failure(f"{program}, {bench['name']}: {bench['error_message']}")
        turn = Turn(
            seconds=bench["cpu_time"] * scale[bench["time_unit"]],
            events_per_second=bench.get("items_per_second"),
            bytes_per_second=bench.get("bytes_per_second"),
        )
        for kind in CYCLE_COUNTERS:
            if turn.cycles_kind is None and kind in bench:
                turn.cycles_per_event = bench[kind]
                turn.cycles_kind = kind
        turns[bench["name"]] = turn
    return turns
