"""gtengine slice."""

import corpus
import documents
from program import ProgramTest


class Slice(ProgramTest):
    def generations(self, path):
        (document,) = documents.load_all(self.run_program("info", path, "--format", "json").out)
        return document.table("generations")

    def facts(self, path):
        """What a scan, which fails on damage, says of the corpus."""
        out = self.run_program("scan", path, "--report", "sched", "--format", "json").out
        return documents.load(out)["corpus"].facts

    def test_every_series_of_generations(self):
        """Each slice is a trace of just these generations, with the events that its summary tells."""
        slices = 0
        for trace in corpus.traces():
            if trace.is_legacy:
                continue
            rows = self.generations(trace.path)
            numbers = [row["number"] for row in rows]
            for first in numbers:
                for last in numbers[numbers.index(first) :]:
                    with self.subTest(trace=trace.name, first=first, last=last):
                        outcome = self.run_program(
                            "slice", trace.path, "--generations", f"{first}-{last}", "-o", "s.trace"
                        )
                        sliced = self.folder / "s.trace"
                        chosen = [row for row in rows if first <= row["number"] <= last]
                        begin, end = chosen[0]["offset"], chosen[-1]["offset"] + chosen[-1]["bytes"]
                        self.assertEqual(
                            sliced.read_bytes(), trace.bytes[:16] + trace.bytes[begin:end]
                        )
                        facts = self.facts(sliced)
                        self.assertEqual(facts["generations"], len(chosen))
                        self.assertRegex(
                            outcome.summary, rf" {facts['events']} events in {len(chosen)} generation"
                        )
                        slices += 1
        self.assertGreater(slices, 30)

    def test_whole_trace_is_the_trace(self):
        trace = corpus.trace("shop/web-26")
        out = self.run_program("slice", trace.path, "--generations", "1-").out
        self.assertEqual(out, trace.bytes)

    def test_standard_input_and_output(self):
        trace = corpus.trace("edge/sys-25")
        self.run_program("slice", trace.path, "--generations", "2", "-o", "s.trace")
        out = self.run_program("slice", "-", "--generations", "2-2", "-q", stdin=trace.bytes)
        self.assertEqual(out.out, (self.folder / "s.trace").read_bytes())
        self.assertEqual(out.err, b"")

    def test_damaged_trace_gives_its_whole_generations(self):
        trace = corpus.trace("shop/web-26")
        (self.folder / "cut.trace").write_bytes(trace.bytes[:-1000])
        self.run_program("slice", "cut.trace", "--generations", "2-3", "-o", "s.trace")
        self.run_program("slice", trace.path, "--generations", "2-3", "-o", "t.trace")
        self.assertEqual(
            (self.folder / "s.trace").read_bytes(), (self.folder / "t.trace").read_bytes()
        )
        outcome = self.run_program(
            "slice", "cut.trace", "--generations", "3-4", "-o", "u.trace", status=2
        )
        self.assert_usage_error(outcome, "cut.trace: generations 3 to 4 ", "the trace has 1-3")
        self.assertFalse((self.folder / "u.trace").exists())

    def test_an_older_slice_is_replaced_and_the_trace_never(self):
        trace = corpus.trace("edge/sys-22")
        for numbers in ("1-2", "3"):
            self.run_program("slice", trace.path, "--generations", numbers, "-o", "s.trace")
        self.assertEqual(len(self.generations("s.trace")), 1)
        (self.folder / "t.trace").write_bytes(trace.bytes)
        (self.folder / "link").symlink_to("t.trace")
        for target in ("t.trace", "./t.trace", "link"):
            outcome = self.run_program(
                "slice", "t.trace", "--generations", "3", "-o", target, status=2
            )
            self.assert_usage_error(outcome, "place of the trace")
        self.assertEqual((self.folder / "t.trace").read_bytes(), trace.bytes)

    def test_nothing_is_written_on_errors(self):
        for name, numbers, words in (
            ("edge/sys-25", "4", ["no whole generation 4", "has 1-3"]),
            ("edge/sys-25", "2-9", ["generations 2 to 9", "has 1-3"]),
            ("edge/sys-25", "3-2", ["--generations", "3-4"]),
            ("edge/sys-25", "x", ["--generations", '"x"']),
            ("edge/sys-25", "1-2-3", ["--generations"]),
            ("edge/sys-25", "99999999999999999999", ["--generations"]),
            ("edge/sys-19", "1", ["go 1.19 is one generation"]),
        ):
            with self.subTest(trace=name, numbers=numbers):
                outcome = self.run_program(
                    "slice", corpus.trace(name).path, f"--generations={numbers}", "-o", "out", status=2
                )
                self.assert_usage_error(outcome, *words)
                self.assertEqual(self.names_in(self.folder), [])

    def test_what_is_no_trace(self):
        (self.folder / "x").write_text("hello, here is no trace")
        outcome = self.run_program("slice", "x", "--generations", "1", "-o", "out", status=2)
        self.assert_usage_error(outcome, "x: not a Go execution trace")
        outcome = self.run_program("slice", "y", "--generations", "1", "-o", "out", status=2)
        self.assert_usage_error(outcome, "y: ")
