"""Damaged traces: the verdicts of gtengine verify and the traces of gtengine repair, held against Go's
reader."""

import json
import random
import subprocess


def damage(chance, content):
    """Some bytes lost, changed or written over, or the end cut off."""
    bad = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randrange(16, len(bad))
        length = chance.choice((1, 1, 8, 100, 5000))
        kind = chance.randrange(4)
        if kind == 0:
            bad[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            bad[at : at + length] = chance.randbytes(length)
        elif kind == 2:
            del bad[at : at + length]
        else:
            del bad[max(at, 1000) :]
    return bytes(bad)


def counts(goref, paths):
    """What Go's reader says of each: events, and the error or ""."""
    lines = subprocess.run(
        [goref, "-count", *paths], stdout=subprocess.PIPE, check=True
    ).stdout.decode(errors="replace").splitlines()
    found = []
    for _, line in zip(paths, lines, strict=True):
        events, _, error = line.partition("\t")
        found.append((int(events), error))
    return found


def check(program, goref, traces, folder, rounds):
    """Number of damaged traces, of repaired ones, and problems. `traces` are whole, of formats from 22
    on."""
    folder.mkdir()
    chance = random.Random(1)
    bad = []
    for trace in traces:
        content = trace.read_bytes()
        for round in range(rounds):
            path = folder / f"{trace.parent.parent.name}-{trace.stem}-{round}.trace"
            path.write_bytes(damage(chance, content))
            bad.append(path)
    completed = subprocess.run(
        [program, "verify", *bad, "--all", "--format", "json", "-q"], stdout=subprocess.PIPE
    )
    (report,) = json.loads(completed.stdout)["reports"]
    rows = {row["trace"]: row for row in report["tables"]["traces"]["rows"]}
    problems = []
    for path, (events, error) in zip(bad, counts(goref, bad)):
        row = rows[str(path)]
        is_whole = row["verdict"] == "whole"
        # A table that ends where a number must begin is an end for Go's reader, and no error.
        if is_whole and error or is_whole and row["kept_events"] != events:
            problems.append(f"{path.name}: whole, with {row['kept_events']} events; Go's reader: {events} {error}")
        if not is_whole and not error and row["kept_events"] >= events:
            problems.append(f"{path.name}: damaged, but Go's reader reads {events} events")
    for path in bad:
        subprocess.run(
            [program, "repair", path, "-q", "-o", folder / "repaired"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    repaired = sorted((folder / "repaired").iterdir())
    for path, (events, error) in zip(repaired, counts(goref, repaired)):
        if error or events == 0:
            problems.append(f"{path.name}: repaired, but Go's reader says: {events} {error}")
    return len(bad), len(repaired), problems
