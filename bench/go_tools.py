"""Go's own programs: its reader, alone, and `go tool trace`."""

import gzip
import os
import pathlib
import subprocess

import processes

ROOT = pathlib.Path(__file__).resolve().parent.parent
NO_TOOLCHAIN = 77  # exit status of build_goref.sh
LOCAL = {"GOTOOLCHAIN": "local", "GOPROXY": "off", "GOFLAGS": "", "GOWORK": "off"}


class GoTools:
    """What an installed toolchain, 1.26 or newer, gives."""

    def __init__(self, go, goref, trace_program, version):
        self.go = go
        self.goref = goref
        self.trace_program = trace_program
        self.version = version


def find(go, folder):
    """Builds Go's reader into the folder and finds the trace program: GoTools, or why there are none."""
    goref = pathlib.Path(folder, "goref")
    built = subprocess.run(
        [ROOT / "tests/live/build_goref.sh", goref],
        env={**os.environ, "GO": go},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if built.returncode == NO_TOOLCHAIN:
        return built.stderr.strip()
    if built.returncode != 0:
        raise processes.Failure(f"Go's reader cannot be built: {built.stderr.strip()}")
    # Newer toolchains build it when it is first asked for.
    trace_program = output(go, "tool", "-n", "trace")
    if not os.access(trace_program, os.X_OK):
        subprocess.run([go, "tool", "trace", "-h"], env={**os.environ, **LOCAL}, capture_output=True)
    return GoTools(go, goref, trace_program, output(go, "env", "GOVERSION"))


def output(*command):
    return subprocess.run(
        command, stdout=subprocess.PIPE, env={**os.environ, **LOCAL}, text=True, check=True
    ).stdout.strip()


def count_answer(printed):
    """What `goref -count` printed."""
    events = 0
    for line in printed.decode().splitlines():
        count, _, error = line.partition("\t")
        if error:
            raise processes.Failure(f"Go's reader says: {error}")
        events += int(count)
    return {"events": events}


def profile_answer(printed):
    """What `go tool trace -pprof=sched` printed: a pprof profile, of which the samples are added."""
    if printed[:2] == b"\x1f\x8b":
        printed = gzip.decompress(printed)
    count = time_ns = 0
    for number, sample in fields(printed):
        if number != 2:
            continue
        values = [value for of, data in fields(sample) if of == 2 for value in packed(data)]
        count += values[0]
        time_ns += values[1]
    return {"waits as go tool trace counts": (count, time_ns)}


def fields(message):
    """The fields of a protobuf message: number, and bytes or an integer."""
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        if key & 7 == 0:
            value, at = varint(message, at)
        elif key & 7 == 2:
            size, at = varint(message, at)
            value, at = message[at : at + size], at + size
        else:
            raise processes.Failure("go tool trace printed no pprof profile")
        yield key >> 3, value


def packed(data):
    """Integers of a repeated field, packed or one alone."""
    if isinstance(data, int):
        yield data
        return
    at = 0
    while at < len(data):
        value, at = varint(data, at)
        yield value


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
