"""bench/google_benchmark.py: what the bench programs print."""

import json
import pathlib
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))

import google_benchmark
import processes


def document(**more):
    bench = {"name": "decode/a", "cpu_time": 2.5, "real_time": 9.0, "time_unit": "ms", **more}
    return json.dumps({"context": {}, "benchmarks": [bench]})


class GoogleBenchmarkTest(unittest.TestCase):
    def test_times_are_of_the_processor(self):
        turn = google_benchmark.read(document(items_per_second=7.0), "p")["decode/a"]
        self.assertEqual(turn.seconds, 0.0025)
        self.assertEqual(turn.events_per_second, 7.0)
        self.assertIsNone(turn.bytes_per_second)
        self.assertIsNone(turn.cycles_per_event)

    def test_core_cycles_come_before_those_of_the_time_stamp_counter(self):
        turn = google_benchmark.read(document(tsc_per_event=5.0), "p")["decode/a"]
        self.assertEqual((turn.cycles_kind, turn.cycles_per_event), ("tsc_per_event", 5.0))
        turn = google_benchmark.read(document(tsc_per_event=5.0, cycles_per_event=4.0), "p")["decode/a"]
        self.assertEqual((turn.cycles_kind, turn.cycles_per_event), ("cycles_per_event", 4.0))

    def test_a_wrong_answer_ends_the_suite(self):
        with self.assertRaisesRegex(processes.Failure, "p, decode/a: wrong"):
            google_benchmark.read(document(error_occurred=True, error_message="wrong"), "p")

    def test_the_filter_of_one_bench(self):
        name = "scan/a.b+c [1]"
        self.assertTrue(re.search(google_benchmark.exactly(name), name))
        self.assertFalse(re.search(google_benchmark.exactly(name), "scan/axb+c [1]"))
        self.assertFalse(re.search(google_benchmark.exactly(name), name + "/2"))


if __name__ == "__main__":
    unittest.main()
