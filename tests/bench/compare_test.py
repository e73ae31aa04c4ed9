"""bench/compare.py: the table of two builds."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))

import compare


class CompareTest(unittest.TestCase):
    def test_who_is_faster_needs_all_rounds_and_some_of_them(self):
        slow, fast = [2.0] * 7, [1.0] * 7
        self.assertEqual(compare.verdict(slow, fast), "B faster")
        self.assertEqual(compare.verdict(fast, slow), "A faster")
        self.assertEqual(compare.verdict(fast, fast), "")
        self.assertEqual(compare.verdict(slow, [*fast[:6], 3.0]), "")
        self.assertEqual(compare.verdict(slow[:6], fast[:6]), "")

    def test_table(self):
        lines = compare.to_markdown({"order/a": ([0.002] * 7, [0.001] * 7)}).splitlines()
        self.assertEqual(
            lines[2], "| order/a | 2 ms | 1 ms | 0.500 | 0.500 to 0.500 | B faster |"
        )


if __name__ == "__main__":
    unittest.main()
