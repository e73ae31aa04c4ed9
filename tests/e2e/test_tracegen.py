"""tracegen: the program that writes large traces."""

import hashlib
import os
import re
import signal
import stat
import subprocess
import time

import documents
from program import EMULATED, PROGRAM, SANITIZED, ProgramTest

TRACEGEN = os.environ["GTENGINE_TRACEGEN"]


class GeneratorTest(ProgramTest):
    program = TRACEGEN
    name = "tracegen"

    def gtengine(self, *arguments, stdin=None):
        completed = subprocess.run(
            [PROGRAM, *map(str, arguments)],
            stdin=stdin,
            stdout=subprocess.PIPE,
            cwd=self.folder,
            env=self.environment(),
            check=True,
        )
        return completed.stdout

    def info(self, path):
        (document,) = documents.load_all(self.gtengine("info", path, "--format", "json"))
        return document


class Help(GeneratorTest):
    def test_help(self):
        outcome = self.run_program("--help")
        self.assertEqual(outcome.err, b"")
        text = outcome.out.decode()
        for word in (
            "--format", "--seed", "--ms", "--goroutines", "--size", "--generations", "--generation-size",
            "--batch-size", "--mix", "--gc", "--samples", "--strings", "--stacks", "--stack-depth",
            "--run-length", "--rate", "--frequency", "--clock-step", "--disorder", "--disorder-reach",
            "--output", "--quiet", "Examples:", "Exit status:",
        ):
            self.assertIn(word, text)
        self.assertLess(max(map(len, text.splitlines())), 121)

    def test_version(self):
        self.assertRegex(self.run_program("--version").out.decode(), r"^tracegen \d+\.\d+\.\d+\n$")

    def test_examples_of_help_and_page(self):
        """Each is accepted; sizes are made small, files stay in the test's folder."""
        page = os.path.join(os.path.dirname(__file__), "../../docs/generator.md")
        with open(page, encoding="utf-8") as file:
            text = self.run_program("--help").out.decode() + file.read()
        lines = re.findall(r"^ +(tracegen -[^|#\n]*?)(?:  |[|#\n])", text, re.MULTILINE)
        self.assertGreater(len(lines), 10)
        for line in set(lines):
            arguments = line.split()[1:]
            if "--version" in arguments:
                continue
            with self.subTest(line=line):
                if "--size" in arguments:
                    arguments[arguments.index("--size") + 1] = "200K"
                else:
                    arguments += ["--size", "200K"]
                self.run_program(*arguments)


class Usage(GeneratorTest):
    def refuse(self, *arguments, words):
        with self.subTest(arguments=arguments):
            self.assert_usage_error(self.run_program(*arguments, status=2), *words, "--help")

    def test_one_line(self):
        self.refuse("trace.out", words=["trace.out"])
        self.refuse("--frobnicate", words=["--frobnicate"])
        self.refuse("--ms", words=["--ms"])
        self.refuse("--ms", "257", words=["--ms", "257", "1 to 256"])
        self.refuse("--size", "0", words=["--size"])
        self.refuse("--size", "1G", "--generations", "3", "--generation-size", "1M", words=["give two"])
        self.refuse("--format", "21", words=["--format", "22, 23, 25 or 26"])
        self.refuse("--mix", "sleep=3", words=["--mix", "sleep=3", "block, unblock"])

    def test_terminal(self):
        import pty

        main, terminal = pty.openpty()
        outcome = self.run_program(stdout=terminal, status=2)
        os.close(terminal)
        os.close(main)
        self.assertIn(b"-o", outcome.err)


class Output(GeneratorTest):
    SMALL = ("--size", "300K", "--ms", "8", "--goroutines", "200")

    def test_file_equals_standard_output(self):
        printed = self.run_program(*self.SMALL)
        self.assertRegex(
            printed.err.decode(), r"^tracegen: \d+ bytes, \d+ events in 1 generations in .*MB/s\n$"
        )
        outcome = self.run_program(*self.SMALL, "-o", "a.trace", "--quiet")
        self.assertEqual((outcome.out, outcome.err), (b"", b""))
        self.assertEqual((self.folder / "a.trace").read_bytes(), printed.out)
        self.assertEqual(self.names_in(self.folder), ["a.trace"])

    def test_older_trace_is_replaced(self):
        self.run_program(*self.SMALL, "-o", "a.trace")
        first = (self.folder / "a.trace").read_bytes()
        self.run_program(*self.SMALL, "--seed", "2", "-o", "a.trace")
        self.assertNotEqual((self.folder / "a.trace").read_bytes(), first)

    def test_what_cannot_be_written(self):
        for path in (".", "no/such/folder/a.trace"):
            outcome = self.run_program(*self.SMALL, "-o", path, status=2)
            self.assert_usage_error(outcome, path)
        self.assertIn(b"No space left", self.run_program(*self.SMALL, "-o", "/dev/full", status=2).err)
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/full").st_mode))

    def test_interrupted(self):
        (self.folder / "a.trace").write_text("old")
        process = subprocess.Popen(
            [TRACEGEN, "--size", "100G", "-o", "a.trace"],
            cwd=self.folder,
            env=self.environment(),
            stderr=subprocess.PIPE,
        )
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, err), (130, b""))
        self.assertEqual((self.folder / "a.trace").read_text(), "old")
        self.assertEqual(self.names_in(self.folder), ["a.trace"])

    def test_reader_that_leaves(self):
        process = subprocess.Popen(
            [TRACEGEN, "--size", "100G"],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        process.stdout.read(1000)
        process.stdout.close()
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()
        self.assertEqual(process.wait(timeout=60), 141)

    def test_sizes(self):
        for size, generation in (("2M", "500K"), ("3M", "3M")):
            self.run_program("--goroutines", "5000", "--size", size, "--generation-size", generation, "-o", "a.trace")
            wanted = int(size[:-1]) << 20
            facts = self.info("a.trace").facts
            self.assertLess(abs(facts["bytes"] - wanted), wanted / 20)
            self.assertEqual(facts["generations"], 4 if size == "2M" else 1)
            self.assertEqual(facts["damages"], 0)

    def test_memory_is_that_of_the_live_state(self):
        if SANITIZED or EMULATED:
            self.skipTest("sanitizers and emulators have memory of their own")
        short, long = (
            self.peak_bytes("--size", size, "--ms", "256", "--goroutines", "100000")
            for size in ("20M", "400M")
        )
        self.assertLess(long, 64 << 20)
        self.assertLess(long, short * 1.2)


class Traces(GeneratorTest):
    """The programs together; what is in traces is tested beside the generator's sources."""

    def test_server(self):
        self.run_program("--size", "4M", "--goroutines", "20000", "-o", "a.trace")
        document = self.info("a.trace")
        self.assertEqual(document.facts["format"], "go 1.26")
        self.assertEqual(document.facts["damages"], 0)
        self.assertGreaterEqual(document.facts["ms"], 64)
        dump = self.gtengine("dump", "--parsed", "a.trace")
        self.assertEqual(
            hashlib.sha256(dump).hexdigest(),
            "c9590260ef64e40688faeca4d82cdaf9a0db2194efd4d37f08e1b22bf47a01bf",
        )

    def test_pipe(self):
        generator = subprocess.Popen(
            [TRACEGEN, "--size", "300K", "--goroutines", "100", "--quiet"],
            stdout=subprocess.PIPE,
            env=self.environment(),
        )
        out = self.gtengine("scan", "-", "--report", "sched", "--format", "json", stdin=generator.stdout)
        generator.stdout.close()
        self.assertEqual(generator.wait(timeout=60), 0)
        self.assertIn(b'"sched"', out)
