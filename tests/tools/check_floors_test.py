"""tools/check_floors.py must find each kind of violation in a tree made for it, and nothing else."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECKER = pathlib.Path(__file__).parents[2] / "tools" / "check_floors.py"


class CheckFloorsTest(unittest.TestCase):
    def check(self, files):
        """Exit code and output for a tree of {path: text}; headers without a text get a guard."""
        with tempfile.TemporaryDirectory() as root:
            for path, text in files.items():
                file = pathlib.Path(root, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            run = subprocess.run([sys.executable, CHECKER, root], capture_output=True, text=True,
                                 check=False)
        return run.returncode, run.stdout

    def header(self, *includes):
        return "#pragma once\n" + "".join(f"#include {i}\n" for i in includes)

    def expect_clean(self, files):
        code, output = self.check(files)
        self.assertEqual(code, 0, output)

    def expect_violation(self, files, *expected):
        """One violation for each of `expected`, in any order."""
        code, output = self.check(files)
        self.assertEqual(code, 1, output)
        for line in expected:
            self.assertIn(line, output)
        self.assertIn(f" {len(expected)} violations", output)

    def test_allowed_steps(self):
        self.expect_clean({
            "engine/base/a.h": self.header("<vector>"),
            "kernels/k.h": self.header('"hwy/highway.h"', '"kernels/l.h"'),
            "engine/wire/b.h": self.header('"engine/wire/v1/c.h"', '"kernels/k.h"'),
            "engine/wire/v1/c.h": self.header('"engine/base/a.h"', '"engine/wire/d.h"'),
            "engine/spans/d.h": self.header('"engine/order/e.h"', '"engine/columns/f.h"'),
            "engine/run/g.h": self.header("<tbb/parallel_for.h>", '"engine/reports/h.h"'),
            "tools/gtengine/main.cc": '#include "engine/run/g.h"\n#include <tbb/task_arena.h>\n',
            "tests/kernels/k_test.cc": '#include "kernels/k.h"\n#include <hwy/targets.h>\n',
            "bench/k_bench.cc": '#include "kernels/k.h"\n',
        })

    def test_upward(self):
        self.expect_violation({"engine/base/a.h": self.header('"engine/io/b.h"')},
                              "engine/base/a.h:2: engine/base (floor 0) must not include engine/io")
        self.expect_violation({"engine/reports/a.h": self.header('<engine/run/b.h>')},
                              "engine/reports (floor 5) must not include engine/run (floor 6)")

    def test_siblings(self):
        self.expect_violation(
            {
                "engine/io/a.h": self.header('"engine/wire/b.h"'),
                "engine/order/a.h": self.header('"engine/spans/b.h"'),
                "engine/columns/a.h": self.header('"kernels/b.h"'),
                "engine/render/a.h": self.header('"engine/store/b.h"'),
            },
            "engine/io must not include its sibling engine/wire",
            "engine/order must not include its sibling engine/spans",
            "engine/columns must not include its sibling kernels",
            "engine/render must not include its sibling engine/store",
        )

    def test_kernels_stand_alone(self):
        self.expect_violation({"kernels/k.h": self.header('"engine/base/a.h"')},
                              "kernels must not include engine/base")

    def test_nobody_includes_the_top(self):
        self.expect_violation(
            {"engine/run/a.h": self.header('"tools/gtengine/b.h"', '"tests/c.h"', '"bench/d.h"')},
            "must not include tools/", "must not include tests/", "must not include bench/")

    def test_libraries(self):
        self.expect_violation(
            {
                "engine/reports/a.h": self.header("<tbb/parallel_for.h>"),
                "engine/store/a.h": self.header("<oneapi/tbb/task_group.h>", "<execution>"),
                "engine/run/a.h": self.header("<hwy/highway.h>"),
                "kernels/k.h": self.header("<tbb/tbb.h>"),
            },
            "engine/reports/a.h:2: only engine/run includes oneTBB",
            "engine/store/a.h:2: only engine/run includes oneTBB",
            "engine/store/a.h:3: only engine/run includes oneTBB",
            "engine/run/a.h:2: only kernels includes Highway",
            "kernels/k.h:2: only engine/run includes oneTBB",
        )

    def test_unknown_folders(self):
        self.expect_violation(
            {
                "engine/extra/a.h": self.header(),
                "engine/a.h": self.header(),
                "engine/run/a.h": self.header('"engine/extra/a.h"'),
            },
            "engine/extra/a.h:1: this folder has no floor",
            "engine/a.h:1: this folder has no floor",
            'engine/run/a.h:2: "engine/extra/a.h" is in a folder without a floor',
        )

    def test_includes_that_hide(self):
        self.expect_violation(
            {"engine/base/a.h": self.header('"b.h"', '"../io/c.h"', "MACRO")},
            "a.h:2: \"b.h\": name a header from the root", "a.h:3: \"../io/c.h\": name a header",
            "a.h:4: #include MACRO cannot be checked")

    def test_comments_are_not_includes(self):
        self.expect_clean({
            "engine/base/a.h": "/* begins\n#include \"engine/run/b.h\"\n*/\n" + self.header()
                               + "// #include \"engine/run/b.h\"\n",
        })

    def test_guards(self):
        self.expect_violation(
            {
                "engine/base/a.h": "#ifndef A\n#define A\n#endif\n",
                "tests/wire/b.h": "#include <vector>\n#pragma once\n",
                "bench/c.h": "int a;\n",
            },
            "engine/base/a.h:1: a header begins", "tests/wire/b.h:1: a header begins",
            "bench/c.h:1: a header begins")
        self.expect_clean({
            "kernels/k-inl.h": "#if defined(K_INL) == defined(HWY_TARGET_TOGGLE)\n#endif\n"})

    def test_vague_names(self):
        self.expect_violation(
            {
                "engine/base/utils.h": self.header(),
                "engine/wire/helpers/a.h": self.header(),
                "tests/wire/wire_common.h": self.header(),
                "tools/misc.sh": "",
            },
            "'utils.h' does not say", "'helpers' does not say", "'wire_common.h' does not say",
            "'misc.sh' does not say")

    def test_mirrors(self):
        self.expect_clean({
            "engine/wire/v1/a.cc": "", "tests/wire/v1/a_test.cc": "",
            "kernels/k.cc": "", "tests/kernels/k_test.cc": "",
            "engine/base/b.cc": "",
            "tests/untested.txt": "# why\n\nengine/base/b.cc: a table, checked by a_test\n",
        })
        self.expect_violation({"engine/wire/a.cc": "", "tests/a_test.cc": ""},
                              "engine/wire/a.cc:1: has no tests/wire/a_test.cc")

    def test_untested_list_stays_honest(self):
        self.expect_violation(
            {
                "engine/base/a.cc": "", "tests/base/a_test.cc": "", "engine/base/b.cc": "",
                "tests/untested.txt": "engine/base/a.cc: was new\nengine/base/b.cc:\n"
                                      "engine/base/gone.cc: was old\n",
            },
            "tests/untested.txt:1: engine/base/a.cc has a test by now",
            "tests/untested.txt:2: engine/base/b.cc needs a reason",
            "tests/untested.txt:3: engine/base/gone.cc does not exist",
        )

    def test_long_files_only_warn(self):
        code, output = self.check({"engine/base/a.h": self.header() + "\n" * 500})
        self.assertEqual(code, 0, output)
        self.assertIn("warning: engine/base/a.h: 501 lines", output)

    def test_an_empty_tree_is_an_error(self):
        self.assertEqual(self.check({})[0], 2)


if __name__ == "__main__":
    unittest.main()
