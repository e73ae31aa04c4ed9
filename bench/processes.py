"""Whole processes under the clock: wall and processor time, memory, and what they answer."""

import dataclasses
import os
import subprocess
import tempfile
import time

# How often a running process is asked for its memory.
MEMORY_INTERVAL_SECONDS = 0.001


class Failure(Exception):
    """What ends a suite: a program that fails or answers wrongly is not worth a number."""


@dataclasses.dataclass
class Contestant:
    """A command, and how its output is read as an answer: a dict of what it found."""

    name: str
    command: list
    read_answer: callable
    one_core: bool = False
    environment: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Usage:
    wall_seconds: float
    cpu_seconds: float  # user and system
    answer: dict


@dataclasses.dataclass
class Memory:
    """The greatest sizes seen while a process ran, in bytes; 0 when it ended before the first look."""

    resident: int = 0
    anonymous: int = 0


def last_core():
    """The core that one-core processes run on: the last, since the first has most of the interrupts."""
    return max(os.sched_getaffinity(0))


class OneCore:
    """Keeps this process, and those it starts, on one core for a while."""

    def __enter__(self):
        self.cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {last_core()})

    def __exit__(self, *_):
        os.sched_setaffinity(0, self.cores)


def start(contestant, out, err):
    return subprocess.Popen(
        [os.fspath(part) for part in contestant.command],
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        env={**os.environ, **contestant.environment},
    )


def run(contestant):
    """Runs it once; its Usage. The clock runs from before the process is made until it is gone."""
    if not contestant.one_core:
        return run_here(contestant)
    with OneCore():
        return run_here(contestant)


def run_here(contestant):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.perf_counter()
        process = start(contestant, out, err)
        _, status, usage = os.wait4(process.pid, 0)
        wall_seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            raise Failure(
                f"{contestant.name} ended with {process.returncode}: "
                f"{err.read().decode(errors='replace').strip()}"
            )
        answer = contestant.read_answer(out.read())
    return Usage(wall_seconds, usage.ru_utime + usage.ru_stime, answer)


def peak_memory(contestant):
    """Runs it once more, without a clock, and looks at its memory all the time.

    Not from rusage: its peak counts what this process had in memory when it started the other.
    """
    peak = Memory()
    with tempfile.TemporaryFile() as out:
        process = start(contestant, out, subprocess.DEVNULL)
        while process.poll() is None:
            fields = memory_fields(process.pid)
            peak.resident = max(peak.resident, fields.get("VmHWM", 0))
            peak.anonymous = max(peak.anonymous, fields.get("RssAnon", 0))
            time.sleep(MEMORY_INTERVAL_SECONDS)
    if process.returncode != 0:
        raise Failure(f"{contestant.name} ended with {process.returncode}")
    return peak


def memory_fields(pid):
    """The sizes in /proc/PID/status, in bytes; none when the process is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            lines = file.read().splitlines()
    except OSError:
        return {}
    sizes = {}
    for line in lines:
        name, _, value = line.partition(":")
        if value.endswith(" kB"):
            sizes[name] = int(value.split()[0]) * 1024
    return sizes


def race(contestants, repetitions):
    """Runs all in turn, again and again: a list of Usage for each name.

    One round before is not counted: it warms the page cache. In every round all must give the same
    answer, as far as they tell the same things.
    """
    usages = {contestant.name: [] for contestant in contestants}
    if len(usages) != len(contestants):
        raise ValueError("each contestant needs a name of its own")
    for round_number in range(repetitions + 1):
        found = {}
        for contestant in contestants:
            usage = run(contestant)
            for what, value in usage.answer.items():
                if found.setdefault(what, value) != value:
                    raise Failure(
                        f"{contestant.name} says {what} = {value}; before it was {found[what]}"
                    )
            if round_number > 0:
                usages[contestant.name].append(usage)
    return usages
