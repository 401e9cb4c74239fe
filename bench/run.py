"""script/bench: loads the server beside its references and reports how near it comes to them."""

import argparse
import json
import os
import shutil
import sys
from contextlib import contextmanager
from statistics import median

import attachments
import browsing
import flights
import hooks
import queries
import report
import searching
import wrk_load
from bounds import YEAR
from criteria import (DELIVERIES, FEED_ENTRIES, IMPORT_ROWS, LAG_MS, LARGE_FILE_MB, MEMORY_MB, SEARCH_MS, STEADY_WRITES,
                      UPLOADS, Figure, Measurement, upload_memory_mb)
from floor import Floor, Shape
from nginx import Nginx
from pages import PageStep
from slow_clients import highest_memory
from sojourn_server import Sojourn

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SCHEMA = os.path.join(ROOT, "examples", "flights", "schema.xml")
SMALL = 10_000
# In the order in which they run: what only reads before what writes, memory after everything.
STEPS = ["import", "limit-1", "delta", "search", "get", "list", "https", "query", "include", "cursor", "oplog",
         "create", "create-1", "batch", "memory", "pages", "attachments", "webhooks"]
# These have servers of their own.
APART = {"attachments", "webhooks"}


def say(text):
    print(text, file=sys.stderr, flush=True)


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.folder = os.path.abspath(arguments.work_dir)
        os.makedirs(self.folder, exist_ok=True)
        self.measurements, self.figures = [], []
        self.header, year = flights.year_rows(arguments.year)
        self.rows, self.small = {}, []
        if self.wanted("webhooks"):
            self.small = flights.sample(self.header, year, SMALL)
        if not set(arguments.only) - APART:
            arguments.sizes = []
        if SMALL in arguments.sizes or self.wanted("limit-1") or self.wanted("delta"):  # which compares the year with it
            self.rows[SMALL] = flights.sample(self.header, year, SMALL)
        if YEAR in arguments.sizes:
            self.rows[YEAR] = year
        self.questions = {size: flights.Questions(self.header, rows) for size, rows in self.rows.items()}

    def wanted(self, step):
        return step in self.arguments.only

    def server(self, size):
        return Sojourn(self.arguments.binary, os.path.join(self.folder, f"flights-{size}"), SCHEMA)

    def lines(self, name, lines):
        """A file for wrk with one request's part in each line."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def run(self):
        for size in self.rows:
            self.prepare(size)
        if self.wanted("limit-1"):
            # Before anything is created: both sets must have the size that they are named after.
            self.unfiltered()
        if self.wanted("delta") and YEAR in self.rows:
            self.delta()
        if self.wanted("search") and YEAR in self.rows:
            self.search()
        with Nginx(os.path.join(self.folder, "nginx")) as nginx:
            for size in self.arguments.sizes:
                say(f"== {size:,} flights")
                # One server for all of it, so that its memory is that of one that has done it all.
                with self.server(size) as server:
                    self.reads(size, server, nginx)
                    self.queries(size, server)
                    self.writes(size, server)
                    if self.wanted("memory"):
                        self.memory(size, server)
            if self.wanted("pages"):
                self.pages()
            if self.wanted("attachments"):
                self.attachments(nginx)
            if self.wanted("webhooks"):
                self.webhooks(nginx)

    def prepare(self, size):
        """A data directory that holds `size` flights, and how fast they came in."""
        server = self.server(size)
        if self.arguments.reuse and os.path.exists(os.path.join(server.folder, "loaded")):
            return
        say(f"== importing {size:,} flights")
        path = os.path.join(self.folder, f"flights-{size}.csv")
        flights.write(path, self.header, self.rows[size])
        server.create()
        with server:
            for model in ("airline", "airport", "plane"):
                server.load(model, os.path.join(self.arguments.year, f"{model}s.csv"))
            seconds = server.load("flight", path)
            if server.count() != size:
                raise RuntimeError(f"the server holds {server.count()} flights after importing {size}")
            highest = server.resident_mb()[1]
        with open(os.path.join(server.folder, "loaded"), "w", encoding="utf-8"):
            pass
        if self.wanted("import"):
            self.figures.append(Figure("import of flights", size, size / seconds, "flights/s",
                                       at_least=IMPORT_ROWS if size == YEAR else None))
            self.figures.append(Figure("highest resident memory while importing", size, highest, "MB"))
            say(f"   import: {size / seconds:,.0f} flights/s, memory at most {highest:.1f} MB")

    def measure(self, operation, size, subject, reference=None, note="", objects=1, repeats=None):
        """Alternates runs of the subject and its reference, so that both meet the same weather."""
        found = Measurement(operation, size, [], [], note=note)
        for _ in range(repeats or self.arguments.repeats):
            if reference:
                rate, p99 = reference()
                found.reference_rates.append(rate)
                if p99 is not None:
                    found.reference_p99s_ms.append(p99)
            run = subject()
            found.rates.append(run.rate * objects)
            found.p99s_ms.append(run.p99_ms)
            found.errors += run.errors
        self.measurements.append(found)
        ratio = f", {found.ratio:.2f} of the reference" if found.ratio is not None else ""
        say(f"   {operation}: {found.rate:,.0f}/s{ratio}, p99 {found.p99_ms:.1f} ms")

    def wrk(self, origin, script, arguments, connections, headers):
        return wrk_load.load(origin, script, arguments, connections, self.arguments.seconds, headers)

    def reads(self, size, server, nginx):
        questions = self.questions[size]
        one = f"/objects/flight/{questions.some_ids[0]}.json"

        def listing(key, value):
            return f"/objects/flight.json?q[{key}]={value}&sort[scheduled_departure]=-1&limit=100"

        def paths(name, paths):
            return self.lines(f"{name}-{size}", [server.base + path for path in paths])

        ids = paths("ids", [f"/objects/flight/{each}.json" for each in questions.some_ids])
        planes = paths("planes", [listing("plane_id", each) for each in questions.busy_planes])
        airline = paths("airline", [listing("airline_id", questions.largest_airline)])
        # nginx has one file, asked for under as many names: the query costs both clients the same.
        references = {
            "one": (server.get(one), len(questions.some_ids)),
            "list": (server.get(listing("plane_id", questions.busy_planes[0])), len(questions.busy_planes)),
            "airline": (server.get(listing("airline_id", questions.largest_airline)), 1),
        }
        for name, (content, count) in references.items():
            nginx.serve(f"{name}-{size}.json", content)
            self.lines(f"nginx-{name}-{size}", [f"/{name}-{size}.json?{n}" for n in range(count)])
        for name in ("list", "airline"):
            answer = json.loads(references[name][0])
            if len(answer["objects"]) != 100 or answer["total"] < 100:
                raise RuntimeError(f"the list of 100 holds {len(answer['objects'])} of {answer['total']}")

        def ours(file, origin=server.origin):
            return lambda: self.wrk(origin, "get.lua", [file], 16, server.headers)

        def theirs(name):
            file = os.path.join(self.folder, f"nginx-{name}-{size}")

            def run():
                found = self.wrk(nginx.origin, "get.lua", [file], 16, server.headers)
                if found.errors:
                    raise RuntimeError(f"nginx answered with {found.errors} errors")
                return found.rate, found.p99_ms
            return run

        def plain(file):
            def run():
                found = ours(file)()
                return found.rate, found.p99_ms
            return run

        if self.wanted("get"):
            self.measure("get", size, ours(ids), theirs("one"))
        if self.wanted("list"):
            self.measure("list", size, ours(planes), theirs("list"))
            self.measure("list-airline", size, ours(airline), theirs("airline"),
                         note=f"{questions.largest_airline_flights:,} flights")
        if self.wanted("https") and size == min(self.arguments.sizes):
            self.measure("get-https", size, ours(ids, server.tls_origin), plain(ids))
            self.measure("list-https", size, ours(planes, server.tls_origin), plain(planes))

    def queries(self, size, server):
        """Each beside its like on the same data: a query beside filters, page 3000 beside page 1."""
        questions = self.questions[size]
        pairs = queries.two_conditions(self.header, self.rows[size], questions.busy_planes)

        def getting(name, paths):
            file = self.lines(f"{name}-{size}", [server.base + path for path in paths])
            return lambda: self.wrk(server.origin, "get.lua", [file], 16, server.headers)

        def reference(run):
            def measured():
                found = run()
                return found.rate, found.p99_ms
            return measured

        if self.wanted("query"):
            bodies = self.lines(f"expressions-{size}", [queries.as_expression(pair) for pair in pairs])
            path = server.base + "/objects/flight/query.json"
            by_filters = json.loads(server.get(queries.as_filters(pairs[0])))
            if server.post("/objects/flight/query.json", json.loads(queries.as_expression(pairs[0]))) != by_filters:
                raise RuntimeError("the query and the filters answer differently")
            self.measure("query", size,
                         lambda: self.wrk(server.origin, "post.lua", [path, bodies], 16, server.headers),
                         reference(getting("filters", [queries.as_filters(pair) for pair in pairs])))
        if self.wanted("include"):
            plain = [f"/objects/flight.json?q[plane_id]={each}&limit=100" for each in questions.busy_planes]
            self.measure("include", size,
                         getting("include", [path + "&include=airline,origin,plane" for path in plain]),
                         reference(getting("included", plain)))
        if self.wanted("cursor") and size == YEAR:
            first = "/objects/flight.json?limit=100&total=false"
            after = queries.cursor_after(server, 299_900 // 1000 * 1000)
            self.measure("cursor", size, getting("page-3000", [f"{first}&after={after}"]),
                         reference(getting("page-1", [first])))
        if self.wanted("oplog"):
            rates = [queries.feed_rate(server, self.arguments.seconds) for _ in range(self.arguments.repeats)]
            self.figures.append(Figure("oplog.json in pages of 1000, one reader", size, sorted(rates)[len(rates) // 2],
                                       "entries/s", at_least=FEED_ENTRIES))
            say(f"   oplog: {sorted(rates)[len(rates) // 2]:,.0f} entries/s")

    def delta(self):
        """What changed lately: it must not cost more on the year than on 10,000."""
        with self.server(SMALL) as small, self.server(YEAR) as year:
            runs = []
            for size, server in ((SMALL, small), (YEAR, year)):
                before = queries.change_some(server, self.questions[size].some_ids)
                path = self.lines(f"delta-{size}", [server.base + queries.delta(before)])
                found = json.loads(server.get(queries.delta(before)))
                if found["count"] != queries.PAGE:
                    raise RuntimeError(f"{found['count']} flights have changed, not {queries.PAGE}")
                runs.append(lambda server=server, path=path: self.wrk(
                    server.origin, "get.lua", [path], 4, server.headers))

            def reference():
                found = runs[0]()
                return found.rate, found.p99_ms
            self.measure("delta", YEAR, runs[1], reference)

    def search(self):
        """How fast a tail number is found, and what keeping an index of searches costs those who write."""
        say("== searching")
        tails = self.questions[YEAR].tail_numbers
        with self.copied(YEAR, "unsearched") as plain, self.copied(YEAR, "searched") as searched:
            seconds = searching.fill(searched, tails)
            times = searching.times_ms(searched, tails, 300)
            bodies = self.lines("search-bodies", self.questions[YEAR].bodies)

            def creating(server):
                return self.wrk(server.origin, "create.lua", [bodies, server.base + "/objects/flight.json", 1], 16,
                                server.headers)

            def without():
                found = creating(plain)
                return found.rate, found.p99_ms
            # A few in a hundred are to be told apart, which takes more pairs than the other lines.
            self.measure("search-create", YEAR, lambda: creating(searched), without,
                         repeats=3 * self.arguments.repeats)
        self.figures.append(Figure("search for a tail number, half of all answers within", YEAR, median(times), "ms",
                                   at_most=SEARCH_MS, note=f"index filled in {seconds:.1f} s"))
        say(f"   search: {median(times):.1f} ms, index filled in {seconds:.1f} s")

    @contextmanager
    def copied(self, size, name, serve_options=()):
        """A server on a copy of a set of flights, which goes afterwards."""
        server = Sojourn(self.arguments.binary, os.path.join(self.folder, name), SCHEMA)
        server.serve_options = serve_options
        shutil.rmtree(server.folder, ignore_errors=True)
        shutil.copytree(self.server(size).folder, server.folder)
        try:
            with server:
                yield server
        finally:
            shutil.rmtree(server.folder, ignore_errors=True)

    def unfiltered(self):
        """The unfiltered list: its total must not cost more on the year than on 10,000."""
        def run(server):
            path = self.lines("limit-1", [server.base + "/objects/flight.json?limit=1"])
            return self.wrk(server.origin, "get.lua", [path], 16, server.headers)

        with self.server(SMALL) as small:
            if YEAR not in self.rows:
                self.measure("limit-1", SMALL, lambda: run(small))
                return
            with self.server(YEAR) as year:
                def reference():
                    found = run(small)
                    return found.rate, found.p99_ms
                self.measure("limit-1", YEAR, lambda: run(year), reference)

    def writes(self, size, server):
        if not any(self.wanted(step) for step in ("create", "create-1", "batch")):
            return
        bodies = self.lines(f"bodies-{size}", self.questions[size].bodies)
        declared = json.loads(server.get("/indexes.json"))["models"]["flight"]["indexes"]
        shape = Shape(SCHEMA, "flight", declared)
        say(f"   the floor has {len(shape.indexes) + 1} indexes")
        before, answered = server.count(), 0

        def creating(connections, objects):
            path = server.base + ("/objects/flight.json" if objects == 1 else "/batch.json")

            def run():
                nonlocal answered
                found = self.wrk(server.origin, "create.lua", [bodies, path, objects], connections,
                                 server.headers)
                answered += found.requests * objects - found.errors
                return found
            return run

        database = os.path.join(self.folder, f"floor-{size}.sqlite")
        with Floor(database, shape, self.header, self.rows[size]) as floor:
            def at(rows):
                return lambda: floor.rate(rows, self.arguments.seconds)
            if self.wanted("create"):
                self.measure("create", size, creating(16, 1), at(1))
            if self.wanted("create-1"):
                self.measure("create-1", size, creating(1, 1), at(1))
            if self.wanted("batch"):
                self.measure("batch", size, creating(4, 100), at(100), objects=100)
        stored = server.count() - before
        if stored < answered:
            raise RuntimeError(f"{answered} creates were acknowledged, and {stored} are there")
        say(f"   {answered:,} creates acknowledged, {stored:,} stored")

    def memory(self, size, server):
        now, highest = server.resident_mb()
        self.figures.append(Figure("resident memory after all of it", size, now, "MB", at_most=MEMORY_MB,
                                   note=f"highest {highest:.0f} MB"))
        slow = highest_memory(server, "/objects/flight.json?limit=1000",
                              seconds=max(3, self.arguments.seconds))
        self.figures.append(Figure("… while 50 slow clients read limit=1000", size, slow, "MB",
                                   at_most=MEMORY_MB))
        say(f"   memory: {now:.1f} MB, with slow clients {slow:.1f} MB")

    def pages(self):
        """Beside others on 10,000 flights; alone on a million where the year is measured too."""
        step = PageStep(self, SCHEMA, self.arguments.tools)
        if SMALL in self.rows:
            say("== pages")
            step.beside_others(SMALL)
        step.alone(browsing.MILLION if YEAR in self.rows else SMALL)

    def apart(self, name):
        """A server on a new data directory, for one step alone."""
        server = Sojourn(self.arguments.binary, os.path.join(self.folder, name), SCHEMA)
        server.create()
        return server

    def attachments(self, nginx):
        """Each on a server that was started for it, so that its highest memory is of that alone."""
        say("== attachments")
        server = self.apart("attachments")
        with server:
            content = attachments.pdf(attachments.MEGABYTE)
            address = attachments.upload_one(server, content)
            nginx.serve("attachment.pdf", content)
            ours, theirs = self.lines("attachment", [address]), self.lines("nginx-attachment", ["/attachment.pdf"])

            def reference():
                found = self.wrk(nginx.origin, "get.lua", [theirs], 16, {})
                if found.errors:
                    raise RuntimeError(f"nginx answered with {found.errors} errors")
                return found.rate, found.p99_ms
            self.measure("download", None, lambda: self.wrk(server.origin, "get.lua", [ours], 16, {}), reference)
        with server:
            self.uploads(server)
        with server:
            rate_in, rate_out = attachments.large(server)
            highest = server.resident_mb()[1]
        self.figures.append(Figure("highest resident memory while 1 GB goes in and out raw, by POST and by PUT", None,
                                   highest, "MB", at_most=LARGE_FILE_MB,
                                   note=f"{rate_in:,.0f} MB/s in, {rate_out:,.0f} MB/s out"))
        say(f"   1 GB: memory at most {highest:.1f} MB, {rate_in:,.0f} MB/s in, {rate_out:,.0f} MB/s out")
        shutil.rmtree(server.folder)

    def uploads(self, server):
        path, body = attachments.inline_file(self.folder)
        runs = [self.wrk(server.origin, "upload.lua", [path, server.base + "/objects/flight.json", number + 1], 4,
                         server.headers) for number in range(min(self.arguments.repeats, 9))]
        answered, errors = sum(run.requests for run in runs), sum(run.errors for run in runs)
        stored = server.count()
        if errors or stored < answered:
            raise RuntimeError(f"{answered} uploads were acknowledged with {errors} errors, and {stored} are there")
        rate, highest = median(run.rate for run in runs), server.resident_mb()[1]
        self.figures.append(Figure("upload of 100 KB inline, 4 connections", None, rate, "uploads/s", at_least=UPLOADS,
                                   note=f"p99 {median(run.p99_ms for run in runs):.0f} ms"))
        self.figures.append(Figure("… highest resident memory: 3 bodies of one request and 60 MB", None, highest,
                                   "MB", at_most=upload_memory_mb(body)))
        say(f"   uploads: {rate:,.0f}/s, memory at most {highest:.1f} MB")

    def beside_a_hook(self, server, nginx):
        """What an enabled webhook, which every create fires, costs those who write."""
        bodies = self.lines("hook-bodies", flights.Questions(self.header, self.small).bodies)

        def creating():
            return self.wrk(server.origin, "create.lua", [bodies, server.base + "/objects/flight.json", 1], 16,
                            server.headers)

        def without():
            hooks.hook(server, "disable")
            found = creating()
            return found.rate, found.p99_ms

        def beside():
            hooks.hook(server, "enable", "--url", nginx.hooks)
            return creating()
        self.measure("hook-create", SMALL, beside, without, repeats=3 * self.arguments.repeats)

    def webhooks(self, nginx):
        """nginx receives: it answers at once, and writes down what came and when."""
        say("== webhooks")
        server = self.apart("webhooks")
        path = os.path.join(self.folder, "webhook-flights.csv")
        flights.write(path, self.header, self.small)
        with server:
            server.command("deployment", "set", "webhook_allow=127.0.0.1", "--deployment", server.deployment)
            for model in ("airline", "airport", "plane"):
                server.load(model, os.path.join(self.arguments.year, f"{model}s.csv"))
            hooks.hook(server, "enable", "--url", nginx.hooks)
            hooks.hook(server, "disable")
            server.load("flight", path)
            rates = []
            for number in range(self.arguments.repeats):
                receipts = hooks.Receipts(nginx)
                if number == 0:
                    hooks.hook(server, "enable", "--url", nginx.hooks)
                else:
                    hooks.hook(server, "replay", "--from", "0")
                rates.append(hooks.rate(receipts.wait(len(self.small))))
            receipts = hooks.Receipts(nginx)
            seconds = max(3, self.arguments.seconds)
            count, written = hooks.write_steadily(
                server, flights.Questions(self.header, self.small).bodies, STEADY_WRITES, seconds)
            lags = hooks.lags_ms(receipts.wait(count))
            self.beside_a_hook(server, nginx)
        if written < 0.95 * STEADY_WRITES:
            raise RuntimeError(f"only {written:.0f} writes a second were made beside the webhook")
        self.figures.append(Figure("webhook deliveries while catching up with 10,000 changes", None, median(rates),
                                   "deliveries/s", at_least=DELIVERIES))
        self.figures.append(Figure(f"longest way of a change to the receiver, at {STEADY_WRITES} writes/s", None,
                                   lags[-1], "ms", at_most=LAG_MS, note=f"median {median(lags):.0f} ms"))
        say(f"   webhooks: {median(rates):,.0f} deliveries/s; at {written:.0f} writes/s {lags[-1]:.0f} ms late "
            f"at most, median {median(lags):.0f} ms")


def main():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true",
                        help="10,000 flights alone and runs of one second: a first impression")
    parser.add_argument("--only", metavar="STEPS", default=",".join(STEPS),
                        help=f"some steps, joined by commas: {', '.join(STEPS)}")
    parser.add_argument("--size", type=int, choices=(SMALL, YEAR), action="append", dest="sizes",
                        help="one size instead of both")
    parser.add_argument("--seconds", type=int, help="length of each run (default: 5, quick: 1)")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each load (default: 3)")
    parser.add_argument("--reuse", action="store_true",
                        help="use the data directories that the last run left, and skip the import")
    parser.add_argument("--fail-short", action="store_true", help="fail when something falls short")
    parser.add_argument("--binary", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--year", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--tools", default=".build/bench", help=argparse.SUPPRESS)
    parser.add_argument("--browser", default=".build/browser/bin/python", help=argparse.SUPPRESS)
    parser.add_argument("--work-dir", required=True, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.sizes = sorted(set(arguments.sizes or [])) or ([SMALL] if arguments.quick else [SMALL, YEAR])
    arguments.seconds = arguments.seconds or (1 if arguments.quick else 5)
    arguments.only = arguments.only.split(",")
    unknown = [step for step in arguments.only if step not in STEPS]
    if unknown:
        parser.error(f"there is no step {', '.join(unknown)}; the steps are {', '.join(STEPS)}")
    if arguments.repeats < 1 or arguments.seconds < 1:
        parser.error("--repeats and --seconds are at least 1")

    bench = Bench(arguments)
    bench.run()
    settings = {"quick": arguments.quick, "seconds": arguments.seconds, "repeats": arguments.repeats,
                "steps": arguments.only}
    print(report.markdown(bench.measurements, bench.figures))
    path = report.save(ROOT, bench.measurements, bench.figures, settings)
    say(f"Written to {path}")
    sys.exit(1 if arguments.fail_short and report.falls_short(bench.measurements, bench.figures) else 0)


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, wrk_load.LoadFailed) as problem:
        sys.exit(f"script/bench: {problem}")
