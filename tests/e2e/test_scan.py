"""gtengine scan: the numbers, and that they depend on nothing but the traces."""

import os
import random
import shutil
import subprocess
import unittest

import corpus
import documents
from program import CONTROL, PROGRAM, SANITIZED, THREAD_SANITIZED, ProgramTest


def sums(traces):
    """What a scan of these traces must add up to: (events, profile, profile as go tool trace counts)."""
    expected = [trace.expected for trace in traces]
    events = sum(one["events"] for one in expected)
    profiles = []
    for key in ("profiles", "cmd_trace_profiles"):
        sched = [one[key]["sched"] for one in expected]
        profiles.append(
            (
                sum(one["count"] for one in sched),
                sum(one["time_ns"] for one in sched),
                max(one["max_ns"] for one in sched),
            )
        )
    return events, *profiles


class Golden(ProgramTest):
    def check(self, paths, traces):
        events, profile, compat_profile = sums(traces)
        for options, expected in (([], profile), (["--compat", "go-tool-trace"], compat_profile)):
            found = documents.load(
                self.run_program("scan", *paths, "--report", "sched", "--format", "json", *options).out
            )
            facts = found["corpus"].facts
            self.assertEqual(facts["traces"], len(traces))
            self.assertEqual(facts["events"], events)
            self.assertEqual(facts["bytes"], sum(len(trace.bytes) for trace in traces))
            self.assertEqual(
                facts["generations"], sum(trace.expected["syncs"] - 1 for trace in traces)
            )
            overall = found["sched"].table("overall")[0]
            self.assertEqual((overall["count"], overall["total_ns"], overall["max_ns"]), expected)

    def test_each_trace(self):
        for trace in corpus.smallest_of_each_format() if SANITIZED else corpus.traces():
            with self.subTest(trace=trace.name):
                self.check([trace.path], [trace])

    @unittest.skipIf(THREAD_SANITIZED, "test_all has the same traces at once")
    def test_each_service(self):
        for folder in corpus.service_folders():
            with self.subTest(service=folder.name):
                self.check([folder], [t for t in corpus.traces() if t.service == folder.name])

    def test_all(self):
        self.check(corpus.service_folders(), corpus.traces())

    def test_table_names_reports_and_sites(self):
        out = self.run_program("scan", corpus.trace("shop/web-26").path, "--report", "sched").out
        self.assertIn(b"net/http", out)
        self.assertNotIn(b"\x1b", out)


class Determinism(ProgramTest):
    def scan(self, *arguments, **more):
        return self.run_program(
            "scan", *arguments, "--report", "sched", "--format", "json", **more
        ).out

    def test_threads(self):
        folders = corpus.service_folders()
        one = self.scan(*folders, "--threads", "1")
        for threads in (2, 8):
            self.assertEqual(self.scan(*folders, "--threads", str(threads)), one)

    def test_memory(self):
        folders = corpus.service_folders()
        self.assertEqual(
            self.scan(*folders, "--memory", "64M"), self.scan(*folders, "--memory", "4G")
        )

    def test_order_and_kind_of_arguments(self):
        folders = corpus.service_folders()
        files = [trace.path for trace in corpus.traces()]
        by_folder = self.scan(*folders)
        for seed in range(1 if SANITIZED else 3):
            random.Random(seed).shuffle(files)
            self.assertEqual(self.scan(*files), by_folder)
        # What is named twice is still one.
        self.assertEqual(self.scan(*folders, *files), by_folder)


