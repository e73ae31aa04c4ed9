#!/usr/bin/env python3
"""Sums CTest's JUnit files: prints "N passed, N failed", and ", N skipped" when there are any.

usage: count_tests.py [--broken N] FILE...

A file that is missing, cannot be read or holds no test counts as one failure, and so do the N steps
that broke outside CTest. Exits with 1 when anything failed.
"""

import argparse
import sys
import xml.etree.ElementTree as ElementTree


def count(path):
    """(passed, failed, skipped) of one file."""
    try:
        cases = ElementTree.parse(path).getroot().findall(".//testcase")
    except (OSError, ElementTree.ParseError):
        return 0, 1, 0
    passed = failed = skipped = 0
    for case in cases:
        status = case.get("status")
        reason = case.find("skipped")
        if status == "run" and case.find("failure") is None and reason is None:
            passed += 1
        elif status == "disabled" or (
            reason is not None and reason.get("message", "").startswith("SKIP_")
        ):
            skipped += 1
        else:  # failed, crashed, timed out, or its program was not built
            failed += 1
    return (passed, failed, skipped) if cases else (0, 1, 0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--broken", type=int, default=0)
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    counts = [count(path) for path in arguments.files]
    passed, failed, skipped = (sum(column) for column in zip((0, arguments.broken, 0), *counts))
    summary = f"{passed} passed, {failed} failed"
    if skipped:
        summary += f", {skipped} skipped"
    print(summary)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
