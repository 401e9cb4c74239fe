"""script/bench --against COMMIT: this build beside another one, on the same data and in turn."""

import argparse
import json
import os
import shutil
import sys
from contextlib import contextmanager

import flights
import inspections
import pairs
import queries
import report
import wrk_load
from bounds import BASELINE, ROWS, YEAR
from run import ROOT, SCHEMA, SMALL, say
from slow_clients import highest_memory
from sojourn_server import Sojourn

# In the delta, and the same for both builds, so that their answers have the same length.
CHANGED = 500_000_000


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

    @contextmanager
    def both(self, schema, fill, kind=""):
        """A server of each build. The other build loads the data, and each gets a copy: data goes to later builds."""
        origin = Sojourn(self.binaries[pairs.OTHER], os.path.join(self.folder, "origin" + kind), schema)
        origin.create()
        with origin:
            fill(origin)
        servers = {}
        for side, binary in self.binaries.items():
            servers[side] = Sojourn(binary, os.path.join(self.folder, side + kind), schema)
            shutil.rmtree(servers[side].folder, ignore_errors=True)
            shutil.copytree(origin.folder, servers[side].folder,
                            ignore=lambda _, names: [n for n in names if n.endswith(".sock")])
        shutil.rmtree(origin.folder)
        with servers[pairs.THIS], servers[pairs.OTHER]:
            yield servers

    def load_flights(self, server):
        self.load_others(server)
        server.load("flight", self.csv)

    def load_inspections(self, server):
        inspections.fill(server, self.folder)

    def load_others(self, server):
        for model in ("airline", "airport", "plane"):
            server.load(model, os.path.join(self.arguments.year, f"{model}s.csv"))

    def run(self):
        say(f"== importing {len(self.rows):,} flights")
        compared = []
        with self.both(SCHEMA, self.load_flights) as servers:
            for row in ROWS:
                if row in self.arguments.only:
                    compared.append(self.row(row, servers))
                    say(f"   {row}: {compared[-1]}")
        return compared

    def row(self, row, servers):
        if row == "relationship":
            with self.both(inspections.SCHEMA, self.load_inspections, "-inspections") as own:
                return self.compare(row, self.list_inspections(own))
        if row == "memory":
            return self.memory(row, {side: server.resident_mb()[0] for side, server in servers.items()})
        if row == "memory-slow":
            return self.memory(row, {side: highest_memory(server, "/objects/flight.json?limit=1000")
                                     for side, server in servers.items()})
        return self.compare(row, {side: self.load(row, server) for side, server in servers.items()})

    def bound(self, row):
        bound = ROWS[row].bound
        return bound if bound.judges(self.arguments.size) else None

    def memory(self, row, found):
        return pairs.Memory(row, ROWS[row].title, found[pairs.THIS], found[pairs.OTHER], self.bound(row))

    def compare(self, row, loads):
        found = pairs.Comparison(row, ROWS[row].title, ROWS[row].unit, bound=self.bound(row))
        for load in loads.values():
            load()  # once before it counts: caches are cold, statements unprepared
        for first, second in pairs.order(self.arguments.pairs):
            for side in (first, second):
                found.add(side, loads[side]())
        return found

    def list_inspections(self, servers):
        """The loads of both sides, whose answers must be the same bytes: full lists that count further."""
        paths = [inspections.listing(site) for site in inspections.sites()]
        answers = {server.get(paths[0]).replace(server.origin.encode(), b"") for server in servers.values()}
        if len(answers) != 1:
            raise RuntimeError("the two builds answer the list of inspections differently")
        found = json.loads(answers.pop())
        if found["count"] != inspections.PAGE or found["total"] <= inspections.PAGE:
            raise RuntimeError(f"the list of {inspections.PAGE} holds {found['count']} of {found['total']}")
        return {side: self.getting(server, "sites", paths, 16) for side, server in servers.items()}

    def load(self, row, server):
        """A function that runs the load once and returns its sample."""
        if row == "import":
            return lambda: self.imported(server)
        if row == "oplog":
            return self.getting(server, row, queries.feed_pages(server), 1, objects=queries.PAGE)
        if row == "delta":
            return self.getting(server, row, [self.delta(server)], 4)
        if row == "get":
            return self.getting(server, row, [f"/objects/flight/{each}.json" for each in self.questions.some_ids], 16)
        if row == "list":
            return self.getting(
                server, row, [f"/objects/flight.json?q[plane_id]={each}&sort[scheduled_departure]=-1&limit=100"
                              for each in self.questions.busy_planes], 16)
        return self.creating(server, connections={"create": 16, "create-1": 1, "batch": 4}[row],
                             objects=100 if row == "batch" else 1)

    def delta(self, server):
        path = queries.delta(queries.change_some(server, self.questions.some_ids, CHANGED))
        count = json.loads(server.get(path))["count"]
        if count != queries.PAGE:
            raise RuntimeError(f"{count} flights have changed, not {queries.PAGE}")
        return path

    def lines(self, server, name, lines):
        path = os.path.join(server.folder, f"bench-{name}")
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def getting(self, server, name, paths, connections, objects=1):
        file = self.lines(server, name, [server.base + path for path in paths])
        return lambda: self.under_wrk(server, "get.lua", [file], connections, objects)

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
    parser.add_argument("--fail-short", action="store_true", help="fail when a bound is not met")
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
    found = {"this": this, "other": other, "settings": settings, "bounds_against": BASELINE,
             "rows": [each.as_json() for each in compared]}
    path = report.write(ROOT, found, "-against")
    print(json.dumps(found, indent=2, ensure_ascii=False) if arguments.json
          else pairs.markdown(compared, this, other))
    say(f"Written to {path}")
    sys.exit(1 if arguments.fail_short and any(each.met is False for each in compared) else 0)


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, ValueError, wrk_load.LoadFailed) as problem:
        sys.exit(f"script/bench: {problem}")
