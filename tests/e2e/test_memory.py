"""gtengine scan --memory: what the process takes, and what is said when it is not enough."""

import os
import re
import subprocess
import time

from program import PROGRAM, ProgramTest

TRACEGEN = os.environ["GTENGINE_TRACEGEN"]
MIB = 1 << 20
# What --memory does not count (docs/memory.md).
BASE = 16 * MIB


class Memory(ProgramTest):
    def generate(self, *options):
        path = self.folder / "generated.trace"
        subprocess.run([TRACEGEN, *options, "--quiet", "-o", path], check=True)
        return path

    def scan(self, path, memory, *options):
        """Exit status, output, lines on stderr, and the greatest anonymous memory."""
        with open(self.folder / "out", "wb") as out, open(self.folder / "err", "wb") as err:
            process = subprocess.Popen(
                [PROGRAM, "scan", path, "--report", "sched", "--format", "json", "--quiet"]
                + ["--memory", memory, *options],
                stdout=out,
                stderr=err,
                env=self.environment(),
            )
            anonymous = 0
            while process.poll() is None:
                with open(f"/proc/{process.pid}/status") as status:
                    found = re.search(r"RssAnon:\s*(\d+) kB", status.read())
                anonymous = max(anonymous, int(found[1]) * 1024 if found else 0)
                time.sleep(0.001)
        lines = (self.folder / "err").read_text().splitlines()
        return process.returncode, (self.folder / "out").read_bytes(), lines, anonymous

    def test_a_million_goroutines(self):
        path = self.generate("--goroutines", "1000000", "--size", "48M")
        status, _, lines, anonymous = self.scan(path, "64M")
        self.assertEqual(status, 2)
        self.assertLess(anonymous, 64 * MIB + BASE)
        found = re.fullmatch(
            rf"gtengine: {re.escape(str(path))}: generation 1: the trace, with up to (\d+) "
            r"goroutines at a time, needs about (\d+) MiB of memory, but 64 MiB are allowed",
            lines[0],
        )
        self.assertTrue(found, lines)
        self.assertGreaterEqual(int(found[1]), 1_000_000)
        enough = int(found[2])
        status, limited, lines, anonymous = self.scan(path, f"{enough}M")
        self.assertEqual((status, lines), (0, []))
        self.assertLess(anonymous, enough * MIB + BASE)
        self.assertEqual(self.scan(path, "4G", "--threads", "1")[1], limited)

    def test_memory_does_not_grow_with_the_file(self):
        shape = ("--goroutines", "20000", "--generation-size", "4M")
        peaks = []
        for size in ("24M", "96M"):  # both large enough for parts
            status, _, lines, anonymous = self.scan(self.generate(*shape, "--size", size), "64M")
            self.assertEqual((status, lines), (0, []))
            peaks.append(anonymous)
        self.assertLess(peaks[1], peaks[0] + 8 * MIB)
