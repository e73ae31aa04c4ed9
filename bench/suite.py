#!/usr/bin/env python3
"""Runs the bench suite and writes one table, as Markdown and as JSON.

It times kernels and stages in process, and whole processes: ours, and beside them Go's reader and
`go tool trace` where a Go toolchain (1.26 or newer) is installed. What is compared runs in turn, in
the same rounds. It builds nothing but Go's reader. docs/bench.md says how to read the table.
"""

import argparse
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True

import go_tools
import machine
import process_groups
import processes
import stage_group
from inputs import Generator, Input, real_traces
from results import Results

ROOT = pathlib.Path(__file__).resolve().parent.parent
GROUPS = {
    "stages": (stage_group.run, "kernels and stages in process"),
    "reader": (process_groups.run_reader, "ours beside Go's reader, one core each"),
    "go-tool": (process_groups.run_go_tool, "ours beside go tool trace, all cores"),
    "threads": (process_groups.run_threads, "one thread beside more"),
    "compressed": (process_groups.run_compressed, "gzip, zstd and archives beside plain files"),
    "scaling": (process_groups.run_scaling, "larger files and more files"),
}
DEFAULT_FILTER = "shop/|generated/|synthetic/|mix|memcpy|read|touch"
MIB = 1 << 20
# What a machine with 64 busy cores writes, and what a small one does.
SHAPE = ("--ms", "64", "--goroutines", "100000")
SMALL_SHAPE = ("--ms", "8", "--goroutines", "1000")
SMALLEST_SIZE = 10 * MIB
FILE_BYTES = MIB // 4


