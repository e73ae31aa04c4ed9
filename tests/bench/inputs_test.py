"""bench/inputs.py: which files are taken for traces."""

import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))

import inputs
import processes


class InputsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def test_traces_are_told_by_their_header(self):
        new = self.write("b/new.trace", b"go 1.26 trace\0\0\0" + b"x" * 100)
        other = self.write("a", b"go 1.22 trace\0\0\0")
        self.write("old.trace", b"go 1.21 trace\0\0\0")
        self.write("text.trace", b"go home")
        self.write("empty.trace", b"")
        self.assertEqual(inputs.real_traces([self.folder]), [other, new])
        self.assertEqual(inputs.real_traces([new, self.folder]), [other, new])
        self.assertEqual(inputs.Input("x", [new, other]).size_bytes, 132)

    def test_no_traces_end_the_suite(self):
        with self.assertRaisesRegex(processes.Failure, "no traces"):
            inputs.real_traces([self.folder])
        with self.assertRaisesRegex(processes.Failure, "no such file"):
            inputs.real_traces([self.folder / "nosuch"])


if __name__ == "__main__":
    unittest.main()
