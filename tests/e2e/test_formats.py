"""The formats of results beside tables and JSON."""

import csv
import hashlib
import io
import os
import pty

import corpus
import documents
import pprof
from program import ProgramTest


def sites_sha256(sums):
    """What corpus/README.md says of a profile's `sha256`."""
    sites = {}
    for stack, (count, time_ns) in sums.items():
        frames = "".join(f"{function} {file}:{line}\n" for function, file, line in stack)
        sites[frames.encode()] = f"{count} {time_ns}\n".encode()
    text = b"".join(sites[frames] + frames + b"\n" for frames in sorted(sites))
    return hashlib.sha256(text).hexdigest()


# The report that has a profile of go tool trace.
REPORTS = {"sched": "sched", "net": "blocking", "sync": "blocking", "syscall": "syscalls"}


class Pprof(ProgramTest):
    def profile(self, *arguments, name="sched"):
        out = self.run_program(
            "scan", *arguments, "--report", REPORTS[name], "--format", "pprof", "--profile", name
        ).out
        return pprof.Profile(out)

    def check_against_go(self, trace, name, key, *options):
        found = self.profile(trace.path, *options, name=name)
        self.assertEqual(found.types, [("contentions", "count"), ("delay", "nanoseconds")])
        sums = found.merged()
        expected = trace.expected[key][name]
        self.assertEqual(len(sums), expected["stacks"])
        self.assertEqual(sum(count for count, _ in sums.values()), expected["count"])
        self.assertEqual(sum(time for _, time in sums.values()), expected["time_ns"])
        self.assertEqual(sites_sha256(sums), expected["sha256"])
        for _, labels, _ in found.samples:
            self.assertEqual(labels, {"host": trace.host, "service": trace.service})

    def test_each_trace_is_what_go_says(self):
        for trace in corpus.traces():
            for name in REPORTS:
                with self.subTest(trace=trace.name, profile=name):
                    self.check_against_go(trace, name, "profiles")
                    self.check_against_go(
                        trace, name, "cmd_trace_profiles", "--compat", "go-tool-trace"
                    )

    def test_every_reason_to_be_blocked(self):
        trace = corpus.trace("shop/web-26").path
        document = documents.load(
            self.run_program("scan", trace, "--report", "blocking", "--format", "json").out
        )["blocking"]
        out = self.run_program(
            "scan", trace, "--report", "sched,blocking", "--format", "pprof", "--profile", "block"
        ).out
        sums = {}
        for _, labels, values in pprof.Profile(out).samples:
            reason = labels["reason"] or "(not known)"
            sums[reason] = [a + b for a, b in zip(values, sums.get(reason, [0, 0]))]
        reasons = document.table("reasons")
        self.assertGreater(len(reasons), 4)
        self.assertEqual(sums, {row["reason"]: [row["count"], row["total_ns"]] for row in reasons})

    def test_cpu_samples(self):
        for name in ("batch/etl-27", "edge/procs-27"):
            trace = corpus.trace(name)
            out = self.run_program("scan", trace.path, "--report", "cpu", "--format", "pprof").out
            profile = pprof.Profile(out)
            self.assertEqual(profile.types, [("samples", "count")])
            self.assertEqual(
                sum(values[0] for _, _, values in profile.samples),
                trace.expected["kinds"].get("StackSample", 0),
            )

    def test_corpus_is_the_sum_of_its_traces(self):
        together = self.profile(*corpus.service_folders())
        self.assertEqual(
            {tuple(sorted(labels.items())) for _, labels, _ in together.samples},
            {(("host", t.host), ("service", t.service)) for t in corpus.traces()},
        )
        sums = together.merged()
        expected = [trace.expected["profiles"]["sched"] for trace in corpus.traces()]
        self.assertEqual(sum(count for count, _ in sums.values()), sum(e["count"] for e in expected))
        self.assertEqual(sum(time for _, time in sums.values()), sum(e["time_ns"] for e in expected))

    def test_shards_merge_to_the_same_bytes(self):
        folders = corpus.service_folders()
        parts = []
        for i, folder in enumerate(folders):
            self.run_program(
                "scan", folder, "--report", "sched", "--format", "partial", "-o", f"{i}.part"
            )
            parts.append(f"{i}.part")
        options = ("--format", "pprof", "--compat", "go-tool-trace", "--profile", "sched")
        merged = self.run_program("merge", *reversed(parts), *options).out
        for threads in ("1", "3"):
            scanned = self.run_program(
                "scan", *folders, "--report", "sched", "--threads", threads, *options
            )
            self.assertEqual(scanned.out, merged)

    def test_profile_names(self):
        path = corpus.trace("edge/procs-27").path
        for reports, arguments, words in (
            ("sched", ["--format", "pprof", "--profile", "nope"], ["--profile", "profiles are: sched"]),
            ("sched", ["--profile", "sched"], ["--profile", "--format pprof"]),
            ("sched,blocking", ["--format", "pprof"], ["--profile", "are: sched, block, net, sync;"]),
            ("goroutines", ["--format", "pprof"], ["the reports have no profile"]),
        ):
            outcome = self.run_program("scan", path, "--report", reports, *arguments, status=2)
            self.assert_usage_error(outcome, *words)
        self.run_program("scan", path, "--report", "sched", "--format", "partial", "-o", "s.part")
        for arguments in (["--profile", "sched"], ["--profile", "nope", "--format", "pprof"]):
            outcome = self.run_program("merge", "s.part", *arguments, status=2)
            self.assert_usage_error(outcome, "--profile")

    def test_not_for_terminals(self):
        for name in ("pprof", "partial"):
            master, terminal = pty.openpty()
            try:
                outcome = self.run_program(
                    "scan", corpus.trace("edge/procs-27").path, "--report", "sched",
                    "--format", name, stdout=terminal, status=2,
                )
            finally:
                os.close(terminal)
                os.close(master)
            self.assertIn("not for a terminal", outcome.err.decode())


