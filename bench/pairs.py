"""The arithmetic of comparing two builds: their order, the processor's time, ratios of pairs."""

from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import List, Optional

from bounds import BASELINE, Bound

THIS, OTHER = "this", "other"


def order(pairs):
    """Which side runs first in each pair: A B, B A, A B … A drift of the machine meets both sides alike."""
    return [(THIS, OTHER) if n % 2 == 0 else (OTHER, THIS) for n in range(pairs)]


def processor_seconds(stat, ticks_per_second):
    """User and system time of a process and its threads, from what /proc/PID/stat holds.

    The second field is the program's name in parentheses, which may hold blanks and parentheses itself.
    """
    fields = stat[stat.rindex(")") + 1:].split()
    return (int(fields[11]) + int(fields[12])) / ticks_per_second


@dataclass
class Spread:
    """The median of some ratios and the quartiles around it."""

    median: float
    low: float
    high: float

    def as_json(self):
        return {"median": round(self.median, 4), "quartiles": [round(self.low, 4), round(self.high, 4)]}

    def __str__(self):
        return f"{self.median:.3f} ({self.low:.3f}–{self.high:.3f})"


def spread(values):
    if not values:
        raise ValueError("there are no pairs")
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return Spread(middle, low, high)


@dataclass
class Sample:
    """One run of one side."""

    rate: float  # operations a second
    processor_us: float  # the server's processor time for each operation

    @staticmethod
    def of(operations, seconds, processor):
        if operations <= 0 or seconds <= 0:
            raise ValueError("a run did nothing")
        return Sample(operations / seconds, processor / operations * 1e6)


@dataclass
class Comparison:
    """One operation: the runs of both sides, the n-th of one beside the n-th of the other."""

    operation: str
    title: str
    unit: str
    this: List[Sample] = field(default_factory=list)
    other: List[Sample] = field(default_factory=list)
    bound: Optional[Bound] = None  # none where the row is not judged

    def add(self, side, sample):
        (self.this if side == THIS else self.other).append(sample)

    def _ratios(self, value):
        return [value(this) / value(other) for this, other in zip(self.this, self.other) if value(other) > 0]

    @property
    def rate_ratio(self):
        """This build's rate by the other's."""
        return spread(self._ratios(lambda run: run.rate))

    @property
    def processor_ratio(self):
        """This build's processor time for an operation by the other's; None where runs were too short for the clock."""
        ratios = self._ratios(lambda run: run.processor_us)
        return spread(ratios) if ratios else None

    @property
    def met(self):
        """Whether the median keeps to the bound; None without one."""
        if self.bound is None:
            return None
        ratio = self.processor_ratio if self.bound.rate_at_least is None else self.rate_ratio
        return self.bound.met(ratio.median if ratio else None)

    def __str__(self):
        return f"rate {self.rate_ratio}, processor time {self.processor_ratio}{verdict(self, ', ')}"

    def as_json(self):
        def runs(samples):
            return [{"rate": round(run.rate, 1), "processor_us": round(run.processor_us, 3)} for run in samples]
        processor = self.processor_ratio
        return {"operation": self.operation, "title": self.title, "unit": self.unit,
                "this": runs(self.this), "other": runs(self.other), "rate_ratio": self.rate_ratio.as_json(),
                "processor_ratio": processor.as_json() if processor else None, **judgement(self)}

    def as_row(self):
        rates = [median(run.rate for run in runs) for runs in (self.this, self.other)]
        times = [median(run.processor_us for run in runs) for runs in (self.this, self.other)]
        return (f"| {self.title} | {rates[0]:,.0f} {self.unit} | {rates[1]:,.0f} | {self.rate_ratio} "
                f"| {times[0]:,.1f} µs | {times[1]:,.1f} µs | {self.processor_ratio or ''} | {verdict(self)} |")


@dataclass
class Memory:
    """What both servers held, in MB. The bound is on this build's alone."""

    operation: str
    title: str
    this: float
    other: float
    bound: Optional[Bound] = None

    @property
    def met(self):
        return self.bound.met(self.this) if self.bound else None

    def __str__(self):
        return f"{self.this:.1f} MB, {self.other:.1f} MB{verdict(self, ', ')}"

    def as_json(self):
        return {"operation": self.operation, "title": self.title, "unit": "MB", "this": round(self.this, 2),
                "other": round(self.other, 2), **judgement(self)}

    def as_row(self):
        return f"| {self.title} | {self.this:.1f} MB | {self.other:.1f} | | | | | {verdict(self)} |"


def judgement(row):
    return {"bound": row.bound.as_json() if row.bound else None, "met": row.met}


def verdict(row, before=""):
    """The bound and whether it was met; nothing where the row is not judged."""
    if row.bound is None:
        return ""
    return f"{before}{row.bound}: {'met' if row.met else '**not met**'}"


def markdown(rows, this, other):
    lines = [f"| operation | {this} | {other} | rate, ratio | processor time | of {other} | ratio | bound |",
             "|---|---:|---:|---:|---:|---:|---:|---|"]
    lines += [each.as_row() for each in rows]
    pairs = max((len(each.this) for each in rows if isinstance(each, Comparison)), default=0)
    lines += ["", f"Medians of {pairs} pairs, in parentheses the quartiles of the ratios. A ratio above 1 is more for "
                  f"{this}: of a rate better, of processor time worse."]
    if not other.startswith(BASELINE):
        lines.append(f"The bounds were set for a comparison with {BASELINE}, not with {other}.")
    return "\n".join(lines)
