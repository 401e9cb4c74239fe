"""What must be reached, as one table, and the judgement of a measurement against it."""

from dataclasses import dataclass, field
from statistics import median
from typing import List, Optional

P99_MS = 15.0
MEMORY_MB = 60.0
IMPORT_ROWS = 15_000.0
FEED_ENTRIES = 100_000.0
SAME_WITHIN = 0.20
UPLOADS = 100.0
LARGE_FILE_MB = 80.0
DELIVERIES = 2_000.0
STEADY_WRITES = 500
LAG_MS = 1_000.0
SEARCH_MS = 30.0
PAGE_BY_DATASETTE = 10.0
PAGE_BY_POCKETBASE = 2.0
# Of pages over a million flights, while others write.
TABLE_P50_MS, TABLE_P99_MS = 10.0, 50.0
OBJECT_MS = 20.0
PICK_P99_MS = 100.0
UNINDEXED_MS = 1_000.0
PAGE_KIB = 20.0
WRITING_MS = 0.3
STYLE_KIB = 30.0
PHONE_MS = 1_500.0
TABLES_MIB = 32.0
EXPORT_ROWS = 50_000.0
EXPORT_MIB = 32.0
EXPORT_BY_DATASETTE, EXPORT_LINKED_BY_DATASETTE = 10.0, 3.0
EXPORT_BY_POCKETBASE = 5.0


def upload_memory_mb(body):
    """The memory that uploads may take at most, in MB, where `body` is the size of one request's body."""
    return 3 * body / 1e6 + MEMORY_MB


@dataclass(frozen=True)
class Operation:
    """A line of the table. `at_least` is the share of the reference that must be reached, if any."""

    title: str
    unit: str
    reference: Optional[str] = None
    at_least: Optional[float] = None
    p99_counts: bool = True


ON_SQLITE = {
    "get": Operation("GET one object, 16 connections", "answers/s", "nginx", 0.35),
    "list": Operation("list of 100 with total, a busy plane, 16 connections", "answers/s", "nginx", 0.08),
    "list-airline": Operation("list of 100 with total, the largest airline, 16 connections", "answers/s",
                              "nginx", None, p99_counts=False),
    "get-https": Operation("GET one object over HTTPS, 16 connections", "answers/s", "plain HTTP", None,
                           p99_counts=False),
    "list-https": Operation("list of 100 over HTTPS, a busy plane, 16 connections", "answers/s",
                            "plain HTTP", None, p99_counts=False),
    "create": Operation("create, 16 connections", "objects/s", "floor, 1 row a transaction", 2.0),
    "create-1": Operation("create, 1 connection", "objects/s", "floor, 1 row a transaction", 0.75),
    "batch": Operation("batch of 100 creates, 4 connections", "objects/s",
                       "floor, 100 rows a transaction", 0.5),
    "query": Operation("query.json: two indexed conditions, sorted, limit 100, 16 connections", "answers/s",
                       "the same list by GET filters", 0.9),
    "cursor": Operation("list of 100 behind the cursor of page 3000, 16 connections", "answers/s", "page 1",
                        1 - SAME_WITHIN),
    "include": Operation("list of 100 with three relationships included, 16 connections", "answers/s",
                         "the list without", 0.5),
    "hook-create": Operation("create beside an enabled webhook, 16 connections", "objects/s",
                             "the webhook disabled", 0.9),
    "search-create": Operation("create while an index of searches is kept, 16 connections", "objects/s",
                               "without one", 0.95, p99_counts=False),
    "delta": Operation("1000 changed flights by q[_updated_at.gt], 4 connections", "answers/s",
                       "the same on 10,000", 1 - SAME_WITHIN, p99_counts=False),
    "limit-1": Operation("unfiltered list with total, limit=1, 16 connections", "answers/s",
                         "the same on 10,000", 1 - SAME_WITHIN),
    "page-datasette": Operation("page with a table of 30 flights, 16 connections", "answers/s",
                                "Datasette's page of 30", PAGE_BY_DATASETTE, p99_counts=False),
    "page-pocketbase": Operation("page with a table of 30 flights, 16 connections", "answers/s",
                                 "PocketBase's JSON list of 30", PAGE_BY_POCKETBASE, p99_counts=False),
    "page-datasette-linked": Operation("… with the names of four other objects in each row", "answers/s",
                                       "Datasette's page of 30", PAGE_BY_DATASETTE, p99_counts=False),
    "page-pocketbase-linked": Operation("… with the names of four other objects in each row", "answers/s",
                                        "PocketBase's JSON list of 30", PAGE_BY_POCKETBASE, p99_counts=False),
    "export-datasette": Operation("export as CSV for programs, one browser", "flights/s",
                                  "Datasette's CSV stream", EXPORT_BY_DATASETTE, p99_counts=False),
    "export-datasette-linked": Operation("export as CSV for spreadsheets, with the names of four other objects",
                                         "flights/s", "Datasette's CSV stream with labels",
                                         EXPORT_LINKED_BY_DATASETTE, p99_counts=False),
    "export-pocketbase": Operation("export as NDJSON, one browser", "flights/s",
                                   "PocketBase's JSON list in pages of 1000", EXPORT_BY_POCKETBASE,
                                   p99_counts=False),
    "download": Operation("download of a 1 MB attachment, 16 connections", "answers/s", "nginx", 0.7,
                          p99_counts=False),
}


