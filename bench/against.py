"""script/bench --against COMMIT: this build beside another one, on the same data and in turn."""

import argparse
import json
import os
import shutil
import sys
import time

import flights
import pairs
import queries
import report
import wrk_load
from criteria import OPERATIONS
from run import ROOT, SCHEMA, SMALL, YEAR, say
from sojourn_server import Sojourn

# In the order in which they run: what only reads before what writes.
ROWS = ["get", "list", "oplog", "delta", "create", "create-1", "batch", "import"]
TITLES = {"import": ("import of flights", "flights/s"), "oplog": ("oplog.json in pages of 1000, one reader", "entries/s")}


class Against:
    def __init__(self, arguments):
        self.arguments = arguments
        self.folder = os.path.join(os.path.abspath(arguments.work_dir), "against")
        os.makedirs(self.folder, exist_ok=True)
        self.binaries = {pairs.THIS: arguments.binary, pairs.OTHER: arguments.other}
        self.header, rows = flights.year_rows(arguments.year)
        self.rows = rows if arguments.size == YEAR else flights.sample(self.header, rows, arguments.size)
        self.questions = flights.Questions(self.header, self.rows)
        self.csv = os.path.join(self.folder, "flights.csv")
        flights.write(self.csv, self.header, self.rows)

    def server(self, side, name):
        return Sojourn(self.binaries[side], os.path.join(self.folder, name), SCHEMA)

    def prepare(self):
        """The other build loads the flights, and each side gets a copy: data goes from builds to later ones."""
        say(f"== importing {len(self.rows):,} flights")
        origin = self.server(pairs.OTHER, "origin")
        self.fill(origin)
        for side in self.binaries:
            copy = os.path.join(self.folder, side)
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(origin.folder, copy, ignore=lambda _, names: [n for n in names if n.endswith(".sock")])
        shutil.rmtree(origin.folder)

    def fill(self, server):
        server.create()
        with server:
            self.load_others(server)
            server.load("flight", self.csv)

    def load_others(self, server):
        for model in ("airline", "airport", "plane"):
            server.load(model, os.path.join(self.arguments.year, f"{model}s.csv"))

    def run(self):
        self.prepare()
        compared = []
        with self.server(pairs.THIS, pairs.THIS) as this, self.server(pairs.OTHER, pairs.OTHER) as other:
            servers = {pairs.THIS: this, pairs.OTHER: other}
            for row in ROWS:
                if row in self.arguments.only:
                    compared.append(self.compare(row, {side: self.load(row, server) for side, server in servers.items()}))
        return compared

    def compare(self, row, loads):
        title, unit = TITLES.get(row) or (OPERATIONS[row].title, OPERATIONS[row].unit)
        found = pairs.Comparison(row, title, unit)
        for load in loads.values():
            load()  # once before it counts: caches are cold, statements unprepared
        for first, second in pairs.order(self.arguments.pairs):
            for side in (first, second):
                found.add(side, loads[side]())
        say(f"   {row}: rate {found.rate_ratio}, processor time {found.processor_ratio}")
        return found

    def load(self, row, server):
        """A function that runs the load once and returns its sample."""
        if row == "import":
            return lambda: self.imported(server)
        if row == "oplog":
            return lambda: self.measured(server, lambda: queries.feed_rate(server, self.arguments.seconds))
        if row == "delta":
            path = queries.delta(queries.change_some(server, self.questions.some_ids))
            return self.getting(server, "delta", [path], 4)
        if row == "get":
            return self.getting(server, row, [f"/objects/flight/{each}.json" for each in self.questions.some_ids], 16)
        if row == "list":
            return self.getting(
                server, row, [f"/objects/flight.json?q[plane_id]={each}&sort[scheduled_departure]=-1&limit=100"
                              for each in self.questions.busy_planes], 16)
        return self.creating(server, connections={"create": 16, "create-1": 1, "batch": 4}[row],
                             objects=100 if row == "batch" else 1)

    def lines(self, server, name, lines):
        path = os.path.join(server.folder, f"bench-{name}")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def getting(self, server, name, paths, connections):
        file = self.lines(server, name, [server.base + path for path in paths])
        return lambda: self.under_wrk(server, "get.lua", [file], connections, 1)

    def creating(self, server, connections, objects):
        bodies = self.lines(server, "bodies", self.questions.bodies)
        path = server.base + ("/objects/flight.json" if objects == 1 else "/batch.json")
        return lambda: self.under_wrk(server, "create.lua", [bodies, path, objects], connections, objects)

    def under_wrk(self, server, script, arguments, connections, objects):
        before = server.processor_seconds()
        run = wrk_load.load(server.origin, script, arguments, connections, self.arguments.seconds, server.headers)
        if run.errors:
            raise RuntimeError(f"{run.errors} errors from {server.binary}")
        processor = server.processor_seconds() - before
        return pairs.Sample(run.rate * objects, processor / max(run.requests * objects, 1) * 1e6)

    def measured(self, server, load):
        """`load` returns operations a second."""
        before, began = server.processor_seconds(), time.perf_counter()
        rate = load()
        seconds = time.perf_counter() - began
        return pairs.Sample.of(rate * seconds, seconds, server.processor_seconds() - before)

    def imported(self, like):
        """All flights into a data directory of its own, by a server that was started for it."""
        server = Sojourn(like.binary, like.folder + "-import", SCHEMA)
        server.create()
        with server:
            self.load_others(server)
            before = server.processor_seconds()
            seconds = server.load("flight", self.csv)
            sample = pairs.Sample.of(len(self.rows), seconds, server.processor_seconds() - before)
            if server.count() != len(self.rows):
                raise RuntimeError(f"{server.count()} flights are there after importing {len(self.rows)}")
        shutil.rmtree(server.folder)
        return sample


def main():
    parser = argparse.ArgumentParser(prog="script/bench --against COMMIT", description=__doc__)
    parser.add_argument("--only", metavar="ROWS", default=",".join(ROWS),
                        help=f"some rows, joined by commas: {', '.join(ROWS)}")
    parser.add_argument("--pairs", type=int, default=12, help="runs of each side (default: 12)")
    parser.add_argument("--seconds", type=int, default=3, help="length of each run (default: 3)")
    parser.add_argument("--size", type=int, choices=(SMALL, YEAR), default=SMALL, help="how many flights there are")
    parser.add_argument("--json", action="store_true", help="print JSON and no table")
    for hidden in ("--binary", "--other", "--commit", "--year", "--work-dir"):
        parser.add_argument(hidden, required=True, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.only = arguments.only.split(",")
    unknown = [row for row in arguments.only if row not in ROWS]
    if unknown:
        parser.error(f"there is no row {', '.join(unknown)}; the rows are {', '.join(ROWS)}")
    if arguments.pairs < 1 or arguments.seconds < 1:
        parser.error("--pairs and --seconds are at least 1")

    compared = Against(arguments).run()
    this, other = report.commit(ROOT), arguments.commit[:12]
    settings = {"pairs": arguments.pairs, "seconds": arguments.seconds, "flights": arguments.size}
    found = {"this": this, "other": other, "settings": settings, "rows": [each.as_json() for each in compared]}
    path = report.write(ROOT, found, "-against")
    print(json.dumps(found, indent=2, ensure_ascii=False) if arguments.json
          else pairs.markdown(compared, this, other))
    say(f"Written to {path}")


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, ValueError, wrk_load.LoadFailed) as problem:
        sys.exit(f"script/bench: {problem}")
