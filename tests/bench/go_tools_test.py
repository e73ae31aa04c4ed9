"""bench/go_tools.py: what Go's programs print."""

import gzip
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))

import go_tools
import processes


def field(number, content):
    """A field of a protobuf message that holds bytes (of fewer than 128)."""
    return bytes([number << 3 | 2, len(content)]) + content


class GoToolsTest(unittest.TestCase):
    def test_counts_are_added_over_traces(self):
        self.assertEqual(go_tools.count_answer(b"12\t\n30\t\n"), {"events": 42})

    def test_an_error_of_the_reader_ends_the_suite(self):
        with self.assertRaisesRegex(processes.Failure, "torn"):
            go_tools.count_answer(b"12\ttorn\n")

    def test_samples_of_a_profile_are_added(self):
        packed = field(2, field(1, b"\x01\x02") + field(2, b"\x03\xac\x02"))  # 3 and 300
        single = field(2, b"\x10\x01\x10\x05")  # 1 and 5, each in a field of its own
        profile = field(1, b"\x08\x01") + packed + single + b"\x48\x07"
        for printed in (profile, gzip.compress(profile)):
            self.assertEqual(
                go_tools.profile_answer(printed), {"waits as go tool trace counts": (4, 305)}
            )

    def test_what_is_no_profile_ends_the_suite(self):
        with self.assertRaises(processes.Failure):
            go_tools.profile_answer(b"no profile")


if __name__ == "__main__":
    unittest.main()
