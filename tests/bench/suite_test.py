"""bench/suite.py: options, and the sizes and numbers of files that grow."""

import argparse
import pathlib
import sys
import types
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))

import suite

MIB = 1 << 20


def sizes(size):
    return suite.Suite.sizes(types.SimpleNamespace(size=size))


def file_counts(files):
    return suite.Suite.file_counts(types.SimpleNamespace(files=files))


class SuiteTest(unittest.TestCase):
    def test_sizes_as_typed(self):
        self.assertEqual(suite.parse_size("64M"), 64 * MIB)
        self.assertEqual(suite.parse_size("10G"), 10 << 30)
        self.assertEqual(suite.parse_size("5000"), 5000)
        for text in ("", "0M", "M", "1.5G", "-1", "10X"):
            with self.assertRaises(argparse.ArgumentTypeError):
                suite.parse_size(text)

    def test_groups_as_typed(self):
        self.assertEqual(suite.parse_groups("reader,threads"), ["reader", "threads"])
        with self.assertRaises(argparse.ArgumentTypeError):
            suite.parse_groups("reader,nosuch")

    def test_files_grow_by_tens_up_to_the_size_asked_for(self):
        self.assertEqual(sizes(64 * MIB), [10 * MIB, 64 * MIB])
        self.assertEqual(sizes(2000 * MIB), [10 * MIB, 100 * MIB, 1000 * MIB, 2000 * MIB])
        self.assertEqual(sizes(2 * MIB), [MIB // 2, 2 * MIB])

    def test_their_number_grows_by_tens(self):
        self.assertEqual(file_counts(12), [10, 12])
        self.assertEqual(file_counts(1000), [10, 100, 1000])
        self.assertEqual(file_counts(3), [3])


if __name__ == "__main__":
    unittest.main()
