"""The suite's first group: kernels and stages, in process, as their bench programs time them."""

import os
import pathlib

import google_benchmark
import processes
import spread
from results import Column, Section

# Rows of these names are the oracle and the vector targets of one kernel on one input.
ORACLE = "oracle"
TARGETS_128_BITS = ("SSSE3", "SSE4", "NEON", "NEON_WITHOUT_AES")
# Targets that are not vectors of any width.
TARGETS_PLAIN = ("SCALAR", "EMU128")

CYCLES_HEADINGS = {
    "cycles_per_event": "cycles/event",
    "tsc_per_event": "TSC cycles/event",
}
NO_CYCLES = (
    "Core cycles are left out: this machine does not tell them (no counters, or perf_event_open is "
    "not permitted)."
)
TSC_NOTE = (
    " TSC cycles are processor time in cycles of the time stamp counter, which runs at one rate "
    "whatever the core's clock does."
)


def run(suite):
    """Every bench program once a round, in turn; a section for each."""
    rounds = []
    programs = google_benchmark.programs(suite.build)
    folder, traces = bench_traces(suite)
    for number in range(suite.repetitions):
        suite.say(f"kernels and stages: round {number + 1} of {suite.repetitions}")
        rounds.append(
            {
                program: google_benchmark.run(
                    program, suite.filter, suite.min_seconds, traces, folder
                )
                for program in programs
            }
        )
    kinds = set()
    for program in programs:
        turns = {name: [one[program][name] for one in rounds] for name in rounds[0][program]}
        if not turns:
            continue
        kinds |= {each[0].cycles_kind for each in turns.values()}
        suite.results.sections.append(section(program, turns))
        add_kernel_ratios(suite, program, turns)
    if not kinds:
        raise processes.Failure(f"no bench has a name like {suite.filter}")
    if "cycles_per_event" not in kinds:
        suite.results.left_out.append(NO_CYCLES + (TSC_NOTE if "tsc_per_event" in kinds else ""))


def bench_traces(suite):
    """Further traces for the benches: a folder, and paths from there, which become names."""
    traces = [path for path in suite.real if not path.is_relative_to(suite.corpus)]
    if suite.generator is None:
        return None, traces
    generated = suite.generated("bench", suite.bench_bytes)
    suite.tell_expected(generated)
    folder = suite.generator.folder
    return folder, traces + [pathlib.Path(os.path.relpath(generated, folder))]


def section(program, turns):
    kind = next((each[0].cycles_kind for each in turns.values()), None)
    made = Section(
        id=program.name,
        title=program.name + ", one core",
        columns=[
            Column("name", "bench", "text"),
            Column("events_per_second", "events/s", "events/s"),
            Column("bytes_per_second", "bytes/s", "bytes/s"),
            Column("ns_per_event", "ns/event", "ns"),
            Column("cycles_per_event", CYCLES_HEADINGS.get(kind, "cycles/event"), "cycles"),
            Column("spread", "spread", "share"),
        ],
    )
    for name, each in turns.items():
        made.rows.append({"name": name, "cycles_kind": kind, **row(each)})
    return made


def row(turns):
    """Medians of one bench's rounds."""
    seconds = spread.spread([turn.seconds for turn in turns])

    def median(values):
        values = [value for value in values if value is not None]
        return spread.spread(values).median if values else None

    events = median(turn.events_per_second for turn in turns)
    return {
        "events_per_second": events,
        "bytes_per_second": median(turn.bytes_per_second for turn in turns),
        "ns_per_event": 1e9 / events if events else None,
        "cycles_per_event": median(turn.cycles_per_event for turn in turns),
        "spread": seconds.relative(),
    }


def add_kernel_ratios(suite, program, turns):
    """The vector target that runs here, and the best one of 128 bits, over the scalar oracle."""
    for name, oracle in turns.items():
        base, _, last = name.rpartition("/")
        if last != ORACLE:
            continue
        # In the order in which Highway prefers them.
        targets = [
            target
            for of, _, target in (other.rpartition("/") for other in turns)
            if of == base and target not in (ORACLE, *TARGETS_PLAIN)
        ]
        narrow = [target for target in targets if target in TARGETS_128_BITS]
        for target in dict.fromkeys([*targets[:1], *narrow[:1]]):
            width = ", 128 bits" if target in TARGETS_128_BITS else ""
            suite.results.add_ratio(
                f"{program.name}/{base}/{target}",
                f"{program.name} on {base}: {target}{width}, over the scalar oracle",
                [turn.seconds for turn in oracle],
                [turn.seconds for turn in turns[f"{base}/{target}"]],
            )