class Inputs(ProgramTest):
    def scan(self, *arguments, **more):
        outcome = self.run_program(
            "scan", *arguments, "--report", "sched", "--format", "json", **more
        )
        return outcome, documents.load(outcome.out)

    def test_duplicates_count_once_and_are_named(self):
        trace = corpus.trace("edge/procs-27")
        for name in ("b.trace", "a.trace", "c.trace"):
            shutil.copy(trace.path, self.folder / name)
        outcome, found = self.scan(".")
        self.assertEqual(found["corpus"].facts["traces"], 1)
        self.assertEqual(found["corpus"].facts["events"], trace.expected["events"])
        self.assertEqual(
            found["corpus"].table("duplicates"),
            [
                {"path": "./b.trace", "same_as": "./a.trace"},
                {"path": "./c.trace", "same_as": "./a.trace"},
            ],
        )
        self.assertEqual(outcome.problems, [])

    def test_flat_folder_has_no_service(self):
        for number, name in enumerate(("edge/procs-27", "edge/procs-23")):
            folder = self.folder / f"run{number}"
            folder.mkdir()
            shutil.copy(corpus.trace(name).path, folder / "trace.out")
        _, found = self.scan(".")
        self.assertEqual(found["corpus"].facts["traces"], 2)
        self.assertNotIn("first_captured", found["corpus"].facts)
        services = {row["service"] for row in found["sched"].table("services")}
        self.assertEqual(len(services), 1)

    def test_layouts(self):
        folder = self.folder / "2026-h7"
        folder.mkdir()
        shutil.copy(corpus.trace("edge/procs-27").path, folder / "web@20260102T030405.trace")
        layout = "*-host/service@yyyymmddThhmmss.trace"
        _, found = self.scan(".", "--layout", layout)
        self.assertEqual(found["corpus"].facts["first_captured"], "2026-01-02 03:04:05")
        self.assertEqual([row["service"] for row in found["sched"].table("services")], ["web"])
        _, found = self.scan(".", "--layout", "service/host/yyyymmdd/hhmmss.trace")
        self.assertNotIn("first_captured", found["corpus"].facts)

    def test_standard_input(self):
        trace = corpus.trace("edge/procs-27")
        _, found = self.scan("-", stdin=trace.bytes)
        self.assertEqual(found["corpus"].facts["events"], trace.expected["events"])
        _, found = self.scan("-", corpus.trace("edge/procs-23").path, stdin=trace.bytes)
        self.assertEqual(found["corpus"].facts["traces"], 2)

    def test_standard_input_that_is_no_trace(self):
        for content in (b"", b"hello", b"go 1.10 trace\0\0\0more"):
            outcome = self.run_program("scan", "-", "--report", "sched", stdin=content, status=2)
            self.assertEqual(outcome.out, b"")
            self.assertTrue(outcome.problems[0].startswith("gtengine: -: "), outcome.problems)

    def test_missing_path_beside_a_trace(self):
        trace = corpus.trace("edge/procs-27")
        outcome, found = self.scan("missing.trace", trace.path, status=1)
        self.assertEqual(outcome.problems, ["gtengine: missing.trace: no such file or folder"])
        self.assertEqual(found["corpus"].facts["traces"], 1)
        self.assertEqual([row["path"] for row in found["corpus"].table("unread")], ["missing.trace"])

    def test_named_file_that_is_no_trace(self):
        (self.folder / "notes.txt").write_text("hello")
        outcome, _ = self.scan("notes.txt", corpus.trace("edge/procs-27").path, status=1)
        self.assertEqual(len(outcome.problems), 1)
        self.assertIn("notes.txt: not a Go execution trace", outcome.problems[0])

    def test_unnamed_file_that_is_no_trace(self):
        shutil.copy(corpus.trace("edge/procs-27").path, self.folder / "t.trace")
        (self.folder / "notes.txt").write_text("hello")
        (self.folder / "empty").write_bytes(b"")
        outcome, found = self.scan(".")
        self.assertEqual(outcome.problems, [])
        self.assertEqual(found["corpus"].facts["passed_over"], 2)

    def test_formats_that_are_not_read(self):
        last = "is not read: go tool trace of Go 1.22 is the last that reads it"
        read = "is not read; formats read: go 1.11, 1.19, 1.21, 1.22, 1.23, 1.25, 1.26"
        versions = {5: last, 7: last, 8: last, 9: last, 10: last, 12: read, 99: read}
        for version in versions:
            header = (b"go 1.%d trace" % version).ljust(16, b"\0")
            (self.folder / f"v{version:02}.trace").write_bytes(header + bytes(1000))
        outcome = self.run_program("scan", ".", "--report", "sched", status=2)
        self.assertEqual(len(outcome.problems), len(versions) + 1)
        for line, (version, words) in zip(outcome.problems, versions.items()):
            self.assertIn(f"v{version:02}.trace: ", line)
            self.assertIn(f"go 1.{version} {words}", line)

    def test_nothing_readable(self):
        outcome = self.run_program("scan", ".", "--report", "sched", status=2)
        self.assertEqual(outcome.out, b"")
        self.assertEqual(len(outcome.problems), 1)
        self.assertIn("no Go execution trace", outcome.problems[0])
        (self.folder / "notes.txt").write_text("hello")
        outcome = self.run_program(
            "scan", ".", "--report", "sched", "-o", self.folder / "out.json", status=2
        )
        self.assertIn("passed over: 1", outcome.problems[0])
        self.assertEqual(self.names_in(self.folder), ["notes.txt"])
        outcome = self.run_program("scan", "missing", "--report", "sched", status=2)
        self.assertIn("missing: no such file or folder", outcome.problems[0])

    def test_names_cannot_command_the_terminal(self):
        evil = "evil\x1b]0;x\x07\x1b[31m\r\n\u202etxt"
        (self.folder / evil).write_bytes(corpus.trace("edge/procs-27").bytes[:3000])
        (self.folder / "[a,b]").write_bytes(corpus.trace("edge/procs-23").bytes)
        raw = os.fsencode(self.folder) + b"/\xff\xfe.trace"
        with open(raw, "wb") as file:
            file.write(corpus.trace("edge/procs-27").bytes[:3001])
        # stderr is checked by run_program.
        outcome = self.run_program("scan", ".", "--report", "sched", status=1)
        self.assertIsNone(CONTROL.search(outcome.out), outcome.out)
        outcome = self.run_program("scan", evil, "[a,b]", raw, "--report", "sched", status=1)
        self.assertEqual(len(outcome.problems), 2, outcome.problems)
        self.run_program("scan", evil + "?", "--report", "sched", status=2)
        self.run_program("scan", "x", "--report", evil, status=2)
        self.run_program(evil, status=2)

    def test_folders_named_like_commands_and_options(self):
        for name in ("scan", "dump", "--top"):
            (self.folder / name).mkdir()
            shutil.copy(corpus.trace("edge/procs-27").path, self.folder / name / "t.trace")
        _, found = self.scan("scan", "dump")
        self.assertEqual(found["corpus"].facts["traces"], 1)
        outcome = self.run_program(
            "scan", "--report", "sched", "--format", "json", "--", "--top", "scan"
        )
        self.assertEqual(documents.load(outcome.out)["corpus"].facts["duplicates"], 1)

    def test_options_before_paths(self):
        path = corpus.trace("edge/procs-27").path
        outcome = self.run_program("scan", "--report", "sched", "--format", "json", path)
        self.assertEqual(documents.load(outcome.out)["corpus"].facts["traces"], 1)

    def test_unreadable_folder(self):
        if os.geteuid() == 0:
            self.skipTest("root reads everything")
        shutil.copy(corpus.trace("edge/procs-27").path, self.folder / "t.trace")
        (self.folder / "closed").mkdir(mode=0)
        outcome, _ = self.scan(".", status=1)
        self.assertIn("./closed: cannot list", outcome.problems[0])


class Resources(ProgramTest):
    def test_memory_of_a_whole_corpus(self):
        if SANITIZED:
            self.skipTest("sanitizers have memory of their own")
        peak = self.peak_bytes("scan", *corpus.service_folders(), "--report", "sched")
        self.assertLess(peak, 300 << 20)

    def test_summary_in_a_pipe(self):
        trace = corpus.trace("edge/procs-27")
        outcome = self.run_program("scan", trace.path, "--report", "sched")
        self.assertEqual(outcome.err.count(b"\n"), 1)
        self.assertRegex(
            outcome.summary,
            r"^gtengine: 1 trace, %d bytes, %d events in [\d.]+ s: [\d.]+ M events/s, [\d.]+ MB/s$"
            % (len(trace.bytes), trace.expected["events"]),
        )
        outcome = self.run_program("scan", trace.path, "--report", "sched", "--quiet")
        self.assertEqual(outcome.err, b"")

    def test_reader_that_leaves(self):
        with subprocess.Popen(
            [PROGRAM, "scan", corpus.trace("edge/procs-27").path, "--report", "sched"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(),
        ) as process:
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b"")
            self.assertEqual(process.wait(timeout=60), 141)
