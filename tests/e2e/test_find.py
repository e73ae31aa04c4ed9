"""gtengine find."""

import corpus
import documents
from program import ProgramTest


class Find(ProgramTest):
    def find(self, *arguments, status=0):
        out = self.run_program("find", *arguments, "--format", "json", status=status).out
        return documents.load(out)["find"]

    def report(self, name, *paths):
        out = self.run_program(
            "scan", *paths, "--report", name, "--format", "json", "--top", "20"
        ).out
        return documents.load(out)[name]

    def test_runnable_is_what_the_report_lists(self):
        folders = corpus.service_folders()
        found = self.find(*folders, "--longest", "runnable", "--top", "20").table("intervals")
        expected = self.report("sched", *folders).table("worst")
        self.assertEqual(len(found), 20)
        for row, other in zip(found, expected, strict=True):
            self.assertEqual(row["length_ns"], other["duration_ns"])
            for key in ("trace", "offset_ns", "goroutine", "function"):
                self.assertEqual(row[key], other[key])

    def test_longest_of_each_trace_is_what_go_says(self):
        for trace in corpus.traces():
            for kind, profile in (("runnable", "sched"), ("syscall", "syscall")):
                with self.subTest(trace=trace.name, kind=kind):
                    rows = self.find(trace.path, "--longest", kind, "--top", "1").table("intervals")
                    expected = trace.expected["profiles"][profile]
                    self.assertEqual(len(rows), min(expected["count"], 1))
                    if rows:
                        self.assertEqual(rows[0]["length_ns"], expected["max_ns"])

    def test_stops_of_the_world(self):
        compared = 0
        for trace in corpus.traces():
            with self.subTest(trace=trace.name):
                stops = {
                    stop["name"]: stop
                    for stop in trace.expected["ranges"] or []
                    if stop["name"].startswith("stop-the-world")
                }
                found = self.find(trace.path, "--longest", "stw", "--top", "10000")
                rows = found.table("intervals")
                for name, stop in stops.items():
                    lengths = [row["length_ns"] for row in rows if row["what"] == name]
                    if len(lengths) == stop["count"]:  # all ended inside the trace
                        compared += 1
                        self.assertEqual(sum(lengths), stop["total_ns"])
                        self.assertEqual(max(lengths), stop["max_ns"])
                self.assertLessEqual(len(rows), sum(stop["count"] for stop in stops.values()))
        self.assertGreater(compared, 20)

    def test_tasks(self):
        trace = corpus.trace("shop/web-26")
        for task in trace.expected["tasks"]:
            name = task["name"]
            with self.subTest(task=name):
                rows = self.find(
                    trace.path, "--longest", f"task:{name}", "--top", "10000"
                ).table("intervals")
                self.assertGreaterEqual(len(rows), task["complete"])
                self.assertLessEqual(len(rows), task["count"])
                self.assertEqual(len({row["task"] for row in rows}), len(rows))
                lengths = [row["length_ns"] for row in rows]
                self.assertEqual(lengths, sorted(lengths, reverse=True))
                if task["complete"] == task["count"]:
                    self.assertEqual(lengths[0], task["max_ns"])
                    self.assertEqual(sum(lengths), task["total_ns"])
        self.assertEqual(self.find(trace.path, "--longest", "task:nope").table("intervals"), [])

    def test_bytes_and_generations_are_those_of_the_trace(self):
        """What is found in a trace is in the slice of its generations, too."""
        trace = corpus.trace("shop/web-26")
        (info,) = documents.load_all(self.run_program("info", trace.path, "--format", "json").out)
        generations = {row["number"]: row for row in info.table("generations")}
        for kind in ("runnable", "block", "syscall", "stw", "task:checkout"):
            rows = self.find(trace.path, "--longest", kind).table("intervals")
            self.assertGreater(len(rows), 3)
            for row in rows[:4]:
                with self.subTest(kind=kind, rank=row["rank"]):
                    first = generations[row["first_generation"]]
                    last = generations[row["last_generation"]]
                    self.assertEqual(row["begin_byte"], first["offset"])
                    self.assertEqual(row["end_byte"], last["offset"] + last["bytes"])
                    numbers = f"{row['first_generation']}-{row['last_generation']}"
                    self.run_program(
                        "slice", trace.path, "--generations", numbers, "-o", "s.trace"
                    )
                    sliced = self.find("s.trace", "--longest", kind, "--top", "1000")
                    self.assertIn(
                        (row["goroutine"], row["length_ns"]),
                        {(r["goroutine"], r["length_ns"]) for r in sliced.table("intervals")},
                    )

    def test_stacks(self):
        found = self.find(corpus.trace("shop/web-26").path, "--longest", "block", "--top", "3")
        stacks = found.table("stacks")
        for row in found.table("intervals"):
            frames = [frame for frame in stacks if frame["rank"] == row["rank"]]
            self.assertEqual([frame["frame"] for frame in frames], list(range(1, len(frames) + 1)))
            if frames:
                self.assertEqual(frames[0]["function"], row["function"])
        self.assertGreater(len(stacks), 3)

    def test_whose_they_are_follows_the_layout(self):
        trace = corpus.trace("shop/web-26")
        (row, *_) = self.find(trace.path, "--longest", "block").table("intervals")
        self.assertEqual((row["service"], row["host"]), ("shop", "web-26"))
        (row, *_) = self.find(
            trace.path, "--longest", "block", "--layout", "host/service/*/*.trace"
        ).table("intervals")
        self.assertEqual((row["service"], row["host"]), ("web-26", "shop"))
        outcome = self.run_program(
            "find", trace.path, "--longest", "stw", "--layout", "none", status=2
        )
        self.assert_usage_error(outcome, "layout")

    def test_more_than_the_reports_keep_and_any_number_of_threads(self):
        arguments = (*corpus.service_folders(), "--longest", "runnable", "--top", "2000", "-q")
        one = self.run_program("find", *arguments, "--format", "json", "--threads", "1").out
        more = self.run_program("find", *arguments, "--format", "json", "--threads", "5").out
        self.assertEqual(one, more)
        rows = documents.load(one)["find"].table("intervals")
        self.assertEqual(len(rows), 2000)
        self.assertEqual(
            [row["length_ns"] for row in rows],
            sorted((row["length_ns"] for row in rows), reverse=True),
        )
        outcome = self.run_program("find", *arguments, "--threads", "0", status=2)
        self.assert_usage_error(outcome, "--threads")

    def test_order_of_files_and_shards_make_no_difference(self):
        folders = corpus.service_folders()
        one = self.run_program("find", *folders, "--longest", "block", "-q")
        two = self.run_program("find", *reversed(folders), "--longest", "block", "-q")
        self.assertEqual(one.out, two.out)
        self.assertEqual(one.err, b"")

    def test_damage_and_usage(self):
        trace = corpus.trace("shop/web-26")
        (self.folder / "cut.trace").write_bytes(trace.bytes[:-1000])
        outcome = self.run_program("find", "cut.trace", "--longest", "stw", status=1)
        self.assertEqual(len(outcome.problems), 1)
        self.assertIn("found in 1 trace", outcome.err.decode())
        for kind in ("nope", "task:", "task", "Runnable"):
            outcome = self.run_program("find", "cut.trace", "--longest", kind, status=2)
            self.assert_usage_error(outcome, "--longest", "runnable, syscall, block, task:NAME, stw")
        outcome = self.run_program("find", "cut.trace", status=2)
        self.assert_usage_error(outcome, "--longest")
        outcome = self.run_program("find", "no", "--longest", "stw", status=2)
        self.assertIn("nothing to find anything in", outcome.err.decode())
