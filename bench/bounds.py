"""What a build must reach against the one before it, as one table, and the judgement of each row."""

from dataclasses import dataclass
from typing import Optional

MEMORY_MB, MEMORY_SLOW_MB = 55.0, 60.0


@dataclass(frozen=True)
class Bound:
    """Bounds on the ratios of a row; None where there is none."""

    rate_at_least: Optional[float] = None
    processor_at_most: Optional[float] = None

    def __str__(self):
        if self.rate_at_least is not None:
            return f"rate ≥ {self.rate_at_least:g}"
        return f"processor time ≤ {self.processor_at_most:g}"

    def is_met(self, rate, processor):
        """Of medians of ratios; a processor ratio that could not be taken meets no bound on it."""
        if self.rate_at_least is not None and rate < self.rate_at_least:
            return False
        return self.processor_at_most is None or (processor is not None and processor <= self.processor_at_most)


BOUNDS = {
    "relationship": Bound(rate_at_least=2.0),
    "list": Bound(rate_at_least=1.3),
    "delta": Bound(rate_at_least=1.5),
    "get": Bound(rate_at_least=1.15),
    "oplog": Bound(rate_at_least=1.2),
    "create": Bound(processor_at_most=1.03),
    "create-1": Bound(processor_at_most=1.03),
    "batch": Bound(processor_at_most=1.03),
    "import": Bound(processor_at_most=1.03),
}
