"""The suite's results, as one Markdown table after the other and as JSON."""

import dataclasses
import json

import spread

SCHEMA = "gtengine.bench"
SCHEMA_VERSION = 1


def seconds(value):
    if value >= 1:
        return f"{value:.2f} s"
    return f"{value * 1e3:.3g} ms" if value >= 1e-3 else f"{value * 1e6:.3g} us"


def size(value):
    for unit, name in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if value >= unit:
            return f"{value / unit:.3g} {name}"
    return f"{value} B"


def three_digits(value):
    """Three significant digits, without an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def rate(value, unit):
    for scale, prefix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= scale:
            return f"{three_digits(value / scale)} {prefix}{unit}".rstrip()
    return f"{three_digits(value)} {unit}".rstrip()


# Unit -> how a value is shown. JSON has the values as they are, in the base unit.
UNITS = {
    "text": str,
    "seconds": seconds,
    "bytes": size,
    "count": "{:,}".format,
    "events/s": lambda value: rate(value, ""),
    "bytes/s": lambda value: rate(value, "B"),
    "ns": three_digits,
    "cycles": three_digits,
    "share": lambda value: f"{value:.0%}",
}


@dataclasses.dataclass
class Column:
    id: str
    heading: str
    unit: str


@dataclasses.dataclass
class Section:
    id: str
    title: str
    columns: list
    rows: list = dataclasses.field(default_factory=list)  # dicts by column id; None: not known
    notes: list = dataclasses.field(default_factory=list)

    def used_columns(self):
        """Those for which some row has a value."""
        return [c for c in self.columns if any(row.get(c.id) is not None for row in self.rows)]


@dataclasses.dataclass
class Ratio:
    id: str
    what: str
    value: spread.Spread
    rounds: int


class Results:
    def __init__(self, machine, command):
        self.machine = machine
        self.command = command
        self.sections = []
        self.ratios = []
        self.left_out = []  # sentences

    def add_ratio(self, identity, what, above, below):
        """The ratio of two lists of values, each taken in the same rounds."""
        self.ratios.append(Ratio(identity, what, spread.paired_ratio(above, below), len(above)))

    def to_json(self):
        return json.dumps(
            {
                "schema": SCHEMA,
                "schema_version": SCHEMA_VERSION,
                "command": self.command,
                "machine": self.machine,
                "ratios": [
                    {"id": r.id, "what": r.what, **dataclasses.asdict(r.value), "rounds": r.rounds}
                    for r in self.ratios
                ],
                "sections": [
                    {
                        "id": section.id,
                        "title": section.title,
                        "columns": [dataclasses.asdict(column) for column in section.columns],
                        "rows": section.rows,
                        "notes": section.notes,
                    }
                    for section in self.sections
                ],
                "left_out": self.left_out,
            },
            indent=1,
        )

    def to_markdown(self):
        parts = ["# Bench", "`" + self.command + "`"]
        parts.append(table(["machine", ""], [[name, text] for name, text in self.machine.items()]))
        if self.ratios:
            parts.append("## Ratios")
            parts.append(self.ratio_table())
        for section in self.sections:
            parts.append("## " + section.title)
            parts.append(section_table(section))
            parts += section.notes
        if self.left_out:
            parts.append("## Left out")
            parts.append("\n".join("- " + sentence for sentence in self.left_out))
        return "\n\n".join(parts) + "\n"

    def ratio_table(self):
        rows = [
            [r.what, f"{r.value.median:.2f}", f"{r.value.low:.2f} to {r.value.high:.2f}", str(r.rounds)]
            for r in self.ratios
        ]
        return table(["ratio", "median", "quartiles", "rounds"], rows)


def section_table(section):
    columns = section.used_columns()
    rows = []
    for row in section.rows:
        values = [(column, row.get(column.id)) for column in columns]
        rows.append(["" if value is None else UNITS[column.unit](value) for column, value in values])
    return table([column.heading for column in columns], rows)


def table(headings, rows):
    """A Markdown table: the first column to the left, the others to the right."""
    rule = ["---"] + ["---:"] * (len(headings) - 1)
    lines = [headings, rule, *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