class Csv(ProgramTest):
    def test_holds_what_json_holds(self):
        arguments = ("scan", *corpus.service_folders(), "--report", "sched")
        json_documents = documents.load(self.run_program(*arguments, "--format", "json").out)
        text = self.run_program(*arguments, "--format", "csv").out.decode()
        tables = {}
        for block in text.split("\n\n"):
            head, *rows = csv.reader(io.StringIO(block), strict=True)
            self.assertEqual(head[:2], ["report", "table"])
            for row in rows:
                self.assertEqual(len(row), len(head))
                tables.setdefault(tuple(row[:2]), []).append(dict(zip(head[2:], row[2:])))
        found = 0
        for name, document in json_documents.items():
            facts = {row["key"]: row["value"] for row in tables[name, "facts"]}
            self.assertEqual(facts, {key: str(value) for key, value in document.facts.items()})
            for id in document.table_ids():
                expected = [
                    {key: "" if value is None else str(value) for key, value in row.items()}
                    for row in document.table(id)
                ]
                self.assertEqual(tables.get((name, id), []), expected)
                found += len(expected)
        self.assertGreater(found, 50)

    def test_info(self):
        out = self.run_program("info", corpus.trace("edge/sys-22").path, "--format", "csv").out
        rows = [row for row in csv.reader(io.StringIO(out.decode())) if row[1:2] == ["generations"]]
        self.assertEqual(len(rows), 3)


class Markdown(ProgramTest):
    def test_tables_are_whole(self):
        out = self.run_program(
            "scan", *corpus.service_folders(), "--report", "sched", "--format", "markdown"
        ).out.decode()
        self.assertIn("## Scheduler latency", out)
        rows = 0
        columns = None
        for line in out.splitlines():
            if not line.startswith("|"):
                columns = None
                continue
            cells = line.replace("\\\\", "").replace("\\|", "").count("|") - 1
            columns = columns or cells
            self.assertEqual(cells, columns, line)
            rows += 1
        self.assertGreater(rows, 60)

    def test_info(self):
        out = self.run_program("info", corpus.trace("edge/sys-22").path, "--format", "markdown").out
        self.assertIn("### Generations", out.decode())
