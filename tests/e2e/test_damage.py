"""gtengine scan of traces that are cut or broken."""

import random

import corpus
import documents
from program import SANITIZED, THREAD_SANITIZED, ProgramTest


class Damage(ProgramTest):
    def scan(self, *paths, status):
        outcome = self.run_program(
            "scan", *paths, "--report", "sched", "--format", "json", status=status
        )
        return outcome, documents.load(outcome.out) if status != 2 else None

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def check_problems(self, outcome, path):
        self.assertGreater(len(outcome.problems), 0)
        for line in outcome.problems:
            self.assertTrue(line.startswith(f"gtengine: {path}: "), line)
        self.assertEqual(len(set(outcome.problems)), len(outcome.problems))

    def test_cut_anywhere(self):
        """Cut traces beside a whole one: the whole one counts, and what is lost is said in one line."""
        good = corpus.trace("edge/procs-23")
        for name in ("edge/procs-27",) if THREAD_SANITIZED else ("edge/procs-27", "batch/etl-27"):
            trace = corpus.trace(name)
            content = trace.bytes
            chance = random.Random(7)
            lengths = {16, 17, 20, 60, len(content) - 1}
            lengths |= {chance.randrange(16, len(content)) for _ in range(8 if SANITIZED else 40)}
            for length in sorted(lengths):
                with self.subTest(trace=name, length=length):
                    path = self.write("cut.trace", content[:length])
                    outcome, found = self.scan(path, good.path, status=0 if length == 16 else 1)
                    if length > 16:
                        self.check_problems(outcome, path)
                        self.assertEqual(len(outcome.problems), 1)
                    events = found["corpus"].facts["events"]
                    self.assertGreaterEqual(events, good.expected["events"])
                    self.assertLess(events, good.expected["events"] + trace.expected["events"])

    def test_legacy_trace_counts_whole_or_not_at_all(self):
        good = corpus.trace("edge/procs-23")
        for name in ("edge/mid-21", "edge/sys-19"):
            content = corpus.trace(name).bytes
            chance = random.Random(8)
            lengths = {17, len(content) - 1}
            lengths |= {chance.randrange(17, len(content)) for _ in range(4 if SANITIZED else 12)}
            for length in sorted(lengths):
                with self.subTest(trace=name, length=length):
                    path = self.write("cut.trace", content[:length])
                    outcome, found = self.scan(path, good.path, status=1)
                    self.check_problems(outcome, path)
                    self.assertEqual(len(outcome.problems), 1)
                    self.assertEqual(found["corpus"].facts["events"], good.expected["events"])
                    self.assertEqual(found["corpus"].facts["damaged_traces"], 1)
                    row = found["corpus"].table("damage")[0]
                    self.assertEqual(row["lost_bytes"], length - 16)

    def test_legacy_trace_that_needs_more_memory(self):
        path = corpus.trace("shop/web-21").path
        outcome, _ = self.scan(path, "--memory", "1M", status=2)
        self.assertRegex(
            outcome.problems[0], r"the trace needs about \d+ MiB of memory, but 1 MiB are allowed"
        )

    def test_cut_inside_the_header(self):
        for length in range(16):
            path = self.write("cut.trace", corpus.trace("edge/procs-27").bytes[:length])
            outcome, _ = self.scan(path, status=2)
            self.assertEqual(len(outcome.problems), 2, outcome.problems)
            self.assertTrue(outcome.problems[0].startswith(f"gtengine: {path}: "))

    def test_generations_behind_damage_count(self):
        trace = corpus.trace("shop/web-26")
        whole = trace.expected
        self.assertGreaterEqual(whole["syncs"], 4)
        content = bytearray(trace.bytes)
        # In the first of several generations.
        for at in range(2000, 2400):
            content[at] = 0xFF
        path = self.write("broken.trace", content)
        outcome, found = self.scan(path, status=1)
        self.check_problems(outcome, path)
        self.assertGreaterEqual(found["corpus"].facts["generations"], whole["syncs"] - 3)
        self.assertEqual(found["corpus"].facts["damaged_traces"], 1)
        row = found["corpus"].table("damage")[0]
        self.assertEqual(row["trace"], str(path))
        self.assertGreater(row["lost_bytes"], 0)

    def test_any_bytes(self):
        """Never a crash, a hang or a silent loss of a trace."""
        trace = corpus.trace("edge/procs-27")
        content = trace.bytes
        good = corpus.trace("edge/procs-23")
        chance = random.Random(3)
        for round in range(3 if THREAD_SANITIZED else 10 if SANITIZED else 60):
            bad = bytearray(content)
            for _ in range(chance.choice((1, 1, 3, 30))):
                bad[chance.randrange(16, len(bad))] = chance.randrange(256)
            path = self.write("bad.trace", bad)
            with self.subTest(round=round):
                outcome = self.run_program_of_any_status(path, good.path)
                found = documents.load(outcome.out)
                self.assertGreaterEqual(
                    found["corpus"].facts["events"], good.expected["events"]
                )
                self.assertEqual(outcome.status == 1, bool(outcome.problems))

    def run_program_of_any_status(self, *paths):
        arguments = ["scan", *paths, "--report", "sched", "--format", "json"]
        try:
            return self.run_program(*arguments, status=0)
        except self.failureException:
            return self.run_program(*arguments, status=1)

    def test_equal_for_all_threads(self):
        for name, length in (("a", 1_000_000), ("b", 2_000_000), ("c", 3_000_000)):
            self.write(f"{name}.trace", corpus.trace("batch/etl-27").bytes[:length])
        runs = [
            self.run_program(
                "scan", ".", "--report", "sched", "--format", "json", "--threads", threads, status=1
            )
            for threads in ("1", "2", "8")
        ]
        self.assertEqual({run.out for run in runs}, {runs[0].out})
        self.assertEqual({tuple(run.problems) for run in runs}, {tuple(runs[0].problems)})