def beside(title, unit, *references):
    """One operation beside several references, each with its own bound: keys are the operation's and the reference's."""
    return [Operation(title, unit, name, at_least, p99_counts=False) for name, at_least in references]


PGBENCH_READS, PGBENCH_WRITES = "pgbench -S, 16 clients", "pgbench -N, 16 clients"
FASTAPI, SQLITE, PSYCOPG = "FastAPI, two workers", "this build on SQLite", "the same two statements by psycopg"
NODE_MEMORY_MB = 80.0
NODE_IMPORT_ROWS = 10_000.0

# Each operation beside all its references, which are told apart by their number.
ON_POSTGRESQL = {
    f"{name}:{number}": each
    for name, rows in {
        "pg-get": beside("GET one object, 16 connections, displays warm", "answers/s", (PGBENCH_READS, 0.5), (FASTAPI, 4)),
        "pg-list": beside("list of 100 with total, unfiltered, 16 connections", "answers/s",
                          (SQLITE, 0.4), (PSYCOPG, 0.7), (FASTAPI, 4)),
        "pg-relationship": beside("list of 100 with total, a busy plane, 16 connections", "answers/s",
                                  (SQLITE, 0.4), (PSYCOPG, 0.7), (FASTAPI, 4)),
        "pg-create-16": beside("create, 16 connections", "objects/s", (PGBENCH_WRITES, 1.5), (FASTAPI, 3)),
        "pg-create-64": beside("create, 64 connections", "objects/s", (PGBENCH_WRITES, 2.5), (FASTAPI, 3)),
        "pg-create-1": beside("create, 1 connection", "objects/s", ("floor, 1 row a transaction", 0.6)),
        "pg-batch": beside("batch of 100 creates, 4 connections", "objects/s",
                           ("floor, 100 rows a transaction", 0.6), (FASTAPI, 2)),
        "pg-nodes-16": beside("two nodes, create, 16 connections in all", "objects/s", ("one node", 0.75)),
        "pg-nodes-64": beside("two nodes, create, 64 connections in all", "objects/s", ("one node", 0.8)),
        "pg-snapshot": beside("create, 16 connections, beside an old snapshot", "objects/s", ("without one", 0.8)),
    }.items()
    for number, each in enumerate(rows)
}

OPERATIONS = {**ON_SQLITE, **ON_POSTGRESQL}


@dataclass
class Measurement:
    """One operation at one size: the rates of its runs beside those of its reference."""

    operation: str
    flights: Optional[int]  # None where they play no part
    rates: List[float]
    p99s_ms: List[float]
    reference_rates: List[float] = field(default_factory=list)
    reference_p99s_ms: List[float] = field(default_factory=list)
    errors: int = 0
    note: str = ""

    @property
    def rate(self):
        return median(self.rates)

    @property
    def p99_ms(self):
        return median(self.p99s_ms)

    @property
    def ratio(self):
        if not self.reference_rates:
            return None
        reference = median(self.reference_rates)
        return self.rate / reference if reference else None

    def shortcomings(self):
        """What keeps this measurement from being a pass, as phrases; none when it is one."""
        operation, found = OPERATIONS[self.operation], []
        if self.errors:
            found.append(f"{self.errors} errors")
        if operation.at_least is not None and self.ratio is not None and self.ratio < operation.at_least:
            found.append("ratio")
        if operation.p99_counts and self.p99_ms > P99_MS:
            found.append(f"p99 above {P99_MS:g} ms")
        return found

    def as_json(self):
        operation = OPERATIONS[self.operation]
        shortcomings = self.shortcomings()
        return {
            "operation": self.operation, "title": operation.title, "flights": self.flights,
            "unit": operation.unit, "rate": round(self.rate, 1),
            "rates": [round(each, 1) for each in self.rates], "p99_ms": round(self.p99_ms, 3),
            "p99s_ms": [round(each, 3) for each in self.p99s_ms],
            "reference": operation.reference if self.reference_rates else None,
            "reference_rate": round(median(self.reference_rates), 1) if self.reference_rates else None,
            "reference_rates": [round(each, 1) for each in self.reference_rates],
            "reference_p99_ms": round(median(self.reference_p99s_ms), 3) if self.reference_p99s_ms else None,
            "ratio": round(self.ratio, 4) if self.ratio is not None else None,
            "at_least": operation.at_least, "errors": self.errors, "passed": not shortcomings,
            "shortcomings": shortcomings, "note": self.note,
        }


@dataclass
class Figure:
    """A single number with its own bound: memory, or the speed of the import."""

    title: str
    flights: Optional[int]
    value: float
    unit: str
    at_most: Optional[float] = None
    at_least: Optional[float] = None
    note: str = ""

    @property
    def passed(self):
        return ((self.at_most is None or self.value <= self.at_most)
                and (self.at_least is None or self.value >= self.at_least))

    def as_json(self):
        return {"title": self.title, "flights": self.flights, "value": round(self.value, 2),
                "unit": self.unit, "at_most": self.at_most, "at_least": self.at_least,
                "passed": self.passed, "note": self.note}
