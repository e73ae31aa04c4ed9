"""Where results go: -o writes a file whole or not at all."""

import os
import shutil
import signal
import stat
import subprocess
import time

import corpus
from program import PROGRAM, SANITIZED, ProgramTest


class OutputFile(ProgramTest):
    def setUp(self):
        super().setUp()
        self.trace = corpus.trace("edge/procs-27").path
        self.out = self.folder / "out"
        self.out.mkdir()

    def scan(self, path, **more):
        return self.run_program(
            "scan", self.trace, "--report", "sched", "--format", "json", "-o", path, **more
        )

    def test_file_equals_standard_output(self):
        printed = self.run_program("scan", self.trace, "--report", "sched", "--format", "json").out
        outcome = self.scan("out/a.json")
        self.assertEqual(outcome.out, b"")
        self.assertEqual((self.out / "a.json").read_bytes(), printed)
        self.assertEqual(self.names_in(self.out), ["a.json"])

    def test_mode_follows_the_umask_or_the_old_file(self):
        self.scan("out/a.json", umask=0o027)
        self.assertEqual(stat.S_IMODE((self.out / "a.json").stat().st_mode), 0o640)
        (self.out / "a.json").chmod(0o604)
        self.scan("out/a.json", umask=0o027)
        self.assertEqual(stat.S_IMODE((self.out / "a.json").stat().st_mode), 0o604)

    def test_link_keeps_leading_to_the_file(self):
        (self.folder / "real").mkdir()
        (self.folder / "real/a.json").write_text("old")
        (self.out / "link.json").symlink_to("../real/a.json")
        self.scan("out/link.json")
        self.assertTrue((self.out / "link.json").is_symlink())
        self.assertIn("report", (self.folder / "real/a.json").read_text())

    def test_failure_keeps_the_old_file(self):
        (self.out / "a.json").write_text("old")
        self.run_program("scan", "missing", "--report", "sched", "-o", "out/a.json", status=2)
        self.assertEqual((self.out / "a.json").read_text(), "old")
        self.assertEqual(self.names_in(self.out), ["a.json"])

    def test_folder_that_is_not_there(self):
        outcome = self.scan("no/such/a.json", status=2)
        self.assert_usage_error(outcome, "no/such/a.json", "No such file or directory")

    def test_folder_that_cannot_be_written_to(self):
        if os.geteuid() == 0:
            path = "/proc/gtengine.json"  # not even root may
        else:
            self.out.chmod(0o555)
            path = "out/a.json"
        outcome = self.scan(path, status=2)
        self.assert_usage_error(outcome, path, "cannot write")

    def test_trace_is_not_written_over(self):
        """What a shell makes of -o *.trace."""
        for name in ("a.trace", "b.trace"):
            shutil.copy(self.trace, self.out / name)
        outcome = self.run_program(
            "scan", "--report", "sched", "-o", "out/a.trace", "out/b.trace", status=2
        )
        self.assert_usage_error(outcome, "out/a.trace", "is not written over")
        self.assertEqual((self.out / "a.trace").read_bytes(), self.trace.read_bytes())

    def test_folder_in_the_place_of_the_file(self):
        self.assert_usage_error(self.scan("out", status=2), "out", "is a folder")

    def test_full_disk(self):
        self.assertIn("No space left", self.scan("/dev/full", status=2).err.decode())
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/full").st_mode))
        with open("/dev/full", "wb") as full:
            outcome = self.run_program(
                "scan", self.trace, "--report", "sched", stdout=full, status=2
            )
        self.assertIn("No space left", outcome.err.decode())

    def test_file_size_limit(self):
        """A write that fails half-way leaves nothing."""
        import resource

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

        outcome = self.scan("out/a.json", status=2, preexec_fn=limit)
        self.assertIn("File too large", outcome.err.decode())
        self.assertEqual(self.names_in(self.out), [])

    def test_device_is_written_as_it_is(self):
        self.scan("/dev/null")
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))

    def test_closed_standard_output(self):
        completed = subprocess.run(
            ["sh", "-c", '"$0" "$@" >&-', PROGRAM, "scan", self.trace, "--report", "sched"],
            capture_output=True,
            env=self.environment(),
        )
        self.assertEqual(completed.returncode, 2, completed.stderr)


