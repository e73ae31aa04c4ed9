#!/usr/bin/env python3
"""Checks the house rules of a source tree: who may include whom, and that tests mirror sources.

usage: check_floors.py [ROOT]

Prints one line a violation (PATH:LINE: WHAT) and exits with 1 when there is one. Files that have grown
long are only warned about.
"""

import pathlib
import re
import sys

# Folder -> floor. A folder includes itself and lower floors; its siblings never.
FLOORS = {
    "engine/base": 0,
    "kernels": 1,
    "engine/columns": 1,
    "engine/io": 2,
    "engine/wire": 2,
    "engine/order": 3,
    "engine/spans": 3,
    "engine/analysis": 4,
    "engine/reports": 5,
    "engine/run": 6,
    "engine/render": 6,
    "engine/store": 6,
    "engine/push": 6,
}
# The one step between siblings: spans are made from ordered events.
SIBLINGS = {("engine/spans", "engine/order")}
# Above the house: these include anything, and nothing in the house includes them.
TOP = ("tools", "tests", "bench")
# Include prefixes of libraries that only some folders may see. <execution> is oneTBB by another name.
LIBRARIES = (
    (re.compile(r"(oneapi/)?tbb/|execution$"), "oneTBB", ("engine/run",)),
    (re.compile(r"hwy/"), "Highway", ("kernels",)),
)
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "misc"}
LONG_FILE_LINES = 500
UNTESTED = "tests/untested.txt"

INCLUDE = re.compile(r'[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]+)>|"([^"\n]+)"|(\S+))')
BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def folder_of(path):
    """The part of the house that a path from the root belongs to, or None."""
    parts = path.split("/")
    if parts[0] in TOP or parts[0] == "kernels":
        return parts[0]
    folder = "/".join(parts[:2])
    return folder if folder in FLOORS else None


def mirrored_test(source):
    """engine/wire/v1/reader.cc -> tests/wire/v1/reader_test.cc, kernels/x.cc -> tests/kernels/x_test.cc"""
    return "tests/" + source.removeprefix("engine/").removesuffix(".cc") + "_test.cc"


class Checker:
    def __init__(self, root):
        self.root = root
        self.violations = []
        self.warnings = []
        self.files = sorted(
            path.relative_to(root).as_posix()
            for top in ("engine", "kernels", *TOP)
            for path in (root / top).rglob("*")
            if path.is_file()
        )

    def violation(self, path, line, what):
        self.violations.append(f"{path}:{line}: {what}")

    def check(self):
        for path in self.files:
            self.check_name(path)
            if path.endswith((".h", ".cc")):
                self.check_source(path)
        self.check_mirrors()

    def check_name(self, path):
        for part in path.split("/"):
            words = part.split(".")[0].lower().replace("-", "_").split("_")
            if VAGUE_NAMES & {words[0], words[-1]}:
                self.violation(path, 1, f"'{part}' does not say what it holds")

    def check_source(self, path):
        text = (self.root / path).read_text(encoding="utf-8")
        text = BLOCK_COMMENT.sub(lambda comment: "\n" * comment.group().count("\n"), text)
        lines = text.splitlines()
        folder = folder_of(path)
        if folder is None:
            self.violation(path, 1, "this folder has no floor in tools/check_floors.py")
        if path.endswith(".h"):
            self.check_guard(path, folder, text)
        if len(lines) > LONG_FILE_LINES:
            self.warnings.append(f"{path}: {len(lines)} lines: look for the second concept")
        if folder is None or folder in TOP:
            return
        for number, line in enumerate(lines, start=1):
            include = INCLUDE.match(line)
            if include:
                self.check_include(path, folder, number, *include.groups())

    def check_guard(self, path, folder, text):
        # Highway's per-target parts are included once a target, so that they have guards of their own.
        if folder == "kernels" and "HWY_TARGET_TOGGLE" in text:
            return
        directive = re.search(r"^[ \t]*#.*$", text, re.MULTILINE)
        if directive is None or directive.group().split() != ["#pragma", "once"]:
            self.violation(path, 1, "a header begins with #pragma once")

    def check_include(self, path, folder, line, system, quoted, computed):
        if computed is not None:
            self.violation(path, line, f"#include {computed} cannot be checked: name the file")
            return
        target = system or quoted
        for prefix, library, allowed in LIBRARIES:
            if prefix.match(target) and folder not in allowed:
                self.violation(path, line, f"only {', '.join(allowed)} includes {library}")
        top = target.split("/")[0]
        if top in TOP:
            self.violation(path, line, f"{folder} must not include {top}/")
        elif top in ("engine", "kernels"):
            self.check_step(path, folder, line, target)
        elif quoted and ("/" not in target or top in (".", "..")):
            self.violation(path, line, f'"{target}": name a header from the root of the tree')

    def check_step(self, path, folder, line, target):
        below = folder_of(target)
        if below is None:
            self.violation(path, line, f'"{target}" is in a folder without a floor')
        elif below == folder:
            return
        elif folder == "kernels":
            self.violation(path, line, f"kernels must not include {below}: they stand alone")
        elif FLOORS[below] > FLOORS[folder]:
            self.violation(path, line, f"{folder} (floor {FLOORS[folder]}) must not include {below} "
                                       f"(floor {FLOORS[below]})")
        elif FLOORS[below] == FLOORS[folder] and (folder, below) not in SIBLINGS:
            self.violation(path, line, f"{folder} must not include its sibling {below}")

    def check_mirrors(self):
        untested = self.read_untested()
        files = set(self.files)
        sources = {p for p in files if p.startswith(("engine/", "kernels/")) and p.endswith(".cc")}
        for source in sorted(sources):
            if mirrored_test(source) not in files and source not in untested:
                self.violation(source, 1, f"has no {mirrored_test(source)} and no line in {UNTESTED}")
        for source, line in untested.items():
            if source not in sources:
                self.violation(UNTESTED, line, f"{source} does not exist")
            elif mirrored_test(source) in files:
                self.violation(UNTESTED, line, f"{source} has a test by now")

    def read_untested(self):
        """Source -> line in the list of sources that need no test of their own."""
        listed = {}
        file = self.root / UNTESTED
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        for number, line in enumerate(lines, start=1):
            if not line.strip() or line.startswith("#"):
                continue
            source, _, reason = line.partition(":")
            if not reason.strip():
                self.violation(UNTESTED, number, f"{source} needs a reason")
            listed[source.strip()] = number
        return listed


def main(arguments):
    root = pathlib.Path(arguments[0] if arguments else ".")
    checker = Checker(root)
    if not checker.files:
        print(f"{root}: no sources here", file=sys.stderr)
        return 2
    checker.check()
    for warning in checker.warnings:
        print(f"warning: {warning}")
    for violation in checker.violations:
        print(violation)
    print(f"{len(checker.files)} files, {len(checker.violations)} violations, "
          f"{len(checker.warnings)} warnings")
    return 1 if checker.violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
