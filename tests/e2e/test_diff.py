"""gtengine diff: what changed from one corpus to another."""

import os
import pathlib
import random
import shutil
import subprocess
import tempfile

import corpus
import documents
from program import ProgramTest

TRACEGEN = os.environ["GTENGINE_TRACEGEN"]
# Small hosts, whose traces are alike but for chance. Lengths go with 1 / rate.
HOST = "--ms 8 --goroutines 300 --size 400K --generation-size 200K --stacks 40 --strings 100 -q".split()
HOSTS = 10
SIDES = ("before", "after", "slower", "one_bad")


def write_hosts(folder, side):
    for host in range(HOSTS):
        rate = 100_000
        if side == "slower":
            rate = 66_667
        if side == "one_bad" and host == 4:
            rate = 5_000
        day = folder / side / "shop" / f"web-{host}" / "20260101"
        day.mkdir(parents=True)
        seed = 1 + host + 100 * SIDES.index(side)
        arguments = [*HOST, "--seed", seed, "--rate", rate, "-o", day / "000000.trace"]
        subprocess.run([TRACEGEN, *map(str, arguments)], check=True)


class Diff(ProgramTest):
    @classmethod
    def setUpClass(cls):
        cls.made = pathlib.Path(tempfile.mkdtemp(prefix="gtengine-diff-"))
        cls.addClassCleanup(shutil.rmtree, cls.made)
        for side in SIDES:
            write_hosts(cls.made, side)

    def diff(self, *arguments, status=0):
        out = self.run_program("diff", *arguments, "--format", "json", "-q", status=status).out
        return documents.load(out)["diff"]

    def all_of(self, *arguments, status=0):
        return self.diff(*arguments, "--top", "100000", status=status)

    def test_a_corpus_and_itself(self):
        for folder in (self.made / "before", corpus.FOLDER / "shop"):
            same = self.all_of(folder, folder, "--fail-over", "0%")
            for fact in ("slower", "faster", "appeared", "vanished"):
                self.assertEqual(same.facts[fact], 0)
            self.assertGreater(same.facts["within_noise"] + same.facts["noise_not_known"], 50)
            self.assertEqual(same.table("appeared"), [])

    def test_chance_and_one_bad_host_are_no_change(self):
        for side in ("after", "one_bad"):
            with self.subTest(side=side):
                found = self.all_of(self.made / "before", self.made / side, "--fail-over", "0%")
                self.assertGreater(found.facts["within_noise"], 200)
                self.assertEqual((found.facts["slower"], found.facts["faster"]), (0, 0))
                if side == "after":
                    self.assertNotIn("slow_hosts", found.table_ids())
                    continue
                (host,) = found.table("slow_hosts")
                self.assertEqual((host["host"], host["service"]), ("web-4", "shop"))
                self.assertGreater(host["slower"], host["compared"] / 2)

    def test_what_is_slower_on_all_hosts_is_found(self):
        found = self.all_of(
            self.made / "before", self.made / "slower", "--fail-over", "10%", status=3
        )
        slower = found.table("slower")
        self.assertEqual(len(slower), found.facts["slower"])
        self.assertGreater(len(slower), 20)
        self.assertEqual(found.table("faster"), [])
        for row in slower:
            self.assertGreater(row["change"], row["noise"])
            self.assertEqual(row["by"], "10 same hosts")
        for row in slower[:5]:
            self.assertAlmostEqual(row["change"], 500, delta=60)
        significance = [row["change"] / row["noise"] for row in slower]
        self.assertGreater(significance[0], 2 * significance[-1])

    def test_fail_over_is_more_than(self):
        sides = (self.made / "before", self.made / "slower")
        greatest = max(row["change"] for row in self.all_of(*sides).table("slower"))
        for permille, status in ((greatest, 0), (greatest - 1, 3)):
            percent = f"{permille // 10}.{permille % 10}%"
            self.all_of(*sides, "--fail-over", percent, status=status)
        # What is faster never fails.
        self.all_of(*reversed(sides), "--fail-over", "0%")

    def test_swapped_sides_mirror(self):
        there = self.all_of(self.made / "before", self.made / "slower")
        back = self.all_of(self.made / "slower", self.made / "before")

        def key(row):
            return (row["name"], row["what"], row["detail"], row["service"], row["percentile"])

        self.assertEqual(
            {key(row): (row["a_ns"], row["b_ns"]) for row in there.table("slower")},
            {key(row): (row["b_ns"], row["a_ns"]) for row in back.table("faster")},
        )
        self.assertEqual(back.table("slower"), [])
        self.assertEqual(there.facts["appeared"], back.facts["vanished"])
        # Of two traces, where most is on one side only.
        a, b = corpus.trace("shop/web-24").path, corpus.trace("shop/web-26").path
        there, back = self.all_of(a, b), self.all_of(b, a)
        self.assertGreater(len(there.table("appeared")), 10)
        self.assertEqual(there.table("appeared"), back.table("vanished"))
        self.assertEqual(there.table("vanished"), back.table("appeared"))

    def test_counts_and_quantiles_are_those_of_the_reports(self):
        """With one trace a side, which is its own median."""
        a, b = corpus.trace("shop/web-24").path, corpus.trace("shop/web-26").path
        found = self.all_of(a, b, "--report", "tasks")
        rows = {(row["name"], row["percentile"]): row for row in found.table("noise_not_known")}
        compared = 0
        for letter, path in (("a", a), ("b", b)):
            out = self.run_program("scan", path, "--report", "tasks", "--format", "json").out
            for task in documents.load(out)["tasks"].table("tasks"):
                for percentile in (50, 99):
                    row = rows.get((task["task"], percentile))
                    if row is None:
                        continue
                    compared += 1
                    self.assertEqual(row[f"count_{letter}"], task["complete"])
                    self.assertEqual(row[f"{letter}_ns"], task[f"p{percentile}_ns"])
        self.assertGreater(compared, 5)
        self.assertEqual({row["what"] for row in rows.values()}, {"task"})

    def test_threads_order_and_partial_files_make_no_difference(self):
        before = sorted((self.made / "before").glob("shop/*"))
        after = sorted((self.made / "slower").glob("shop/*"))
        whole = self.run_program(
            "diff", self.made / "before", self.made / "slower", "-q", "--threads", "1"
        ).out
        random.Random(1).shuffle(before)
        random.Random(2).shuffle(after)
        for threads in ("2", "5"):
            self.assertEqual(
                self.run_program(
                    "diff", *before, "--to", *after, "-q", "--threads", threads
                ).out,
                whole,
            )
        for name, paths in (("1", before[:3]), ("2", before[3:]), ("all", after)):
            self.run_program(
                "scan", *paths, "--report", "all", "--format", "partial", "-o", f"{name}.part"
            )
        for sides in (
            ("1.part", "2.part", "--to", "all.part"),
            ("2.part", *before[:3], "--to", *after),
        ):
            self.assertEqual(self.run_program("diff", *sides, "-q").out, whole)
        self.run_program("merge", "2.part", "1.part", "--format", "partial", "-o", "m.part")
        self.assertEqual(self.run_program("diff", "m.part", "all.part", "-q").out, whole)

    def test_reports_of_partial_files(self):
        trace = corpus.trace("shop/web-26").path
        for report in ("tasks", "tasks,gc", "logs"):
            self.run_program(
                "scan", trace, "--report", report, "--format", "partial", "-o", f"{report}.part"
            )
        found = self.all_of("tasks,gc.part", "tasks.part")
        self.assertGreater(found.facts["noise_not_known"], 0)
        refused = self.run_program("diff", "tasks.part", trace, "--report", "gc", status=2)
        self.assert_usage_error(refused, "lacks gc", "tasks")
        refused = self.run_program("diff", "tasks.part", "logs.part", status=2)
        self.assert_usage_error(refused, "no report in common", "sched")
        (self.folder / "cut.part").write_bytes((self.folder / "tasks.part").read_bytes()[:-3])
        refused = self.run_program("diff", "tasks.part", "cut.part", status=2)
        self.assertIn("cut.part", refused.err.decode())
        self.assertEqual(refused.out, b"")

    def test_formats_and_width(self):
        sides = (self.made / "before", self.made / "slower")
        text = self.run_program("diff", *sides, "-q").out.decode()
        self.assertLessEqual(max(map(len, text.splitlines())), 100)
        self.assertIn("Slower, beyond noise", text)
        for format, words in (("csv", b"percentile"), ("markdown", b"| name |")):
            self.assertIn(words, self.run_program("diff", *sides, "--format", format, "-q").out)

    def test_layout_tells_services(self):
        trace = corpus.trace("shop/web-26").bytes
        for name in ("a", "b"):
            (self.folder / name).mkdir()
            (self.folder / name / f"{name}.trace").write_bytes(trace)
        self.assertGreater(self.all_of("a", "b").facts["noise_not_known"], 100)
        outcome = self.run_program("diff", "a", "b", "--layout", "service/*.trace")
        self.assertIn("no service is on both sides", outcome.err.decode())

    def test_damage_and_usage(self):
        trace = corpus.trace("shop/web-26")
        (self.folder / "cut.trace").write_bytes(trace.bytes[:-1000])
        outcome = self.run_program("diff", "cut.trace", "cut.trace", "--fail-over", "1%", status=1)
        self.assertIn("too few hosts and traces", outcome.err.decode())
        outcome = self.run_program("diff", "cut.trace", "no", status=2)
        self.assertIn("nothing to compare: B has no", outcome.err.decode())
        for arguments, word in (
            (("cut.trace",), "two sides"),
            (("a", "b", "c"), "two sides"),
            (("a", "b", "--fail-over", "10"), "examples: 10%, 2.5%"),
            (("a", "b", "--fail-over", "-1%"), "--fail-over"),
            (("a", "b", "--fail-over", "1.55%"), "--fail-over"),
            (("a", "b", "--fail-over", "x%"), "--fail-over"),
            (("a", "b", "--report", "nope"), "no report is called"),
            (("a", "b", "--report", "logs"), "sched"),
            (("a", "b", "--format", "pprof"), "--format"),
            (("a", "b", "--threads", "0"), "--threads"),
            (("a", "b", "--top", "0"), "--top"),
        ):
            with self.subTest(arguments=arguments):
                self.assert_usage_error(self.run_program("diff", *arguments, status=2), word)
