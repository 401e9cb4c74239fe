"""The rows of script/bench --against COMMIT in the order in which they run, and what each must reach."""

from dataclasses import dataclass
from typing import Optional

from criteria import OPERATIONS

# What the bounds compare with. Beside another commit they say how far it is from there, and no more.
BASELINE = "c1888f8"
YEAR = 336_776


@dataclass(frozen=True)
class Bound:
    """What one row must reach. One of the first three is set."""

    rate_at_least: Optional[float] = None  # by the other build's
    processor_at_most: Optional[float] = None  # for one operation, by the other build's
    mb_at_most: Optional[float] = None  # of this build alone
    flights: Optional[int] = None  # judged on so many flights alone

    def judges(self, flights):
        return self.flights is None or self.flights == flights

    def met(self, value):
        """None where there was nothing to measure, which is not met."""
        if value is None:
            return False
        if self.rate_at_least is not None:
            return value >= self.rate_at_least
        return value <= (self.processor_at_most if self.mb_at_most is None else self.mb_at_most)

    def as_json(self):
        return {"rate_at_least": self.rate_at_least, "processor_at_most": self.processor_at_most,
                "mb_at_most": self.mb_at_most, "flights": self.flights}

    def __str__(self):
        if self.rate_at_least is not None:
            text = f"rate ≥ {self.rate_at_least:g}"
        elif self.processor_at_most is not None:
            text = f"processor ≤ {self.processor_at_most:g}"
        else:
            text = f"≤ {self.mb_at_most:g} MB"
        return text + (f" on {self.flights:,}" if self.flights else "")


@dataclass(frozen=True)
class Row:
    title: str
    unit: str
    bound: Bound


def listed(operation, bound):
    """A row under the title that the operation has in the benchmark of one build."""
    return Row(OPERATIONS[operation].title, OPERATIONS[operation].unit, bound)


# What only reads before what writes, memory when the writes are over. `import` has servers of its own.
ROWS = {
    "get": listed("get", Bound(rate_at_least=1.15)),
    "list": listed("list", Bound(rate_at_least=1.3, flights=YEAR)),
    "relationship": Row("list of 100 inspections of a site with total, 16 connections", "answers/s",
                        Bound(rate_at_least=2)),
    "oplog": Row("oplog.json in pages of 1000, one reader", "entries/s", Bound(rate_at_least=1.2)),
    "delta": listed("delta", Bound(rate_at_least=1.5)),
    "create": listed("create", Bound(processor_at_most=1.03)),
    "create-1": listed("create-1", Bound(processor_at_most=1.03)),
    "batch": listed("batch", Bound(processor_at_most=1.03)),
    "memory": Row("resident memory after all of it", "MB", Bound(mb_at_most=55)),
    "memory-slow": Row("highest resident memory while 50 slow clients read limit=1000", "MB", Bound(mb_at_most=60)),
    "import": Row("import of flights", "flights/s", Bound(processor_at_most=1.03)),
}
