"""bench/results.py: the tables as Markdown and as JSON."""

import json
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))

import results


def sample():
    made = results.Results({"cores": "2"}, "suite")
    section = results.Section(
        "s",
        "Stages",
        [
            results.Column("name", "bench", "text"),
            results.Column("rate", "events/s", "events/s"),
            results.Column("cycles", "cycles/event", "cycles"),
        ],
    )
    section.rows = [{"name": "a|b", "rate": 123456789.0}, {"name": "c", "rate": None}]
    made.sections.append(section)
    made.add_ratio("r", "Go over ours", [10.0, 30.0], [1.0, 2.0])
    made.left_out.append("Core cycles.")
    return made


class ResultsTest(unittest.TestCase):
    def test_units(self):
        self.assertEqual(results.seconds(2), "2.00 s")
        self.assertEqual(results.seconds(0.0123), "12.3 ms")
        self.assertEqual(results.seconds(0.0000123), "12.3 us")
        self.assertEqual(results.size(5 << 20), "5 MiB")
        self.assertEqual(results.size(12), "12 B")
        self.assertEqual(results.UNITS["events/s"](123456789.0), "123 M")
        self.assertEqual(results.UNITS["events/s"](1234.0), "1.23 k")
        self.assertEqual(results.UNITS["bytes/s"](2.5e9), "2.5 GB")
        self.assertEqual(results.UNITS["share"](0.034), "3%")

    def test_markdown(self):
        lines = sample().to_markdown().splitlines()
        self.assertIn("| Go over ours | 12.50 | 10.00 to 15.00 | 2 |", lines)
        # A column without any value is not there; an unknown value is an empty cell.
        self.assertIn("| bench | events/s |", lines)
        self.assertIn("| a\\|b | 123 M |", lines)
        self.assertIn("| c |  |", lines)
        self.assertIn("- Core cycles.", lines)

    def test_json_has_the_values_as_they_are(self):
        document = json.loads(sample().to_json())
        self.assertEqual(document["schema"], "gtengine.bench")
        self.assertEqual(document["machine"], {"cores": "2"})
        self.assertEqual(document["sections"][0]["rows"][0]["rate"], 123456789.0)
        ratio = document["ratios"][0]
        self.assertEqual(
            (ratio["median"], ratio["low"], ratio["high"], ratio["rounds"]), (12.5, 10.0, 15.0, 2)
        )


if __name__ == "__main__":
    unittest.main()
