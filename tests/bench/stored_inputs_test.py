"""bench/stored_inputs.py: every way of storing gives the same bytes back."""

import gzip
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))

import inputs
import stored_inputs


class StoredInputsTest(unittest.TestCase):
    def test_each_holds_the_traces(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            paths = [folder / "a", folder / "b"]
            for path in paths:
                path.write_bytes(path.name.encode() * 1000)
            stored = stored_inputs.stored_inputs(inputs.Input("x", paths), folder / "out")
            found = {one.name: one.paths for one in stored}
            self.assertEqual(stored[0].paths, paths)
            self.assertEqual([gzip.open(path).read() for path in found["gzip"]], [b"a" * 1000, b"b" * 1000])
            with tarfile.open(found["tar"][0]) as archive:
                self.assertEqual(archive.extractfile("1.trace").read(), b"b" * 1000)
            if not shutil.which("zstd"):
                return
            out = subprocess.run(["zstd", "-dc", found["zstd"][1]], stdout=subprocess.PIPE, check=True).stdout
            self.assertEqual(out, b"b" * 1000)
            self.assertLess(found["tar.zst"][0].stat().st_size, found["tar"][0].stat().st_size)


if __name__ == "__main__":
    unittest.main()
