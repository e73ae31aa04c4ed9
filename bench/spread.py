"""Medians and what lies around them."""

import dataclasses
import statistics


@dataclasses.dataclass
class Spread:
    """A median, and the quartiles around it (of fewer than four values, the least and the greatest)."""

    median: float
    low: float
    high: float

    def relative(self):
        """Width from quartile to quartile, as a share of the median."""
        return (self.high - self.low) / self.median if self.median else 0.0


def spread(values):
    values = sorted(values)
    if len(values) < 4:
        return Spread(statistics.median(values), values[0], values[-1])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high)


def paired_ratio(above, below):
    """The spread of above/below, each taken within one round, so that slow stretches of the machine
    meet both."""
    if len(above) != len(below):
        raise ValueError("both must have run in the same rounds")
    return spread([a / b for a, b in zip(above, below)])
