"""The traces that whole processes read: real ones, and generated ones of any size."""

import dataclasses
import os
import pathlib
import subprocess

import machine
import processes

MINOR_VERSIONS = range(22, 100)  # of the formats whose events can be put in order by themselves


@dataclasses.dataclass
class Input:
    name: str
    paths: list
    folders: list = None  # those that hold exactly these paths, when there are many
    size_bytes: int = 0

    def __post_init__(self):
        self.size_bytes = sum(os.path.getsize(path) for path in self.paths)

    def arguments(self):
        """What names these traces on a command line, which may not be of any length."""
        return self.folders or self.paths

    def fits_page_cache(self):
        """Whether the files can stay in memory beside what reads them."""
        return self.size_bytes < machine.memory_bytes("MemAvailable") * 0.7


def real_traces(paths):
    """All traces of format 1.22 and later among some files and folders, in order of path."""
    files = []
    for path in map(pathlib.Path, paths):
        if not path.exists():
            raise processes.Failure(f"{path}: there is no such file or folder")
        files += [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    traces = sorted({file.resolve() for file in files if is_trace(file)})
    if not traces:
        raise processes.Failure("no traces of format 1.22 or later in " + ", ".join(map(str, paths)))
    return traces


def is_trace(path):
    with open(path, "rb") as file:
        header = file.read(16)
    if not header.startswith(b"go 1.") or b" trace" not in header:
        return False
    minor = header[5:7]
    return minor.isdigit() and int(minor) in MINOR_VERSIONS


class Generator:
    """Makes traces of a machine with many cores by the program tracegen, each once, in one folder."""

    def __init__(self, program, folder):
        self.program = pathlib.Path(program)
        self.folder = pathlib.Path(folder)

    def is_there(self):
        return os.access(self.program, os.X_OK)

    def trace(self, name, size_bytes, seed=1, shape=()):
        """The path of a trace of about that size; made when it is first asked for."""
        path = self.folder / f"{name}.trace"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            made = subprocess.run(
                [
                    *(self.program, *shape, "--size", str(size_bytes), "--seed", str(seed)),
                    *("--quiet", "-o", path),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            if made.returncode != 0:
                raise processes.Failure(f"tracegen failed: {made.stderr.strip()}")
        return path
