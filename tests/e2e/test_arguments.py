"""The command line: help, and one clear line for what is wrong."""

import os

import corpus
from program import ProgramTest

COMMANDS = ("scan", "merge", "diff", "dump", "info", "find", "slice", "verify", "repair", "reports")


class Help(ProgramTest):
    def test_program(self):
        for argument in ("--help", "-h", "help"):
            out = self.run_program(argument).out.decode()
            for word in (*COMMANDS, "sched", "Examples:", "Exit status:", "130"):
                self.assertIn(word, out)

    def test_no_arguments(self):
        outcome = self.run_program(status=2)
        for word in COMMANDS:
            self.assertIn(word, outcome.out.decode() + outcome.err.decode())

    def test_each_command(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                outcome = self.run_program(command, "--help")
                self.assertEqual(outcome.err, b"")
                text = outcome.out.decode()
                self.assertIn(f"gtengine {command}", text)
                self.assertIn("Example", text)
                self.assertLess(max(map(len, text.splitlines())), 121)

    def test_options_are_documented(self):
        text = self.run_program("scan", "--help").out.decode()
        for option in (
            "--report", "--layout", "--top", "--threads", "--memory", "--format", "--output",
            "--compat", "--quiet", "--profile", "service/host/yyyymmdd/hhmmss.trace",
        ):
            self.assertIn(option, text)

    def test_threads_follow_the_affinity(self):
        one = {min(os.sched_getaffinity(0))}
        outcome = self.run_program(
            "scan", "--help", preexec_fn=lambda: os.sched_setaffinity(0, one)
        )
        self.assertIn("the cores available, here 1\n", outcome.out.decode())

    def test_version(self):
        self.assertRegex(self.run_program("--version").out.decode(), r"^gtengine \d+\.\d+\.\d+\n$")

    def test_reports(self):
        lines = self.run_program("reports").out.decode().splitlines()
        self.assertTrue(any(line.split()[0] == "sched" and len(line.split()) > 3 for line in lines))


class Usage(ProgramTest):
    def refuse(self, *arguments, words):
        with self.subTest(arguments=arguments):
            self.assert_usage_error(self.run_program(*arguments, status=2), *words)

    def test_unknown_command(self):
        self.refuse("scna", "x", words=["scna", "--help"])
        self.refuse("--frobnicate", words=["--frobnicate", "--help"])

    def test_unknown_report(self):
        for names in ("nope", "sched,nope", "nope,sched", "", "sched,", ","):
            self.refuse("scan", "x", "--report", names, words=["--report", "reports are: summary, sched"])
        self.refuse("scan", "x", words=["--report", "reports are: summary, sched"])

    def test_lengths_of_time(self):
        for time in ("", "100", "ms", "-1ms", "1.5s", "1 s", "99999999999h"):
            self.refuse("scan", "x", "--report", "procs", f"--stuck={time}", words=["--stuck"])

    def test_sizes(self):
        for size in ("0", "-1", "1X", "M", "1.5G", "", "99999999999999999999", "99999999999T", "1 G"):
            self.refuse("scan", "x", "--report", "sched", f"--memory={size}", words=["--memory"])

    def test_numbers(self):
        for threads in ("0", "-2", "two", "1025", "", "1e3", "2 "):
            self.refuse("scan", "x", "--report", "sched", f"--threads={threads or '0'}", words=["--threads"])
        for top in ("0", "-1", "x", "99999999999"):
            self.refuse("scan", "x", "--report", "sched", f"--top={top}", words=["--top"])
            self.refuse("merge", "x", f"--top={top}", words=["--top"])

    def test_formats(self):
        for command in (["scan", "x", "--report", "sched"], ["merge", "x"]):
            self.refuse(*command, "--format", "xml", words=["xml", "table, json, csv, markdown, pprof, partial"])
            self.refuse(*command, "--compat", "perf", words=["perf", "go-tool-trace"])
        self.refuse("info", "x", "--format", "partial", words=["partial", "table, json, csv, markdown;"])

    def test_layouts(self):
        for layout in ("", "/service", "nothing", "service/service"):
            self.refuse(
                "scan", "x", "--report", "sched", f"--layout={layout or '/'}", words=["layout", "an example is"]
            )

    def test_options_that_do_not_exist(self):
        for command in COMMANDS:
            self.refuse(command, "--frobnicate", words=["--frobnicate"])
        self.refuse("scan", "x", "--reprot", "sched", words=["--reprot"])

    def test_paths_are_needed(self):
        self.refuse("scan", "--report", "sched", words=["PATH"])
        self.refuse("merge", words=["FILE"])
        self.refuse("dump", "--parsed", words=["FILE"])
        self.refuse("info", words=["PATH"])
        self.refuse("slice", "--generations", "1", words=["FILE"])
        self.refuse("slice", "x", words=["--generations"])
        self.refuse("verify", words=["PATH"])
        self.refuse("find", "--longest", "stw", words=["PATH"])
        self.refuse("repair", "-o", "x", words=["FILE"])

    def test_good_sizes(self):
        path = corpus.trace("edge/procs-27").path
        for size in ("67108864", "64M", "64m", "64MB", "64MiB", "1G", "1T", "100000K"):
            self.run_program("scan", path, "--report", "sched", "--memory", size)
