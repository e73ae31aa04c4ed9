"""gtengine info."""

import shutil

import corpus
import documents
from program import ProgramTest


class Info(ProgramTest):
    def test_each_trace(self):
        traces = corpus.traces()
        found = documents.load_all(
            self.run_program("info", *corpus.service_folders(), "--format", "json").out
        )
        self.assertEqual([document.facts["trace"] for document in found], [str(t.path) for t in traces])
        for document, trace in zip(found, traces):
            with self.subTest(trace=trace.name):
                expected = trace.expected
                facts = document.facts
                self.assertEqual(facts["format"], f"go 1.{trace.format}")
                self.assertEqual(facts["bytes"], expected["bytes"])
                self.assertEqual(facts["generations"], expected["syncs"] - 1)
                self.assertEqual(len(document.table("generations")), expected["syncs"] - 1)
                self.assertEqual(facts["damages"], 0)
                self.assertEqual(facts["wall_clock_start"] is not None, trace.format >= 25)
                counts = {row["type"]: row["count"] for row in document.table("events")}
                self.assertEqual(counts.get("UserLog", 0), expected["kinds"].get("Log", 0))
                self.assertEqual(
                    counts.get("CPUSample", 0), expected["kinds"].get("StackSample", 0)
                )
                self.assertEqual(sum(counts.values()), facts["events"])

    def test_table_and_standard_input(self):
        trace = corpus.trace("edge/procs-27")
        out = self.run_program("info", "-", stdin=trace.bytes).out.decode()
        self.assertIn("go 1.26", out)
        self.assertIn("GoStart", out)

    def test_damage(self):
        (self.folder / "cut.trace").write_bytes(corpus.trace("edge/procs-27").bytes[:90_000])
        shutil.copy(corpus.trace("edge/procs-23").path, self.folder / "good.trace")
        (self.folder / "notes.txt").write_text("hello")
        outcome = self.run_program("info", ".", "--format", "json", status=1)
        cut, good = documents.load_all(outcome.out)
        self.assertEqual(cut.facts["damages"], 1)
        self.assertGreater(cut.facts["lost_bytes"], 80_000)
        self.assertEqual(len(cut.table("damage")), 1)
        self.assertEqual(good.facts["damages"], 0)
        self.assertEqual(len(outcome.problems), 1)
        self.assertTrue(outcome.problems[0].startswith("gtengine: ./cut.trace: "), outcome.problems)

    def test_damage_of_a_legacy_trace(self):
        content = corpus.trace("edge/mid-21").bytes
        (self.folder / "cut.trace").write_bytes(content[:20_000])
        outcome = self.run_program("info", "cut.trace", "--format", "json", status=1)
        (cut,) = documents.load_all(outcome.out)
        self.assertEqual(cut.facts["damages"], 1)
        self.assertGreater(cut.facts["events"], 1000)
        self.assertEqual(len(outcome.problems), 1)
        self.assertTrue(outcome.problems[0].startswith("gtengine: cut.trace: "), outcome.problems)

    def test_nothing_readable(self):
        outcome = self.run_program("info", ".", status=2)
        self.assert_usage_error(outcome, "no Go execution trace")
        (self.folder / "old.trace").write_bytes(b"go 1.9 trace\0\0\0\0" + bytes(10))
        outcome = self.run_program("info", "old.trace", status=2)
        self.assertIn("go 1.9 is not read", outcome.problems[0])

    def test_output_file(self):
        self.run_program("info", corpus.trace("edge/procs-27").path, "-o", "info.txt")
        self.assertIn("go 1.26", (self.folder / "info.txt").read_text())
