"""script/bench --against COMMIT: this build beside another one, on the same data and in turn."""

import argparse
import json
import os
import shutil
import sys
import time

import bounds
import flights
import inspections
import pairs
import queries
import report
import slow_clients
import wrk_load
from criteria import OPERATIONS
from run import ROOT, SCHEMA, SMALL, YEAR, say
from sojourn_server import Sojourn

# In the order in which they run: what only reads before what writes.
ROWS = ["relationship", "get", "list", "oplog", "delta", "create", "create-1", "batch", "import"]
MEMORY = "memory"  # not a row of pairs: it is read when all of them have run
TITLES = {"import": ("import of flights", "flights/s"), "oplog": ("oplog.json in pages of 1000, one reader", "entries/s"),
          "relationship": ("list of 100 inspections of ten fields by a relationship, with total, 16 connections",
                           "answers/s")}
SLOW_CLIENTS, SLOW_SECONDS = 50, 10


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

    def inspections(self):
        """Both sides with the same inspections, loaded by the other build; what to compare, and the servers."""
        folder = os.path.join(self.folder, "inspections")
        schema, files = inspections.write(folder)
        origin = Sojourn(self.binaries[pairs.OTHER], os.path.join(folder, "origin"), schema)
        origin.create()
        with origin:
            for model, path in files:
                origin.load(model, path)
        servers = {}
        for side, binary in self.binaries.items():
            servers[side] = Sojourn(binary, os.path.join(folder, side), schema)
            shutil.rmtree(servers[side].folder, ignore_errors=True)
            shutil.copytree(origin.folder, servers[side].folder,
                            ignore=lambda _, names: [n for n in names if n.endswith(".sock")])
        shutil.rmtree(origin.folder)
        return servers

    def compare_inspections(self):
        servers = self.inspections()
        with servers[pairs.THIS] as this, servers[pairs.OTHER] as other:
            answers = [server.get(inspections.lists()[0]) for server in (this, other)]
            if answers[0].replace(this.origin.encode(), b"") != answers[1].replace(other.origin.encode(), b""):
                raise RuntimeError("the two builds answer the list of inspections differently")
            say(f"   a list of inspections is {len(answers[0]):,} bytes")
            return self.compare("relationship", {
                side: self.getting(server, "relationship", inspections.lists(), 16)
                for side, server in servers.items()})

    def memory(self, server):
        """Resident MB: now, and the most while slow clients read lists of 1000."""
        return {"after_all_mb": server.resident_mb()[0],
                "slow_clients_mb": slow_clients.highest_memory(
                    server, "/objects/flight.json?limit=1000", SLOW_CLIENTS, SLOW_SECONDS)}

    def run(self):
        compared, memory = [], {}
        if "relationship" in self.arguments.only:
            compared.append(self.compare_inspections())
        if not set(self.arguments.only) - {"relationship"}:
            return compared, memory
        self.prepare()
        with self.server(pairs.THIS, pairs.THIS) as this, self.server(pairs.OTHER, pairs.OTHER) as other:
            servers = {pairs.THIS: this, pairs.OTHER: other}
            for row in ROWS:
                if row in self.arguments.only and row != "relationship":
                    compared.append(self.compare(row, {side: self.load(row, server) for side, server in servers.items()}))
            if MEMORY in self.arguments.only:
                memory = {side: self.memory(server) for side, server in servers.items()}
        return compared, memory


def memory_lines(memory):
    """The memory of both sides beside its bounds; nothing where it was not asked for."""
    if not memory:
        return []
    lines = ["", "| resident memory | this | other | bound | |", "|---|---:|---:|---:|---|"]
    for key, title, bound in (("after_all_mb", "after all of it", bounds.MEMORY_MB),
                              ("slow_clients_mb", f"while {SLOW_CLIENTS} slow clients read", bounds.MEMORY_SLOW_MB)):
        mine, others = memory[pairs.THIS][key], memory[pairs.OTHER][key]
        lines.append(f"| {title} | {mine:.1f} MB | {others:.1f} MB | ≤ {bound:g} MB | {'met' if mine <= bound else 'missed'} |")
    return lines


def missed(compared, memory):
    """What this build does not reach, by name."""
    found = [each.operation for each in compared if not each.is_met]
    if memory and memory[pairs.THIS]["after_all_mb"] > bounds.MEMORY_MB:
        found.append("memory")
    if memory and memory[pairs.THIS]["slow_clients_mb"] > bounds.MEMORY_SLOW_MB:
        found.append("memory while slow clients read")
    return found

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
    parser.add_argument("--only", metavar="ROWS", default=",".join(ROWS + [MEMORY]),
                        help=f"some rows, joined by commas: {', '.join(ROWS + [MEMORY])}")
    parser.add_argument("--pairs", type=int, default=12, help="runs of each side (default: 12)")
    parser.add_argument("--seconds", type=int, default=3, help="length of each run (default: 3)")
    parser.add_argument("--size", type=int, choices=(SMALL, YEAR), default=SMALL, help="how many flights there are")
    parser.add_argument("--json", action="store_true", help="print JSON and no table")
    parser.add_argument("--fail-short", action="store_true", help="a non-zero exit when a bound is missed")
    for hidden in ("--binary", "--other", "--commit", "--year", "--work-dir"):
        parser.add_argument(hidden, required=True, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.only = arguments.only.split(",")
    unknown = [row for row in arguments.only if row not in ROWS + [MEMORY]]
    if unknown:
        parser.error(f"there is no row {', '.join(unknown)}; the rows are {', '.join(ROWS + [MEMORY])}")
    if arguments.pairs < 1 or arguments.seconds < 1:
        parser.error("--pairs and --seconds are at least 1")

    compared, memory = Against(arguments).run()
    this, other = report.commit(ROOT), arguments.commit[:12]
    settings = {"pairs": arguments.pairs, "seconds": arguments.seconds, "flights": arguments.size}
    found = {"this": this, "other": other, "settings": settings, "rows": [each.as_json() for each in compared],
             "memory": memory, "missed": missed(compared, memory)}
    path = report.write(ROOT, found, "-against")
    print(json.dumps(found, indent=2, ensure_ascii=False) if arguments.json
          else "\n".join([pairs.markdown(compared, this, other), *memory_lines(memory)]))
    say(f"Written to {path}")
    if arguments.fail_short and found["missed"]:
        raise RuntimeError(f"missed: {', '.join(found['missed'])}")


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, ValueError, wrk_load.LoadFailed) as problem:
        sys.exit(f"script/bench: {problem}")
