"""gtengine dump against Go's own reader."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import unittest

import corpus
from program import PROGRAM, SANITIZED, ProgramTest


def go_tool_trace():
    """The command that runs `go tool trace` 1.26 or newer, or None."""
    go = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if go is None:
        return None
    version = subprocess.run(
        [go, "env", "GOVERSION"], capture_output=True, text=True, env={**os.environ, "GOTOOLCHAIN": "local"}
    ).stdout
    match = re.match(r"go1\.(\d+)", version)
    return [go, "tool", "trace"] if match and int(match.group(1)) >= 26 else None


class DumpParsed(ProgramTest):
    def test_equals_what_go_prints(self):
        # Sanitized, the golden tests have read every trace.
        for trace in corpus.smallest_of_each_format() if SANITIZED else corpus.traces():
            with self.subTest(trace=trace.name):
                out = self.run_program("dump", trace.path, "--parsed").out
                if trace.is_legacy:
                    found = corpus.record_set_sha256(out)
                    self.assertEqual(found, trace.expected["parsed_multiset_sha256"])
                else:
                    found = hashlib.sha256(out).hexdigest()
                    self.assertEqual(found, trace.expected["parsed_sha256"])
                self.assertEqual(out.count(b" Time="), trace.expected["events"])

    def test_reads_standard_input(self):
        trace = corpus.trace("edge/procs-27")
        with trace.path.open("rb") as file:
            out = self.run_program("dump", "-", "--parsed", stdin_file=file).out
        self.assertEqual(hashlib.sha256(out).hexdigest(), trace.expected["parsed_sha256"])
        out = self.run_program("dump", "--parsed", "-", stdin=trace.bytes).out
        self.assertEqual(hashlib.sha256(out).hexdigest(), trace.expected["parsed_sha256"])

    def test_damaged_legacy_trace_has_no_events(self):
        content = corpus.trace("edge/mid-21").bytes
        cut = self.folder / "cut.trace"
        for length in (17, 5000, len(content) - 1):
            cut.write_bytes(content[:length])
            outcome = self.run_program("dump", cut, "--parsed", status=1)
            self.assertEqual(outcome.out, b"")
            self.assertEqual(len(outcome.problems), 1)
            self.assertTrue(outcome.problems[0].startswith(f"gtengine: {cut}: "), outcome.problems)

    def test_damage_keeps_what_came_before(self):
        trace = corpus.trace("batch/etl-27")
        whole = self.run_program("dump", trace.path, "--parsed").out
        # The second generation is cut: format 26 does not take it.
        cut = self.folder / "cut.trace"
        cut.write_bytes(trace.bytes[:-1000])
        outcome = self.run_program("dump", cut, "--parsed", status=1)
        self.assertGreater(outcome.out.count(b"\n"), 10000)
        # The Sync behind the last generation has no clock of the next one to tell.
        self.assertTrue(whole.startswith(outcome.out.rstrip(b"\n")))
        self.assertEqual(len(outcome.problems), 1)
        self.assertTrue(outcome.problems[0].startswith(f"gtengine: {cut}: "), outcome.problems)

    def test_memory_does_not_grow_with_the_trace(self):
        if SANITIZED:
            self.skipTest("sanitizers have memory of their own")
        small = self.peak_bytes("dump", corpus.trace("edge/procs-27").path, "--parsed")
        content = corpus.trace("chat/fan-26").bytes
        long = self.folder / "long.trace"
        long.write_bytes(content + 60 * content[16:])
        self.assertGreater(long.stat().st_size, 90 << 20)
        self.assertLess(self.peak_bytes("dump", long, "--wire"), small + (45 << 20))
        large = self.peak_bytes("dump", corpus.trace("shop/web-26").path, "--parsed")
        self.assertLess(large, small + (60 << 20))


class DumpWire(ProgramTest):
    def test_has_every_event(self):
        for trace in corpus.smallest_of_each_format() if SANITIZED else corpus.traces():
            with self.subTest(trace=trace.name):
                if trace.is_legacy:
                    outcome = self.run_program("dump", trace.path, "--wire", status=2)
                    self.assert_usage_error(outcome, f"go 1.{trace.format}", "--parsed")
                    continue
                experimental = trace.expected["kinds"].get("Experimental", 0)
                if experimental and trace.format < 26:
                    # Go's raw reader knows these from format 26 on.
                    outcome = self.run_program("dump", trace.path, "--wire", status=1)
                    self.assertIn("invalid event type", outcome.problems[0])
                    continue
                out = self.run_program("dump", trace.path, "--wire").out
                kinds = trace.expected["kinds"]
                for name, kind in (("UserLog", "Log"), ("UserTaskBegin", "TaskBegin")):
                    found = len(re.findall(rb"^%s " % name.encode(), out, re.M))
                    self.assertEqual(found, kinds.get(kind, 0), name)

    def test_names_the_place_of_damage(self):
        trace = corpus.trace("edge/procs-27")
        bad = bytearray(trace.bytes)
        bad[16] = 0xFF
        (self.folder / "bad.trace").write_bytes(bad)
        outcome = self.run_program("dump", "bad.trace", "--wire", status=1)
        self.assertEqual(outcome.out, b"")
        self.assertEqual(
            outcome.problems, ["gtengine: bad.trace: byte 16: invalid event type: 255"]
        )


class DumpFootprint(ProgramTest):
    def test_counts_every_byte(self):
        trace = corpus.trace("edge/procs-27")
        lines = self.run_program("dump", trace.path, "--footprint").out.decode().splitlines()
        self.assertEqual(lines[0].split(), ["Event", "Bytes", "%", "Count", "%"])
        total = sum(int(line.split()[1]) for line in lines[2:])
        # Those that the runtime pads take more in the file than in their shortest form.
        self.assertLess(total, len(trace.bytes))
        self.assertGreater(total, len(trace.bytes) * 0.9)


@unittest.skipIf(go_tool_trace() is None, "no go tool trace 1.26 or newer")
class DumpLikeGoToolTrace(ProgramTest):
    """Byte by byte, on whole and on damaged traces."""

    def go_dump(self, mode, path):
        completed = subprocess.run(
            [*go_tool_trace(), "-d=" + mode, path],
            capture_output=True,
            env={**os.environ, "TZ": "UTC", "GOTOOLCHAIN": "local", "GOFLAGS": ""},
            cwd=self.folder,
        )
        # A reader that panics has printed what came before.
        return completed.returncode, completed.stdout

    def compare(self, mode, path):
        status, expected = self.go_dump(mode, path)
        found = subprocess.run(
            [PROGRAM, "dump", path, "--" + mode], capture_output=True, env=self.environment(), cwd=self.folder
        )
        self.check_stderr(found.stderr)
        self.assertTrue(found.stdout == expected, f"{mode} of {path} differs from go tool trace")
        if status != 0:
            self.assertEqual(found.returncode, 1)

    def test_wire_of_each_format(self):
        for format in (22, 23, 25, 26):
            with self.subTest(format=format):
                self.compare("wire", corpus.smallest(format).path)
        self.compare("wire", corpus.trace("lab/alloc-24").path)

    def test_truncated(self):
        for name in ("edge/procs-23", "edge/procs-27"):
            content = corpus.trace(name).bytes
            for part in (17, 40, len(content) // 3, len(content) - 1500, len(content) - 1):
                path = self.folder / "cut.trace"
                path.write_bytes(content[:part])
                for mode in ("parsed", "wire"):
                    with self.subTest(trace=name, bytes=part, mode=mode):
                        self.compare(mode, path)

    def test_truncated_legacy(self):
        for name in ("edge/sys-19", "edge/mid-21"):
            content = corpus.trace(name).bytes
            for part in (16, 17, 40, len(content) // 3, len(content) - 1500, len(content) - 1):
                path = self.folder / "cut.trace"
                path.write_bytes(content[:part])
                with self.subTest(trace=name, bytes=part):
                    self.compare("parsed", path)


class DumpUsage(ProgramTest):
    def test_needs_one_format(self):
        path = corpus.trace("edge/procs-27").path
        for formats in ([], ["--parsed", "--wire"], ["--wire", "--footprint"]):
            outcome = self.run_program("dump", path, *formats, status=2)
            self.assert_usage_error(outcome, "--parsed", "--wire", "--footprint")

    def test_what_is_no_trace(self):
        (self.folder / "notes.txt").write_text("hello")
        (self.folder / "empty").write_bytes(b"")
        (self.folder / "old.trace").write_bytes(b"go 1.10 trace\0\0\0" + bytes(100))
        for name, words in (
            ("notes.txt", ["not a Go execution trace"]),
            ("empty", ["empty file"]),
            ("old.trace", ["1.10", "Go 1.22"]),
            ("missing", ["No such file"]),
            (".", ["."]),
        ):
            with self.subTest(name=name):
                outcome = self.run_program("dump", name, "--parsed", status=2)
                self.assert_usage_error(outcome, f"gtengine: {name}: ", *words)

    def test_reader_that_leaves(self):
        process = subprocess.Popen(
            [PROGRAM, "dump", corpus.trace("edge/mid-25").path, "--parsed"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(),
        )
        self.assertTrue(process.stdout.readline().startswith(b"M="))
        process.stdout.close()
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()
        self.assertEqual(process.wait(timeout=60), 141)

    def test_full_disk(self):
        with open("/dev/full", "wb") as full:
            outcome = self.run_program(
                "dump", corpus.trace("edge/procs-27").path, "--parsed", stdout=full, status=2
            )
        self.assertIn("No space left on device", outcome.err.decode())

    def test_file_that_shrinks_meanwhile(self):
        path = self.folder / "t.trace"
        shutil.copy(corpus.trace("edge/mid-25").path, path)
        process = subprocess.Popen(
            [PROGRAM, "dump", path, "--wire"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(),
        )
        process.stdout.read(1)
        os.truncate(path, 20)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 2)
        self.assertIn(b"became shorter", err)
        self.check_stderr(err)

    def test_interrupt_while_the_reader_waits(self):
        process = subprocess.Popen(
            [PROGRAM, "dump", corpus.trace("edge/mid-25").path, "--parsed"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(),
        )
        process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), 130)
        process.communicate()
