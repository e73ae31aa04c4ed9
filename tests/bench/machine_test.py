"""bench/machine.py: what the machine is, and who else uses it."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench"))

import machine

# Takes half a second of processor time, however long that lasts.
SPIN_PROGRAM = "import time\nwhile time.process_time() < 0.5: pass"
SPIN = [sys.executable, "-S", "-c", SPIN_PROGRAM]


class MachineTest(unittest.TestCase):
    def test_values_of_a_build(self):
        with tempfile.TemporaryDirectory() as folder:
            cache = pathlib.Path(folder, "CMakeCache.txt")
            cache.write_text("# x\nCMAKE_BUILD_TYPE:STRING=Release\nA:B=c=d\n", encoding="utf-8")
            self.assertEqual(machine.cached(folder, "CMAKE_BUILD_TYPE"), "Release")
            self.assertEqual(machine.cached(folder, "A"), "c=d")
            self.assertIsNone(machine.cached(folder, "CMAKE_BUILD"))
            self.assertIsNone(machine.cached(pathlib.Path(folder, "nosuch"), "A"))

    def test_a_busy_process_is_busy_time(self):
        before = machine.busy_seconds(), machine.own_seconds()
        subprocess.run(SPIN, check=True)
        self.assertGreater(machine.busy_seconds() - before[0], 0.3)
        self.assertGreater(machine.own_seconds() - before[1], 0.3)

    def test_our_own_time_is_not_that_of_others(self):
        bystanders = machine.Bystanders()
        bystanders.begin = (bystanders.begin[0], bystanders.begin[1], bystanders.begin[2] - 1000)
        self.assertEqual(bystanders.share(), 0.0)

    def test_what_others_take(self):
        bystanders = machine.Bystanders()
        other = subprocess.Popen(SPIN)
        while other.poll() is None:  # its time counts as ours only when it has been waited for
            share = bystanders.share()
        self.assertGreater(share, 0.0)


if __name__ == "__main__":
    unittest.main()