class Suite:
    """What the groups share."""

    def __init__(self, options):
        self.build = options.build.resolve()
        self.corpus = ROOT / "corpus"
        self.program = self.build / "gtengine"
        self.repetitions = options.repetitions
        self.min_seconds = options.min_time
        self.filter = options.filter
        self.size = options.size
        self.files = options.files
        self.is_smallest = options.smallest
        self.stored_folder = options.out / "traces/stored"
        self.shape = SMALL_SHAPE if options.smallest else SHAPE
        # These are read whole into other tables (Go's), which takes seconds a MiB.
        self.bench_bytes = min(self.size, 8 * MIB)
        self.go_tool_bytes = min(self.size, 16 * MIB)
        self.cores = len(os.sched_getaffinity(0))
        self.real = real_traces(options.real)
        self.results = Results(machine.describe(self.build), command_line())
        self.find_programs()
        self.generator = self.find_generator(options.out)
        self.go = self.find_go(options)

    def find_programs(self):
        for program in (self.program, self.build / "bench/trace_pass"):
            if not os.access(program, os.X_OK):
                raise processes.Failure(f"{program} is missing: cmake --build --preset release")

    def find_generator(self, out):
        generator = Generator(self.build / "tracegen", out / "traces")
        shutil.rmtree(generator.folder, ignore_errors=True)
        if generator.is_there():
            return generator
        self.results.left_out.append(
            f"Generated traces, and with them growth: {generator.program} is not there."
        )
        return None

    def find_go(self, options):
        found = go_tools.find(options.go, options.out)
        if isinstance(found, go_tools.GoTools):
            self.results.machine["Go"] = found.version
            return found
        self.results.left_out.append(f"Go's reader and go tool trace: {found}.")
        return None

    def say(self, what):
        print(f"suite: {what}", file=sys.stderr, flush=True)

    def generated(self, name, size_bytes):
        return self.generator.trace(f"generated/{name}", size_bytes, shape=self.shape)

    def generated_name(self, path):
        return f"generated, {self.shape[1]} Ms, {size_text(path.stat().st_size)}"

    def generated_input(self, size_bytes):
        path = self.generated(f"size-{size_bytes}", size_bytes)
        return Input(self.generated_name(path), [path])

    def large_inputs(self):
        """The large file, where it can be made."""
        return [self.generated_input(self.size)] if self.generator is not None else []

    def file_counts(self):
        """Numbers of files from the fewest to the most, by tens."""
        counts = []
        count = 10
        while count < self.files:
            counts.append(count)
            count *= 10
        return [*counts, self.files]

    def many_files(self, count):
        """The first so many of all small files; `count` is one of file_counts()."""
        paths = []
        for number in range(count):
            # A folder holds what a count has more than the one before.
            step = next(step for step in self.file_counts() if number < step)
            paths.append(
                self.generator.trace(
                    f"files-{step}/{number}", FILE_BYTES, seed=number + 1, shape=SMALL_SHAPE
                )
            )
        folders = list(dict.fromkeys(path.parent for path in paths))
        return Input(f"{count} generated files", paths, folders)

    def sizes(self):
        """Sizes of files from the smallest to the largest, by tens."""
        sizes = []
        size = min(SMALLEST_SIZE, self.size // 4)
        while size < self.size:
            sizes.append(size)
            size *= 10
        return [*sizes, self.size]

    def real_input(self):
        return Input(f"real traces ({len(self.real)})", self.real)

    def corpus_input(self):
        return Input("all of corpus/", real_traces([self.corpus]))

    def reader_inputs(self):
        corpus = [] if self.is_smallest else [self.corpus_input()]
        return [self.real_input(), *corpus, *self.large_inputs()]

    def name_of(self, trace):
        return str(trace.relative_to(self.corpus) if trace.is_relative_to(self.corpus) else trace)

    def tell_expected(self, trace):
        """What Go's reader says of a trace, in a file beside it for the benches to check against."""
        expected = trace.with_suffix(".json")
        if self.go is None or expected.exists():
            return
        with open(expected, "wb") as file:
            subprocess.run([self.go.goref, trace], stdout=file, check=True)


def command_line():
    return "bench/suite.py " + shlex.join(sys.argv[1:])


def size_text(size_bytes):
    return f"{size_bytes / 1e6:.3g} MB" if size_bytes < 1e9 else f"{size_bytes / 1e9:.3g} GB"


def parse_size(text):
    match = re.fullmatch(r"(\d+)([KMGT]?)", text)
    if not match or int(match[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no size, such as 64M or 10G")
    return int(match[1]) << 10 * " KMGT".index(match[2] or " ")


def parse_count(text):
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 on")
    return int(text)


def parse_groups(text):
    groups = text.split(",")
    for group in groups:
        if group not in GROUPS:
            raise argparse.ArgumentTypeError(f"{group} is no group: there are {', '.join(GROUPS)}")
    return groups


def read_options(arguments):
    groups = "".join(f"  {name:10}  {what}\n" for name, (_, what) in GROUPS.items())
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="groups:\n" + groups,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--build", type=pathlib.Path, default=ROOT / "build/release", help="built programs")
    add("--out", type=pathlib.Path, help="folder for the results; default: BUILD/suite")
    add("--groups", type=parse_groups, default=list(GROUPS), help="with commas between; default: all")
    add("--repetitions", type=parse_count, default=5, help="counted rounds; default: 5")
    add("--size", type=parse_size, default="64M", help="of the large generated file; default: 64M")
    add("--files", type=parse_count, default=100, help="most files of a scan; default: 100")
    add("--real", nargs="+", default=[ROOT / "corpus/shop"], help="real traces; default: corpus/shop")
    add("--filter", default=DEFAULT_FILTER, help="regular expression for benches of the stages")
    add("--min-time", type=float, default=0.1, help="seconds a bench and round; default: 0.1")
    add("--go", default=os.environ.get("GO", "go"), help="the toolchain; default: $GO, else go")
    add("--smallest", action="store_true", help="all groups as briefly as possible: no numbers")
    add("--keep-traces", action="store_true", help="leave the generated traces in OUT/traces")
    options = parser.parse_args(arguments)
    if options.smallest:
        options.repetitions, options.size, options.files = 1, MIB // 2, 12
        options.real = [ROOT / "corpus/shop/web-24"]
        options.min_time, options.filter = 0.001, "(web-24|generated/|300_).*"
    if options.out is None:
        options.out = options.build / "suite"
    return options


def main(arguments):
    options = read_options(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    options.out = options.out.resolve()
    try:
        suite = Suite(options)
        bystanders = machine.Bystanders()
        for group in options.groups:
            GROUPS[group][0](suite)
        suite.results.machine["taken by others"] = f"{bystanders.share():.0%} of the cores' time"
    except processes.Failure as failure:
        print(f"suite: {failure}", file=sys.stderr)
        return 1
    finally:
        if not options.keep_traces:
            shutil.rmtree(options.out / "traces", ignore_errors=True)
    markdown = suite.results.to_markdown()
    (options.out / "bench.md").write_text(markdown, encoding="utf-8")
    (options.out / "bench.json").write_text(suite.results.to_json() + "\n", encoding="utf-8")
    print(markdown, end="")
    suite.say(f"written to {options.out}/bench.md and bench.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
