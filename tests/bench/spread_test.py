"""bench/spread.py: medians, quartiles and paired ratios."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))

import spread


class SpreadTest(unittest.TestCase):
    def test_few_values_show_their_ends(self):
        self.assertEqual(spread.spread([3.0]), spread.Spread(3.0, 3.0, 3.0))
        self.assertEqual(spread.spread([9.0, 1.0, 2.0]), spread.Spread(2.0, 1.0, 9.0))

    def test_one_outlier_moves_no_quartile_far(self):
        self.assertEqual(spread.spread([1.0, 2.0, 3.0, 4.0, 1000.0]), spread.Spread(3.0, 2.0, 4.0))

    def test_relative_width(self):
        self.assertEqual(spread.Spread(10.0, 9.0, 12.0).relative(), 0.3)

    def test_ratios_are_taken_within_rounds(self):
        # The machine was ten times slower in the second round: the ratio does not show it.
        self.assertEqual(spread.paired_ratio([2.0, 20.0], [1.0, 10.0]), spread.Spread(2.0, 2.0, 2.0))
        with self.assertRaises(ValueError):
            spread.paired_ratio([1.0, 2.0], [1.0])


if __name__ == "__main__":
    unittest.main()
