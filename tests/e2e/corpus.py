"""The shipped traces and what Go's own reader says of them (corpus/README.md)."""

import hashlib
import json
import os
import pathlib
import re

FOLDER = pathlib.Path(os.environ["GTENGINE_CORPUS"])


class Trace:
    def __init__(self, path):
        self.path = path
        self.name = path.relative_to(FOLDER).as_posix()
        self.service, self.host, self.date = path.relative_to(FOLDER).parts[:3]

    @property
    def bytes(self):
        return self.path.read_bytes()

    @property
    def format(self):
        """The NN of "go 1.NN trace"."""
        with self.path.open("rb") as file:
            return int(file.read(16)[5:7])

    @property
    def expected(self):
        path = FOLDER / "expected" / pathlib.PurePosixPath(self.name).with_suffix(".json")
        return json.loads(path.read_text())

    @property
    def is_legacy(self):
        return self.format < 22


def traces():
    """All traces, in order of path."""
    found = [Trace(path) for path in sorted(FOLDER.glob("*/*/*/*.trace"))]
    assert len(found) >= 10, f"the corpus in {FOLDER} is not whole"
    return found


def trace(name):
    """The trace whose path begins with `name`, such as "edge/procs-27"."""
    found = [candidate for candidate in traces() if candidate.name.startswith(name)]
    assert len(found) == 1, (name, found)
    return found[0]


def smallest(format):
    """The smallest trace of a format."""
    return min((t for t in traces() if t.format == format), key=lambda t: t.path.stat().st_size)


def smallest_of_each_format():
    return [smallest(format) for format in sorted({trace.format for trace in traces()})]


def record_set_sha256(dump):
    """Of a parsed dump, whatever the order and times of its events."""
    records = re.split(rb"\n(?=M=)", dump.rstrip(b"\n"))
    records = sorted(re.sub(rb" Time=-?[0-9]+", b"", record) for record in records)
    return hashlib.sha256(b"".join(record + b"\n" for record in records)).hexdigest()


def service_folders():
    """The folders below the corpus that hold traces."""
    return sorted({FOLDER / trace.service for trace in traces()})
