"""Filters and groups: against scans of only the traces that belong, and against each other."""

import json
import shutil

import corpus
import documents
from program import ProgramTest


def reports(text):
    """All documents but the corpus."""
    return json.loads(text)["reports"][1:]


class Filters(ProgramTest):
    def setUp(self):
        super().setUp()
        self.paths = {
            name: corpus.trace(name).path
            for name in ("shop/web-21", "shop/web-24", "edge/sys-22", "edge/procs-27")
        }
        self.root = self.folder / "traces"
        self.old = self.place("shop/web-21", "shop/old/20260102/233000.trace")
        self.young = self.place("shop/web-24", "shop/young/20260103/003000.trace")
        self.sys = self.place("edge/sys-22", "edge/sys/20260103/120000.trace")
        self.procs = self.place("edge/procs-27", "edge/procs/20260103/120000.trace")

    def place(self, name, path):
        target = self.root / path
        target.parent.mkdir(parents=True)
        shutil.copyfile(self.paths[name], target)
        return target

    def scan(self, *arguments, paths=None, report="sched", format="json", **more):
        return self.run_program(
            "scan", *(paths or [self.root]), "--report", report, "--format", format, "-q",
            *arguments, **more,
        ).out

    def assert_is_scan_of(self, paths, *filters):
        """The filters leave exactly these traces."""
        self.assertEqual(reports(self.scan(*filters)), reports(self.scan(paths=paths)), filters)
        facts = documents.load(self.scan(*filters))["corpus"].facts
        self.assertEqual(facts["traces"], len(paths))
        self.assertEqual(facts["left_out_by_filters"], 4 - len(paths))

    def test_filters_on_traces_leave_the_others_out(self):
        old, young, sys, procs = self.old, self.young, self.sys, self.procs
        clock = documents.load(self.run_program("info", procs, "--format", "json").out)
        self.assertTrue(clock)
        for paths, filters in (
            ([old, young], ["--service", "shop"]),
            ([sys, procs], ["--service", "!shop"]),
            ([sys], ["--service", "edge", "--host", "s*"]),
            ([old, sys], ["--host", "old", "--host", "/^sy/"]),
            ([old, young, sys], ["--to", "2026-01-04"]),
            ([young, sys], ["--from", "2026-01-03", "--to", "2026-01-04"]),
            ([old], ["--to", "2026-01-03"]),
            ([young], ["--from", "2026-01-03", "--to", "2026-01-03T12:00"]),
            ([sys], ["--from", "2026-01-03T12:00Z", "--to", "2026-01-04"]),
            # Half past midnight in Berlin is the day before in UTC.
            ([old, young], ["--to", "2026-01-03T00:00Z", "--path-tz", "+01:00"]),
            ([old, young], ["--time-of-day", "23:00-01:00"]),
            ([young], ["--format-version", "23"]),
            ([sys, procs], ["--format-version", "22", "--format-version", "26"]),
        ):
            with self.subTest(filters=filters):
                self.assert_is_scan_of(paths, *filters)

    def test_the_wall_clock_goes_before_the_path(self):
        # The path says January, the trace itself November.
        self.assert_is_scan_of([self.procs], "--from", "2026-11-01")
        facts = documents.load(self.scan("--from", "2026-11-01"))["corpus"].facts
        self.assertEqual(facts["by_path_time"], 0)
        facts = documents.load(self.scan("--to", "2026-11-01"))["corpus"].facts
        self.assertEqual((facts["traces"], facts["by_path_time"]), (3, 3))

    def test_traces_left_out_are_not_read(self):
        broken = self.root / "broken/host/20260103/120000.trace"
        broken.parent.mkdir(parents=True)
        broken.write_bytes(self.young.read_bytes()[:50_000])
        self.scan(status=1)
        self.scan("--service", "!broken", status=0)

    def test_nothing_left_is_said(self):
        outcome = self.run_program(
            "scan", self.root, "--report", "sched", "--service", "none", "-o", "out", status=2
        )
        self.assertEqual(
            outcome.problems,
            ["gtengine: nothing to report on: 0 of 4 traces match the filters"],
        )
        self.assertEqual(outcome.out, b"")
        self.assertFalse((self.folder / "out").exists())
        self.run_program("find", self.root, "--longest", "runnable", "--service", "none", status=2)

    def test_find_has_the_same_filters(self):
        def intervals(*arguments):
            out = self.run_program(
                "find", "--longest", "runnable", "--top", "5", "--format", "json", "-q", *arguments
            ).out
            return json.loads(out)["reports"][0]["tables"]["intervals"]["rows"]

        self.assertEqual(intervals(self.root, "--host", "young"), intervals(self.young))
        mains = intervals(self.root, "--goroutine", "main.*")
        others = intervals(self.root, "--goroutine", "!main.*")
        key = lambda row: (-row["length_ns"], row["trace"], row["offset_ns"])
        both = sorted(mains + others, key=key)[:5]
        everything = sorted(intervals(self.root), key=key)
        for rows in (both, everything):
            for row in rows:
                row.pop("rank")
        self.assertEqual(both, everything)

    def test_goroutines_of_a_function_are_those_of_the_whole_report(self):
        rows = documents.load(self.scan(report="goroutines", paths=[self.young]))["goroutines"]
        for row in rows.table("functions")[:4]:
            name = row["start_function"]
            found = documents.load(
                self.scan("--goroutine", name, report="goroutines", paths=[self.young])
            )["goroutines"]
            self.assertEqual(found.table("functions"), [row])
            times = [r for r in rows.table("times") if r["start_function"] == name]
            self.assertEqual(found.table("times"), times)

    def test_tasks_of_a_name_are_those_of_the_whole_report(self):
        everything = documents.load(self.scan(report="tasks", paths=[self.young]))["tasks"]
        names = [row["task"] for row in everything.table("tasks")][:3]
        self.assertTrue(names)
        for name in names:
            found = documents.load(self.scan("--task", name, report="tasks", paths=[self.young]))
            for table in ("tasks", "latencies", "inside", "gc_blame"):
                expected = [row for row in everything.table(table) if row["task"] == name]
                self.assertEqual(found["tasks"].table(table), expected, (name, table))

    def test_groups_of_traces_are_scans_of_them(self):
        groups = {
            "service": [([self.sys, self.procs], "edge"), ([self.old, self.young], "shop")],
            "host": [([self.old], "old"), ([self.procs], "procs"), ([self.sys], "sys"),
                     ([self.young], "young")],
            "version": [([self.old], "go 1.21"), ([self.sys], "go 1.22"), ([self.young], "go 1.23"),
                        ([self.procs], "go 1.26")],
            "day": [([self.old], "2026-01-02"), ([self.young, self.sys], "2026-01-03"),
                    ([self.procs], "2026-11-23")],
        }
        for key, expected in groups.items():
            found = reports(self.scan("--group-by", key))
            self.assertEqual([one["group"] for one in found], [{key: text} for _, text in expected])
            for one, (paths, _) in zip(found, expected):
                alone = reports(self.scan(paths=paths))[0]
                self.assertEqual(one["tables"], alone["tables"])
                self.assertEqual(one["facts"], alone["facts"])

    def test_groups_come_in_every_format(self):
        arguments = ["--group-by", "service,hour"]
        for format in ("table", "markdown"):
            out = self.scan(*arguments, format=format).decode()
            self.assertIn("shop", out)
            self.assertIn("2026-01-03 00:00", out)
        lines = self.scan(*arguments, format="csv").decode().splitlines()
        self.assertIn("report,table,group_service,group_hour,key,value,unit", lines)
        self.assertTrue(any(line.startswith("sched,facts,shop,2026-01-02 23:00,") for line in lines))
        self.assertIn(b"\x1f\x8b", self.scan(*arguments, format="pprof")[:2])

    def test_shards_threads_and_order_change_nothing(self):
        for filters in (
            ["--group-by", "service,goroutine", "--stack-match", "!runtime.*"],
            ["--group-by", "task,host"],
            ["--service", "shop", "--task", "checkout"],
        ):
            one = self.scan(*filters, "--threads", "1")
            paths = [self.procs, self.sys, self.young, self.old]
            # Same paths as found in the folder.
            self.assertEqual(self.scan(*filters, "--threads", "3", paths=paths), one)
            shards = []
            for number, shard in enumerate((paths[:1], paths[1:])):
                name = self.folder / f"{number}.part"
                name.write_bytes(b"")
                self.run_program("scan", *shard, "--report", "sched", "--format", "partial", "-q",
                                 "-o", name, *filters,
                                 status=2 if filters[0] == "--service" and number == 0 else 0)
                if name.stat().st_size:
                    shards.append(name)
            merged = self.run_program("merge", *shards, "--format", "json", "-q").out
            self.assertEqual(reports(merged), reports(one))

    def test_merge_groups_anew(self):
        part = self.folder / "all.part"
        self.scan("-o", part, format="partial")
        for keys in ("service", "day,version", "host"):
            merged = self.run_program(
                "merge", part, "--group-by", keys, "--format", "json", "-q"
            ).out
            self.assertEqual(merged, self.scan("--group-by", keys))
        self.assert_usage_error(
            self.run_program("merge", part, "--group-by", "task", status=2), "task", "goroutine"
        )
        other = self.folder / "other.part"
        self.scan("--service", "shop", "-o", other, format="partial")
        self.assert_usage_error(self.run_program("merge", part, other, status=2), "filters")

    def test_bad_ones_are_one_line(self):
        for arguments, words in (
            (["--service", "/(/"], ["--service", "/(/"]),
            (["--format-version", "24"], ["24", "11, 19, 21, 22, 23, 25, 26"]),
            (["--from", "yesterday"], ["--from", "2026-01-02T15:04"]),
            (["--from", "2026-01-03", "--to", "2026-01-02"], ["--to", "--from"]),
            (["--time-of-day", "9-17"], ["HH:MM-HH:MM"]),
            (["--path-tz", "Mars/Base"], ["Mars/Base", "UTC", "+hh:mm"]),
            (["--group-by", "week"], ["week", "service, host, day, hour, version, task, goroutine"]),
            (["--task", "x", "--report", "heap"], ["--task", "heap", "sched", "tasks"]),
            (["--group-by", "task", "--report", "gc"], ["--group-by", "gc", "sched"]),
        ):
            with self.subTest(arguments=arguments):
                outcome = self.run_program(
                    "scan", self.root, "--report", "sched", *arguments, status=2
                )
                self.assert_usage_error(outcome, *words)