class Interrupt(ProgramTest):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out"
        self.out.mkdir()
        # Different content each, or they would be read once.
        self.many = self.folder / "many"
        self.many.mkdir()
        content = corpus.trace("shop/web-26").bytes
        for i in range(20 if SANITIZED else 60):
            (self.many / f"{i}.trace").write_bytes(content + b"\x01" * (i + 1))

    def start(self, *arguments, **more):
        return subprocess.Popen(
            [PROGRAM, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(),
            cwd=self.folder,
            **more,
        )

    def interrupt(self, process, number, seconds=10):
        """Sends the signal once the program has a trace mapped, or has had time to wait for one."""
        end = time.monotonic() + (60 if process.stdin is None else 0.5)
        while time.monotonic() < end:
            with open(f"/proc/{process.pid}/maps") as maps:
                if "/many/" in maps.read():
                    break
            time.sleep(0.005)
        begin = time.monotonic()
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        self.assertLess(time.monotonic() - begin, seconds)
        self.assertEqual(process.returncode, 130, err)
        self.assertEqual(out, b"")
        self.check_stderr(err)
        self.assertEqual(self.names_in(self.out), [])

    def test_leaves_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            for format in ("json", "partial"):
                with self.subTest(signal=number, format=format):
                    process = self.start(
                        "scan", "many", "--report", "sched", "--format", format, "-o", "out/a", "--threads", "1"
                    )
                    self.interrupt(process, number)

    def test_keeps_the_old_file(self):
        (self.folder / "keep").mkdir()
        (self.folder / "keep/a.json").write_text("old")
        process = self.start(
            "scan", "many", "--report", "sched", "-o", "keep/a.json", "--threads", "1"
        )
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertEqual((self.folder / "keep/a.json").read_text(), "old")
        self.assertEqual(self.names_in(self.folder / "keep"), ["a.json"])

    def test_while_waiting_for_standard_input(self):
        process = self.start(
            "scan", "-", "--report", "sched", "-o", "out/a", stdin=subprocess.PIPE
        )
        self.interrupt(process, signal.SIGINT)

    def test_signals_that_are_ignored_stay_so(self):
        completed = subprocess.run(
            ["sh", "-c", 'trap "" INT; "$0" "$@" & pid=$!; sleep 0.2; kill -INT $pid; wait $pid', PROGRAM,
             "scan", str(self.many), "--report", "sched", "--threads", "1"],
            capture_output=True,
            env=self.environment(),
        )
        # The bytes that were added are damage.
        self.assertEqual(completed.returncode, 1, completed.stderr)


class Terminal(ProgramTest):
    """Progress is for a terminal only; it is gone at the end."""

    def test_progress_on_a_terminal(self):
        import pty

        main, terminal = pty.openpty()
        content = corpus.trace("shop/web-26").bytes
        for i in range(20):
            (self.folder / f"{i}.trace").write_bytes(content + b"\x01" * (i + 1))
        process = subprocess.Popen(
            [PROGRAM, "scan", ".", "--report", "sched", "--threads", "1"],
            stdout=subprocess.PIPE,
            stderr=terminal,
            env=self.environment(TERM="xterm"),
            cwd=self.folder,
        )
        os.close(terminal)
        shown = b""
        while True:
            try:
                piece = os.read(main, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        os.close(main)
        out, _ = process.communicate(timeout=60)
        self.assertIn(b"of 20 traces", shown)
        self.assertNotIn(b"of 20 traces", shown[shown.rindex(b"\r\x1b[K") :].split(b"\n")[0])
        self.assertNotIn(b"of 20 traces", out)

    def test_partial_is_not_for_a_terminal(self):
        import pty

        main, terminal = pty.openpty()
        completed = subprocess.run(
            [PROGRAM, "scan", corpus.trace("edge/procs-27").path, "--report", "sched", "--format", "partial"],
            stdout=terminal,
            stderr=subprocess.PIPE,
            env=self.environment(),
        )
        os.close(terminal)
        os.close(main)
        self.assertEqual(completed.returncode, 2)
        self.assertIn(b"-o", completed.stderr)
