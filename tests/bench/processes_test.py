"""bench/processes.py: whole processes, their answers and their memory."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))

import processes
from processes import Contestant


def python(name, program, read_answer=lambda printed: {"events": int(printed)}, **more):
    return Contestant(name, [sys.executable, "-S", "-c", program], read_answer, **more)


class ProcessesTest(unittest.TestCase):
    def test_usage(self):
        usage = processes.run(python("sleeper", "import time; time.sleep(0.2); print(7)"))
        self.assertEqual(usage.answer, {"events": 7})
        self.assertGreaterEqual(usage.wall_seconds, 0.2)
        self.assertLess(usage.cpu_seconds, usage.wall_seconds)

    def test_one_core(self):
        program = "import os; print(len(os.sched_getaffinity(0)))"
        self.assertEqual(processes.run(python("a", program, one_core=True)).answer, {"events": 1})

    def test_a_process_that_fails_ends_the_suite(self):
        with self.assertRaisesRegex(processes.Failure, "broken ended with 3: sorry"):
            processes.run(python("broken", "import sys; print('sorry', file=sys.stderr); sys.exit(3)"))

    def test_a_race_counts_all_rounds_but_the_first(self):
        usages = processes.race([python("a", "print(1)"), python("b", "print(1)")], 2)
        self.assertEqual({name: len(each) for name, each in usages.items()}, {"a": 2, "b": 2})

    def test_a_race_needs_names(self):
        with self.assertRaises(ValueError):
            processes.race([python("a", "print(1)"), python("a", "print(1)")], 1)

    def test_answers_that_differ_end_the_suite(self):
        with self.assertRaisesRegex(processes.Failure, "b says events = 2; before it was 1"):
            processes.race([python("a", "print(1)"), python("b", "print(2)")], 1)

    def test_answers_may_tell_different_things(self):
        other = python("b", "print(2)", lambda printed: {"bytes": int(printed)})
        self.assertEqual(len(processes.race([python("a", "print(1)"), other], 1)), 2)

    def test_peak_memory(self):
        program = "import time; x = b'x' * (64 << 20); time.sleep(0.1); del x; time.sleep(0.1)"
        memory = processes.peak_memory(python("large", program, lambda printed: {}))
        self.assertGreater(memory.anonymous, 64 << 20)
        self.assertGreaterEqual(memory.resident, memory.anonymous)


if __name__ == "__main__":
    unittest.main()
