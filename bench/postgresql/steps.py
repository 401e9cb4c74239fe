"""The rows of script/bench --storage postgresql: each operation in turn with all that it is measured beside."""

import threading
import time
import uuid
from contextlib import contextmanager

import psycopg

import queries
import wrk_load
from criteria import (FEED_ENTRIES, NODE_IMPORT_ROWS, NODE_MEMORY_MB, OPERATIONS, Figure, Measurement)
from postgresql.floor import Floor
from postgresql.statements import Statements
from run import say


class Steps:
    """Loads on one set of flights. `sides` has what was made for it."""

    def __init__(self, sides, seconds, repeats, snapshot_age):
        self.sides, self.seconds, self.repeats, self.snapshot_age = sides, seconds, repeats, snapshot_age
        self.measurements, self.figures = [], []
        self.acknowledged = 0

    # MARK: Measuring.

    def alternate(self, operation, subject, *references, objects=1, note=""):
        """Runs the subject and its references in turn, so that all meet the same weather. A reference returns its rate."""
        rows = [Measurement(f"{operation}:{number}", self.sides.size, [], [], note=note) for number in range(len(references))]
        for _ in range(self.repeats):
            for row, reference in zip(rows, references):
                row.reference_rates.append(reference())
            run = subject()
            for row in rows:
                row.rates.append(run.rate * objects)
                row.p99s_ms.append(run.p99_ms)
                row.errors += run.errors
        for row in rows:
            self.keep(row)

    def keep(self, row):
        self.measurements.append(row)
        title = OPERATIONS[row.operation]
        say(f"   {title.title}: {row.rate:,.0f}/s, {row.ratio:.2f} of {title.reference}, p99 {row.p99_ms:.1f} ms")

    def figure(self, *arguments, **named):
        self.figures.append(Figure(*arguments, **named))
        say(f"   {self.figures[-1].title}: {self.figures[-1].value:,.1f} {self.figures[-1].unit}")

    def wrk(self, server, script, arguments, connections=16):
        found = wrk_load.load(server.origin, script, arguments, connections, self.seconds, server.headers)
        if found.errors and server is self.sides.fastapi:
            raise RuntimeError(f"FastAPI answered with {found.errors} errors")
        return found

    def getting(self, server, name, paths):
        file = self.sides.lines(name, paths)
        return lambda: self.wrk(server, "get.lua", [file])

    def rate(self, run):
        return lambda: run().rate

    # MARK: Reading.

    def get(self):
        sides = self.sides
        ids = sides.questions.some_ids
        node = self.getting(sides.node, "ids", [f"{sides.node.base}/objects/flight/{each}.json" for each in ids])
        self.alternate("pg-get", node, lambda: sides.pgbench.run("-S", self.seconds),
                       self.rate(self.getting(sides.fastapi, "fastapi-ids", [f"/flight/{each}.json" for each in ids])))
        with sides.node.beside("cold") as cold:
            first = wrk_load.load(cold.origin, "get.lua", [sides.lines(
                "cold-ids", [f"{cold.base}/objects/flight/{each}.json" for each in ids])], 16, 1, cold.headers)
        self.figure("GET one object, 16 connections, the first second of a node", sides.size, first.rate, "answers/s")

    def list(self):
        sides = self.sides
        path = "/objects/flight.json?limit=100"
        sides.check_list(path, "/flight.json?limit=100")
        with Statements(sides.node_address, sides.schema) as statements:
            self.alternate(
                "pg-list", self.getting(sides.node, "all", [sides.node.base + path]),
                self.rate(self.getting(sides.sqlite, "sqlite-all", [sides.sqlite.base + path])),
                lambda: statements.unfiltered(self.seconds),
                self.rate(self.getting(sides.fastapi, "fastapi-all", ["/flight.json?limit=100"])))

    def relationship(self):
        sides = self.sides
        planes = sides.questions.busy_planes

        def listing(plane):
            return f"/objects/flight.json?q[plane_id]={plane}&sort[scheduled_departure]=-1&limit=100"
        sides.check_list(listing(planes[0]), f"/flight.json?limit=100&plane_id={planes[0]}")
        with Statements(sides.node_address, sides.schema) as statements:
            keys = [uuid.UUID(each) for each in planes]
            self.alternate(
                "pg-relationship", self.getting(sides.node, "planes", [sides.node.base + listing(each) for each in planes]),
                self.rate(self.getting(sides.sqlite, "sqlite-planes",
                                       [sides.sqlite.base + listing(each) for each in planes])),
                lambda: statements.by_plane(keys, self.seconds),
                self.rate(self.getting(sides.fastapi, "fastapi-planes",
                                       [f"/flight.json?limit=100&plane_id={each}" for each in planes])))

    def oplog(self):
        rates = sorted(queries.feed_rate(self.sides.node, self.seconds) for _ in range(self.repeats))
        self.figure("oplog.json in pages of 1000, one reader", self.sides.size, rates[len(rates) // 2], "entries/s",
                    at_least=FEED_ENTRIES)

    # MARK: Writing.

    def creating(self, server, connections, objects=1):
        base = getattr(server, "base", "")
        one = base + "/objects/flight.json" if base else "/flight.json"
        path = base + "/batch.json" if objects > 1 else one

        def run():
            found = self.wrk(server, "create.lua", [self.sides.bodies, path, objects], connections)
            if server is not self.sides.fastapi:
                self.acknowledged += found.requests * objects - found.errors
            return found
        return run

    def create(self, connections):
        sides = self.sides
        self.alternate(
            f"pg-create-{connections}", self.creating(sides.node, connections),
            lambda: sides.pgbench.run("-N", self.seconds), self.rate(self.creating(sides.fastapi, connections)))

    def create_1_and_batch(self, wanted):
        sides = self.sides
        with Floor(sides.cluster, sides.shape, sides.header, sides.rows) as floor:
            if "create-1" in wanted:
                self.alternate("pg-create-1", self.creating(sides.node, 1), lambda: floor.rate(1, self.seconds))
            if "batch" in wanted:
                fastapi = self.creating(sides.fastapi, 4, 100)
                self.alternate("pg-batch", self.creating(sides.node, 4, 100), lambda: floor.rate(100, self.seconds),
                               lambda: fastapi().rate * 100, objects=100)

    def nodes(self):
        """Both at once, half of the connections each: rates are added, of percentiles the worse one counts."""
        sides = self.sides
        with sides.node.beside("second") as second:
            for connections in (16, 64):
                halves = [self.creating(server, connections // 2) for server in (sides.node, second)]
                self.alternate(f"pg-nodes-{connections}", lambda: at_once(halves),
                               self.rate(self.creating(sides.node, connections)))

    def snapshot(self):
        """Runs before the snapshot and after it, and in between, when it is old enough; while it grows old four
        connections write."""
        run = self.creating(self.sides.node, 16)
        row = Measurement("pg-snapshot:0", self.sides.size, [], [], note=f"{self.snapshot_age} s old")

        def without():
            for _ in range(self.repeats):
                row.reference_rates.append(run().rate)
        without()
        with old_snapshot(self.sides.node_address, self.sides.schema):
            end = time.monotonic() + self.snapshot_age
            aging = self.creating(self.sides.node, 4)
            while time.monotonic() < end:
                aging()
                time.sleep(self.seconds)
            for _ in range(self.repeats):
                found = run()
                row.rates.append(found.rate)
                row.p99s_ms.append(found.p99_ms)
                row.errors += found.errors
        without()
        self.keep(row)

    # MARK: The node itself.

    def imported(self, seconds):
        self.figure("import of flights", self.sides.size, self.sides.size / seconds, "flights/s",
                    at_least=NODE_IMPORT_ROWS)

    def memory(self):
        now, highest = self.sides.node.resident_mb()
        self.figure("resident memory of a node after all of it", self.sides.size, now, "MB", at_most=NODE_MEMORY_MB,
                    note=f"highest {highest:.0f} MB")

    def check_stored(self, before):
        stored = self.sides.node.count() - before
        if stored < self.acknowledged:
            raise RuntimeError(f"{self.acknowledged} creates were acknowledged, and {stored} are there")
        say(f"   {self.acknowledged:,} creates acknowledged, {stored:,} stored")


def at_once(runs):
    """One run of several loads side by side."""
    found = [None] * len(runs)

    def keep(index):
        found[index] = runs[index]()
    threads = [threading.Thread(target=keep, args=[index]) for index in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if None in found:
        raise RuntimeError("one of several loads failed")
    return wrk_load.Run(rate=sum(each.rate for each in found), p50_ms=max(each.p50_ms for each in found),
                        p99_ms=max(each.p99_ms for each in found), errors=sum(each.errors for each in found),
                        requests=sum(each.requests for each in found))


@contextmanager
def old_snapshot(address, schema):
    """Holds one from here on, as a long report or a dump does."""
    with psycopg.connect(address) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute(f"SELECT count(*) FROM {schema}.commits")
        yield
        connection.rollback()
