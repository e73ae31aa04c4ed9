#!/usr/bin/env python3
"""Compares the results of two builds of gtengine, byte by byte.

usage: same_results.py --program GTENGINE --reference GTENGINE --corpus FOLDER

For builds of machines that differ: reports of all of the corpus in every format, partial files among them,
and dumps of a trace of each format of Go.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

# Of Go 1.19, 1.21, 1.22, 1.23, 1.25 and 1.26.
DUMPED = ("edge/sys-19", "edge/mid-21", "edge/sys-22", "edge/procs-23", "edge/mid-25", "edge/flight-26")


def commands(corpus):
    yield "scan", corpus, "--report", "all", "--format", "json"
    yield "scan", corpus, "--report", "all", "--format", "partial"
    yield "scan", corpus, "--report", "sched", "--format", "json"
    yield "scan", corpus, "--report", "sched", "--format", "json", "--compat", "go-tool-trace"
    for kind in ("table", "csv", "markdown", "pprof"):
        yield "scan", corpus / "edge", "--report", "sched", "--format", kind
    for name in DUMPED:
        (trace,) = (corpus / name).rglob("*.trace")
        yield "dump", trace, "--parsed"


def run(program, command, result):
    """What a command gives: its exit status, and on standard output or, of a scan, in a file."""
    command = [str(part) for part in command]
    if command[0] == "scan":
        command += ["--quiet", "--output", str(result)]
    result.unlink(missing_ok=True)
    completed = subprocess.run([program, *command], capture_output=True, timeout=600)
    return completed.returncode, result.read_bytes() if result.exists() else completed.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--reference", required=True)
    parser.add_argument("--corpus", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    differ = 0
    with tempfile.TemporaryDirectory(prefix="gtengine-same-") as folder:
        result = pathlib.Path(folder) / "result"
        for command in commands(arguments.corpus):
            status, output = run(arguments.program, command, result)
            reference_status, reference = run(arguments.reference, command, result)
            same = status == reference_status == 0 and output == reference and output
            differ += not same
            print(
                f"{'same' if same else 'NOT THE SAME'}, {len(output)} bytes, exit status {status}"
                f"{'' if same else f' (reference: {len(reference)}, {reference_status})'}:",
                *command,
            )
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
