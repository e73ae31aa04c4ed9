"""The program under test, and a folder of its own for each test."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["GTENGINE_PROGRAM"]
SANITIZED = bool(os.environ.get("GTENGINE_SANITIZED"))
# Under the thread sanitizer: what more of the same tells nothing new then.
THREAD_SANITIZED = os.environ.get("GTENGINE_SANITIZED") == "thread"
# An emulator's own memory counts as the program's.
EMULATED = bool(os.environ.get("GTENGINE_EMULATED"))
TIMEOUT_SECONDS = 300

# A line on stderr may hold no byte that a terminal acts on.
CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]")


class Outcome:
    """What a run of the program gave."""

    def __init__(self, completed):
        self.status = completed.returncode
        self.out = completed.stdout
        self.err = completed.stderr

    @property
    def problems(self):
        """The lines on stderr but the summary at the end."""
        lines = self.err.decode().splitlines()
        return [line for line in lines if not re.search(r"events in \d", line)]

    @property
    def summary(self):
        """The summary line, or None."""
        lines = [line for line in self.err.decode().splitlines() if " events in " in line]
        return lines[-1] if lines else None


class ProgramTest(unittest.TestCase):
    maxDiff = 4000
    # Which of the programs a class tests, and what its messages begin with.
    program = PROGRAM
    name = "gtengine"

    def setUp(self):
        folder = tempfile.mkdtemp(prefix="gtengine-e2e-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.folder = pathlib.Path(folder)

    def environment(self, **more):
        kept = {name: os.environ[name] for name in os.environ if name.endswith("SAN_OPTIONS")}
        return {
            "PATH": os.environ["PATH"],
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.folder),
            **kept,
            **more,
        }

    def run_program(self, *arguments, status=0, stdin=b"", cwd=None, env=None, **more):
        """Runs the program and checks its exit status, and that stderr is clean."""
        completed = subprocess.run(
            [self.program, *(os.fspath(argument) for argument in arguments)],
            input=stdin if "stdin_file" not in more else None,
            stdin=more.pop("stdin_file", None),
            stdout=more.pop("stdout", subprocess.PIPE),
            stderr=subprocess.PIPE,
            cwd=cwd or self.folder,
            env=self.environment(**(env or {})),
            timeout=TIMEOUT_SECONDS,
            **more,
        )
        outcome = Outcome(completed)
        self.assertEqual(
            outcome.status, status, f"{self.name} {arguments} gave: {outcome.err.decode(errors='replace')}"
        )
        self.check_stderr(outcome.err)
        return outcome

    def peak_bytes(self, *arguments):
        """The greatest resident size of a run, whose output is thrown away."""
        process = subprocess.Popen(
            [self.program, *(os.fspath(argument) for argument in arguments)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=self.environment(),
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return usage.ru_maxrss * 1024

    def check_stderr(self, err):
        self.assertIsNone(CONTROL.search(err), err)
        for line in err.decode().splitlines():
            self.assertTrue(line.startswith(f"{self.name}: "), line)

    def assert_usage_error(self, outcome, *words):
        """One line on stderr with all of `words`, and nothing on stdout."""
        self.assertEqual(outcome.out, b"")
        lines = outcome.err.decode().splitlines()
        self.assertEqual(len(lines), 1, lines)
        for word in words:
            self.assertIn(word, lines[0])

    def names_in(self, folder):
        return sorted(entry.name for entry in folder.iterdir())


