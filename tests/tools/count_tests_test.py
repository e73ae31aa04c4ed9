"""tools/count_tests.py must count as CTest does, and never take an absent result for a success."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

COUNTER = pathlib.Path(__file__).parents[2] / "tools" / "count_tests.py"

# As CTest 3.25 writes them.
PASSED = '<testcase name="a" status="run"><system-out/></testcase>'
FAILED = '<testcase name="b" status="fail"><failure message=""/></testcase>'
SKIPPED = ('<testcase name="c" status="notrun">'
           '<skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/></testcase>')
DISABLED = '<testcase name="d" status="disabled"/>'
NOT_BUILT = ('<testcase name="e" status="notrun">'
             '<skipped message="Unable to find executable"/></testcase>')


class CountTestsTest(unittest.TestCase):
    def count(self, *files, broken=0):
        """Exit code and output for JUnit files of these test cases."""
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for number, cases in enumerate(files):
                path = pathlib.Path(folder, f"{number}.xml")
                path.write_text(f"<testsuite>{cases}</testsuite>", encoding="utf-8")
                paths.append(path)
            return self.run_on(paths, broken)

    def run_on(self, paths, broken=0):
        run = subprocess.run([sys.executable, COUNTER, "--broken", str(broken), *paths],
                             capture_output=True, text=True, check=False)
        return run.returncode, run.stdout

    def test_sums_files(self):
        self.assertEqual(self.count(PASSED * 3, PASSED), (0, "4 passed, 0 failed\n"))
        self.assertEqual(self.count(PASSED, PASSED + FAILED), (1, "2 passed, 1 failed\n"))

    def test_skipped_is_neither(self):
        self.assertEqual(self.count(PASSED + SKIPPED + DISABLED),
                         (0, "1 passed, 0 failed, 2 skipped\n"))

    def test_what_was_not_built_failed(self):
        self.assertEqual(self.count(PASSED + NOT_BUILT), (1, "1 passed, 1 failed\n"))

    def test_no_result_is_a_failure(self):
        self.assertEqual(self.count(""), (1, "0 passed, 1 failed\n"))
        self.assertEqual(self.count("<broken"), (1, "0 passed, 1 failed\n"))
        self.assertEqual(self.run_on([pathlib.Path("does-not-exist.xml")]),
                         (1, "0 passed, 1 failed\n"))

    def test_broken_steps_count(self):
        self.assertEqual(self.count(PASSED, broken=2), (1, "1 passed, 2 failed\n"))


if __name__ == "__main__":
    unittest.main()
