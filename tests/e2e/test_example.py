"""The example of a program that uses the library (tools/example_report)."""

import os
import subprocess

import corpus
import documents
from program import PROGRAM, ProgramTest


class Example(ProgramTest):
    program = os.environ["GTENGINE_EXAMPLE"]
    name = "example_report"

    def reasons(self, path):
        """Why goroutines were blocked, as the program has it."""
        out = subprocess.run(
            [PROGRAM, "scan", path, "--report", "blocking", "--format", "json", "-q"],
            stdout=subprocess.PIPE,
            env=self.environment(),
            check=True,
        ).stdout
        rows = documents.load(out)["blocking"].table("reasons")
        return {row["reason"]: row for row in rows}

    def test_it_counts_the_sleeps_that_the_blocking_report_counts(self):
        compared = 0
        for trace in corpus.traces():
            sleeps = self.reasons(trace.path).get("sleep")
            if sleeps is None:
                continue
            compared += 1
            lines = self.run_program(trace.path).out.decode().splitlines()
            self.assertEqual(lines[0], "Sleeps")
            heading = lines[3]
            self.assertRegex(heading, r"^  started with +sleeps +total +p50 +p99 +max$")
            end = heading.index("sleeps") + len("sleeps")
            counts = [int(line[:end].split()[-1].replace(",", "")) for line in lines[4:]]
            self.assertEqual(sum(counts), sleeps["count"])
        self.assertGreater(compared, 5)

    def test_what_cannot_be_read(self):
        self.assertIn("none", self.run_program("none", status=1).err.decode())
