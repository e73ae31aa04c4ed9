"""gtengine verify and gtengine repair."""

import random
import shutil

import corpus
import documents
from program import SANITIZED, ProgramTest


class Damaged(ProgramTest):
    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def damages(self):
        """Damaged traces of several generations: a name and the bytes of each."""
        chance = random.Random(11)
        for name in ("edge/sys-22", "shop/web-24", "edge/sys-25", "shop/web-26"):
            content = corpus.trace(name).bytes
            for round in range(2 if SANITIZED else 8):
                bad = bytearray(content)
                for _ in range(chance.choice((1, 3))):
                    at = chance.randrange(16, len(bad))
                    bad[at : at + 40] = chance.randbytes(40)
                if round % 2 == 0:
                    del bad[chance.randrange(len(bad) // 2, len(bad)) :]
                yield f"{name} {round}", bytes(bad)


class Verify(Damaged):
    def verify(self, *arguments, status=0):
        out = self.run_program("verify", *arguments, "--format", "json", status=status).out
        return documents.load(out)["verify"]

    def test_corpus_is_whole(self):
        found = self.verify(*corpus.service_folders(), "--all")
        traces = corpus.traces()
        self.assertEqual(found.facts["traces"], len(traces))
        self.assertEqual(found.facts["whole"], len(traces))
        self.assertEqual(found.facts["lost_bytes"], 0)
        for row, trace in zip(found.table("traces"), traces, strict=True):
            self.assertEqual(row["trace"], str(trace.path))
            self.assertEqual(row["verdict"], "whole")
            self.assertEqual(row["format"], f"go 1.{trace.format}")
            self.assertEqual(row["kept_events"], trace.expected["events"])
            self.assertEqual(row["kept_generations"], trace.expected["syncs"] - 1)

    def test_what_is_lost_is_what_a_scan_loses(self):
        """Bytes, generations and events are accounted for, and the same as in the report."""
        for name, content in self.damages():
            with self.subTest(name):
                path = self.write("bad.trace", content)
                found = self.verify(path, status=1)
                (row,) = found.table("traces")
                out = self.run_program(
                    "scan", path, "--report", "sched", "--format", "json", status=1
                ).out
                scanned = documents.load(out)["corpus"]
                self.assertEqual(row["kept_generations"], scanned.facts["generations"])
                self.assertEqual(row["kept_events"], scanned.facts["events"])
                self.assertEqual(
                    row["lost_bytes"], sum(r["lost_bytes"] for r in scanned.table("damage"))
                )
                self.assertEqual(row["verdict"], "damaged")
                self.assertGreaterEqual(row["lost_generations"], 1)
                gaps = found.table("gaps")
                self.assertEqual(
                    row["lost_bytes"], sum(gap["end_byte"] - gap["begin_byte"] for gap in gaps)
                )
                self.assertEqual(row["lost_generations"], sum(gap["generations"] for gap in gaps))

    def test_table_and_statuses(self):
        good = corpus.trace("edge/procs-27")
        shutil.copy(good.path, self.folder / "good.trace")
        outcome = self.run_program("verify", "good.trace")
        self.assertIn("1 trace: 1 whole, 0 damaged; 0 files not read", outcome.err.decode())
        self.write("cut.trace", good.bytes[:90_000])
        self.write("old.trace", b"go 1.9 trace\0\0\0\0" + bytes(10))
        outcome = self.run_program("verify", ".", status=1)
        text = outcome.out.decode()
        for word in ("cut.trace", "damaged", "old.trace", "go 1.9"):
            self.assertIn(word, text)
        self.assertNotIn("good.trace", text)
        self.assertIn("2 traces: 1 whole, 1 damaged; 1 file not read", outcome.err.decode())
        self.assertEqual(self.run_program("verify", "-q", "good.trace").err, b"")
        outcome = self.run_program("verify", "old.trace", status=2)
        self.assertEqual(outcome.out, b"")
        self.assertIn("nothing to verify", outcome.err.decode())

    def test_standard_input(self):
        found = documents.load(
            self.run_program(
                "verify", "-", "--all", "--format", "json", stdin=corpus.trace("edge/sys-19").bytes
            ).out
        )["verify"]
        self.assertEqual(found.table("traces")[0]["trace"], "-")
        self.assertEqual(found.table("traces")[0]["verdict"], "whole")


class Repair(Damaged):
    def repair(self, path, status):
        outcome = self.run_program("repair", path, "-o", "out", status=status)
        return [self.folder / line for line in outcome.out.decode().splitlines()]

    def test_each_run_is_a_whole_trace(self):
        pieces = 0
        for name, content in self.damages():
            with self.subTest(name):
                shutil.rmtree(self.folder / "out", ignore_errors=True)
                path = self.write("bad.trace", content)
                verdict = documents.load(
                    self.run_program("verify", path, "--format", "json", status=1).out
                )["verify"]
                kept = verdict.table("traces")[0]
                if kept["kept_generations"] == 0:
                    self.assertEqual(self.repair(path, 2), [])
                    continue
                found = self.repair(path, 1)
                self.assertEqual(self.names_in(self.folder / "out"), sorted(p.name for p in found))
                repaired = documents.load(
                    self.run_program("verify", "out", "--all", "--format", "json").out
                )["verify"]
                self.assertEqual(repaired.facts["damaged"], 0)
                rows = repaired.table("traces")
                for key in ("kept_generations", "kept_events"):
                    self.assertEqual(sum(row[key] for row in rows), kept[key])
                pieces += len(found)
        self.assertGreater(pieces, 4 if SANITIZED else 20)

    def test_whole_traces_stay_what_they_are(self):
        for name in ("shop/web-26", "edge/sys-19"):
            trace = corpus.trace(name)
            (path,) = self.repair(trace.path, 0)
            self.assertEqual(path.name, trace.path.stem + ".1.trace")
            self.assertEqual(path.read_bytes(), trace.bytes)

    def test_nothing_is_whole(self):
        path = self.write("cut.trace", corpus.trace("edge/mid-21").bytes[:30_000])
        outcome = self.run_program("repair", path, "-o", "out", status=2)
        self.assertIn("nothing of the trace is whole", outcome.problems[-1])
        self.assertFalse((self.folder / "out").exists())

    def test_errors(self):
        self.write("x", b"hello")
        outcome = self.run_program("repair", "x", "-o", "out", status=2)
        self.assert_usage_error(outcome, "x: not a Go execution trace")
        outcome = self.run_program("repair", "y", "-o", "out", status=2)
        self.assert_usage_error(outcome, "y: ")
        trace = corpus.trace("edge/procs-27").path
        outcome = self.run_program("repair", trace, "-o", "x/out", status=2)
        self.assert_usage_error(outcome, "x/out: cannot make the folder")
        self.assert_usage_error(self.run_program("repair", trace, status=2), "--output")

    def test_standard_input_and_quiet(self):
        content = corpus.trace("edge/sys-25").bytes[:-1000]
        outcome = self.run_program("repair", "-", "-o", "out", "-q", stdin=content, status=1)
        self.assertEqual(outcome.err, b"")
        self.assertEqual(outcome.out, b"out/stdin.1.trace\n")
