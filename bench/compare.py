#!/usr/bin/env python3
"""Compares the speed of two builds, in turn: before a change to speed is committed.

Every bench of the stages (or those that --filter names) and every whole-process scan runs with build
A, then with build B, and again. Shown is B's time over A's, each ratio within one round: below 1, B is
faster. A ratio is marked where seven rounds or more agree on who is faster; compare a build with itself
to see the noise.
"""

import argparse
import pathlib
import sys

sys.dont_write_bytecode = True

import google_benchmark
import machine
import process_groups
import processes
import results
import spread
from inputs import Input, real_traces

# Equal builds agree by chance in one case of 64.
FEWEST_ROUNDS = 7
ROOT = pathlib.Path(__file__).resolve().parent.parent


class Build:
    """What process_groups needs to know of a build."""

    def __init__(self, folder):
        self.build = folder.resolve()
        self.program = self.build / "gtengine"


def compare_benches(builds, options, say):
    """Name of bench -> the seconds of each build, round by round."""
    times = {}
    for program in google_benchmark.programs(builds[0].build):
        if program.name not in options.programs:
            continue
        others = [build.build / "bench" / program.name for build in builds]
        for name in google_benchmark.names(program, options.filter, options.traces):
            say(f"{program.name} {name}")
            rounds = [
                [seconds_of(other, name, options) for other in others]
                for _ in range(options.repetitions)
            ]
            times[f"{program.name} {name}"] = list(zip(*rounds))
    return times


def seconds_of(program, name, options):
    """Processor seconds of a turn of one bench."""
    pattern = google_benchmark.exactly(name)
    turns = google_benchmark.run(program, pattern, options.min_time, options.traces)
    if name not in turns:
        raise processes.Failure(f"{program} has no bench {name}")
    return turns[name].seconds


def compare_scans(builds, options, say):
    """The same for whole processes on one core: processor seconds, then wall seconds on all cores."""
    times = {}
    source = Input("scan", real_traces(options.scan))
    for what, threads, read in (
        ("one core, CPU", 1, process_groups.cpu),
        ("all cores, wall", None, process_groups.wall),
    ):
        name = f"gtengine scan of {len(source.paths)} traces, {what}"
        say(name)
        contestants = [
            process_groups.scan(build, source, threads=threads, name=label)
            for build, label in zip(builds, "AB")
        ]
        for contestant in contestants:
            contestant.read_answer = lambda printed: {
                key: value
                for key, value in process_groups.scan_answer(printed).items()
                if key != "document"  # a build may say more than the other
            }
        usages = processes.race(contestants, options.repetitions)
        times[name] = [read(usages["A"]), read(usages["B"])]
    return times


def to_markdown(times):
    rows = []
    for name, (a, b) in times.items():
        ratio = spread.paired_ratio(b, a)
        rows.append(
            [
                name,
                results.seconds(spread.spread(a).median),
                results.seconds(spread.spread(b).median),
                f"{ratio.median:.3f}",
                f"{ratio.low:.3f} to {ratio.high:.3f}",
                verdict(a, b),
            ]
        )
    return results.table(["what", "A", "B", "B/A", "quartiles", "all rounds"], rows)


def verdict(a, b):
    """Who is faster, where every round says the same; of few rounds that means nothing."""
    if len(a) < FEWEST_ROUNDS:
        return ""
    if all(of_b < of_a for of_a, of_b in zip(a, b)):
        return "B faster"
    if all(of_b > of_a for of_a, of_b in zip(a, b)):
        return "A faster"
    return ""


def read_options(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("builds", nargs=2, type=pathlib.Path, metavar="BUILD", help="folders of two builds")
    add("--programs", nargs="*", default=["stages_bench"], metavar="NAME",
        help="bench programs; default: stages_bench; none: only scans")
    add("--filter", default="shop/", help="regular expression for benches; default: shop/")
    add("--traces", nargs="*", default=[], type=lambda path: pathlib.Path(path).resolve(),
        metavar="TRACE", help="further traces for the benches; a bench is named by their paths")
    add("--scan", nargs="*", default=[ROOT / "corpus"], metavar="PATH",
        help="traces of the whole-process scans; default: corpus/; none: no scans")
    add("--repetitions", type=int, default=9, metavar="N", help="rounds; default: 9")
    add("--min-time", type=float, default=0.1, metavar="SECONDS",
        help="of a bench in each round; default: 0.1")
    return parser.parse_args(arguments)


def main(arguments):
    options = read_options(arguments)
    builds = [Build(folder) for folder in options.builds]

    def say(what):
        print(f"compare: {what}", file=sys.stderr, flush=True)

    bystanders = machine.Bystanders()
    try:
        times = compare_benches(builds, options, say)
        if options.scan:
            times.update(compare_scans(builds, options, say))
        if not times:
            raise processes.Failure("nothing to compare: no bench has such a name")
    except processes.Failure as failure:
        say(failure)
        return 1
    for label, build in zip("AB", builds):
        print(f"{label}: {build.build}")
    print(f"Other processes took {bystanders.share():.0%} of the cores' time.")
    print()
    print(to_markdown(times))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
