"""Every report of the program: alone, with others, in every format, stored and merged."""

import random

import corpus
import documents
from program import ProgramTest

WIDTH = 100


class Reports(ProgramTest):
    def setUp(self):
        super().setUp()
        lines = self.run_program("reports").out.decode().splitlines()
        self.names = [line.split()[0] for line in lines]
        self.assertEqual(self.names.pop(), "all")
        # One of each format, small ones.
        formats = sorted({trace.format for trace in corpus.traces()})
        self.paths = [corpus.smallest(format).path for format in formats]

    def scan(self, paths, report, *arguments):
        return self.run_program("scan", *paths, "--report", report, *arguments).out

    def test_each_is_the_same_alone_and_with_all(self):
        everything = documents.load(self.scan(self.paths, "all", "--format", "json"))
        self.assertEqual(list(everything), ["corpus", *self.names])
        for name in self.names:
            with self.subTest(report=name):
                alone = documents.load(self.scan(self.paths, name, "--format", "json"))
                self.assertEqual(list(alone), ["corpus", name])
                self.assertEqual(vars(alone[name]), vars(everything[name]))

    def test_lists_keep_the_order_of_the_registry(self):
        self.assertGreater(len(self.names), 2)
        first, *_, last = self.names
        for names in (f"{first},{last}", f"{last},{first}", f"{last},{first},{last}"):
            found = documents.load(self.scan(self.paths, names, "--format", "json"))
            self.assertEqual(list(found), ["corpus", first, last])
        found = documents.load(self.scan(self.paths, f"{last},all", "--format", "json"))
        self.assertEqual(list(found), ["corpus", *self.names])

    def test_tables_fit_a_terminal(self):
        for options in ([], ["--compat", "go-tool-trace"], ["--top", "1"]):
            for line in self.scan(self.paths, "all", *options).decode().splitlines():
                self.assertLessEqual(len(line), WIDTH, line)
                self.assertEqual(line, line.rstrip())

    def test_stuck_is_a_threshold_of_the_view(self):
        def stuck(*options):
            found = documents.load(self.scan(self.paths, "procs", "--format", "json", *options))
            return [row["duration_ns"] for row in found["procs"].table("stuck")]

        longest = stuck("--stuck", "0ns")
        self.assertGreater(len(longest), 3)
        self.assertEqual(stuck("--stuck", f"{longest[2]}ns"), longest[:3])
        self.assertEqual(stuck("--stuck", "1h"), [])

    def test_grep_shows_some_logs(self):
        path = corpus.trace("shop/web-21").path
        everything = documents.load(self.scan([path], "logs", "--format", "json"))["logs"]
        word = everything.table("messages")[0]["message"]
        found = documents.load(self.scan([path], "logs", "--format", "json", "--grep", word))["logs"]
        self.assertIn(word, [row["message"] for row in found.table("messages")])
        none = documents.load(self.scan([path], "logs", "--format", "json", "--grep", "no such"))
        self.assertEqual(none["logs"].table("messages"), [])
        self.assertEqual(none["logs"].facts["logs"], everything.facts["logs"])

    def test_threads_and_order_change_nothing(self):
        for format in ("json", "partial"):
            one = self.scan(self.paths, "all", "--format", format, "--threads", "1")
            shuffled = list(self.paths)
            random.Random(1).shuffle(shuffled)
            self.assertEqual(
                self.scan(shuffled, "all", "--format", format, "--threads", "4"), one
            )

    def test_merged_shards_are_one_scan(self):
        whole = self.scan(self.paths, "all", "--format", "json")
        for seed in range(3):
            shuffle = random.Random(seed)
            shards = [[], [], []]
            for path in self.paths:
                shuffle.choice(shards).append(path)
            names = []
            for number, shard in enumerate(filter(None, shards)):
                names.append(f"{seed}-{number}.part")
                self.scan(shard, "all", "--format", "partial", "-o", names[-1])
            shuffle.shuffle(names)
            merged = self.run_program("merge", *names, "--format", "json").out
            self.assertEqual(merged, whole)
