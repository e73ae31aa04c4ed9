#!/usr/bin/env python3
"""Runs end-to-end tests of the programs.

usage: run.py --program GTENGINE [--tracegen TRACEGEN] [--corpus FOLDER] [MODULE[.CLASS[.TEST]]...]

Without names all test_*.py beside this file are run. Needs nothing but Python 3.
"""

import argparse
import os
import pathlib
import sys
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--tracegen", help="by default beside the program")
    parser.add_argument("--example", help="by default beside the program")
    parser.add_argument("--corpus", default=FOLDER.parent.parent / "corpus")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    # Absolute: tests run in folders of their own.
    os.environ["GTENGINE_PROGRAM"] = os.path.abspath(arguments.program)
    tracegen = arguments.tracegen or pathlib.Path(arguments.program).with_name("tracegen")
    os.environ["GTENGINE_TRACEGEN"] = os.path.abspath(tracegen)
    example = arguments.example or pathlib.Path(arguments.program).with_name("example_report")
    os.environ["GTENGINE_EXAMPLE"] = os.path.abspath(example)
    os.environ["GTENGINE_CORPUS"] = os.path.abspath(arguments.corpus)
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(FOLDER))
    loader = unittest.defaultTestLoader
    if arguments.names:
        suite = loader.loadTestsFromNames(arguments.names)
    else:
        suite = loader.discover(str(FOLDER), top_level_dir=str(FOLDER))
    result = unittest.TextTestRunner(verbosity=2 if arguments.verbose else 1).run(suite)
    # A name without a test is a mistake, never a success.
    sys.exit(0 if result.wasSuccessful() and result.testsRun > 0 else 1)


if __name__ == "__main__":
    main()
