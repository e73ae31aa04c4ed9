"""gtengine merge: results that were stored, moved and put together again."""

import random
import subprocess

import corpus
from program import PROGRAM, SANITIZED, ProgramTest


class Merge(ProgramTest):
    def scan(self, paths, *arguments):
        return self.run_program("scan", *paths, "--report", "sched", *arguments).out

    def partial(self, name, paths):
        self.scan(paths, "--format", "partial", "-o", name)
        return name

    def test_any_split_in_any_order(self):
        files = [trace.path for trace in corpus.traces()]
        whole = self.scan(files, "--format", "json")
        whole_partial = self.scan(files, "--format", "partial")
        for seed in range(1 if SANITIZED else 4):
            shuffle = random.Random(seed)
            shards = [[] for _ in range(shuffle.randint(2, 6))]
            for path in files:
                shuffle.choice(shards).append(path)
            names = [
                self.partial(f"{seed}-{i}.part", shard) for i, shard in enumerate(shards) if shard
            ]
            shuffle.shuffle(names)
            self.assertEqual(self.run_program("merge", *names, "--format", "json").out, whole)
            # Merges of merges.
            middle = (len(names) + 1) // 2
            for half, part in (("left", names[:middle]), ("right", names[middle:])):
                self.run_program("merge", *(part or names[:1]), "--format", "partial", "-o", half)
            merged = self.run_program("merge", "right", "left", "--format", "json").out
            self.assertEqual(merged, whole)
            joined = self.run_program("merge", "left", "right", "--format", "partial").out
            self.assertEqual(joined, whole_partial)

    def test_partials_do_not_depend_on_threads(self):
        files = [trace.path for trace in corpus.traces()]
        one = self.scan(files, "--format", "partial", "--threads", "1")
        self.assertEqual(self.scan(files, "--format", "partial", "--threads", "8"), one)

    def test_a_trace_in_two_partials_counts_once(self):
        files = [trace.path for trace in corpus.traces()][:3]
        names = [self.partial("a.part", files[:2]), self.partial("b.part", files[1:])]
        merged = self.run_program("merge", *names, *names, "--format", "json").out
        self.assertEqual(merged, self.scan(files, "--format", "json"))

    def test_options_of_the_view_apply_at_the_merge(self):
        files = [trace.path for trace in corpus.traces()][:4]
        name = self.partial("all.part", files)
        for options in (["--compat", "go-tool-trace"], ["--top", "3"], ["--format", "table"]):
            options = ["--format", "json", *options] if "--format" not in options else options
            self.assertEqual(
                self.run_program("merge", name, *options).out, self.scan(files, *options)
            )

    def test_problems_travel_along(self):
        cut = self.folder / "cut.trace"
        cut.write_bytes(corpus.trace("edge/procs-27").bytes[:100_000])
        good = corpus.trace("edge/procs-23").path
        scanned = self.run_program(
            "scan", cut, good, "missing", "--report", "sched", "--format", "partial", "-o", "p", status=1
        )
        merged = self.run_program("merge", "p", status=1)
        self.assertEqual(merged.problems, scanned.problems)

    def test_refuses_what_is_no_partial(self):
        name = self.partial("good.part", [corpus.trace("edge/procs-27").path])
        content = (self.folder / name).read_bytes()
        (self.folder / "text").write_text("hello")
        (self.folder / "empty").write_bytes(b"")
        for bad in ("text", "empty", corpus.trace("edge/procs-27").path, "missing", "."):
            with self.subTest(bad=bad):
                outcome = self.run_program("merge", name, bad, "-o", "out", status=2)
                self.assertEqual(outcome.out, b"")
                self.assertTrue(outcome.problems[0].startswith(f"gtengine: {bad}: "), outcome.problems)
                self.assertFalse((self.folder / "out").exists())
        for length in (len(content) // 2, len(content) - 1, 20):
            (self.folder / "cut.part").write_bytes(content[:length])
            self.run_program("merge", name, "cut.part", status=2)
        # The version stands behind the line of magic, in a field of its own.
        begin = content.index(b"\n") + 1
        self.assertEqual(content[begin : begin + 2], b"\x08\x02")
        (self.folder / "new.part").write_bytes(content[: begin + 1] + b"\x63" + content[begin + 2 :])
        outcome = self.run_program("merge", "new.part", name, status=2)
        self.assertIn("version 99", outcome.problems[0])
        self.assertIn("reads 2", outcome.problems[0])

    def test_survives_any_damage(self):
        name = self.partial("good.part", [corpus.trace("edge/procs-27").path])
        content = (self.folder / name).read_bytes()
        chance = random.Random(1)
        for _ in range(30 if SANITIZED else 100):
            bad = bytearray(content)
            for _ in range(chance.randint(1, 4)):
                bad[chance.randrange(17, len(bad))] = chance.randrange(256)
            (self.folder / "bad.part").write_bytes(bad)
            self.run_merge_of_anything("bad.part")

    def run_merge_of_anything(self, name):
        completed = subprocess.run(
            [PROGRAM, "merge", name], cwd=self.folder, capture_output=True, env=self.environment()
        )
        self.assertIn(completed.returncode, (0, 1, 2), completed.stderr)
        self.check_stderr(completed.stderr)
