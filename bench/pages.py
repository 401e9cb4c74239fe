"""The step of the pages: beside PocketBase and Datasette on 10,000 flights, and alone on a million, under writes."""

import csv
import os
from statistics import median

import browsing
import exporting
import flights
import phone
import tables
from browsing import MILLION, VISITORS, Paths, Reader, Writers, quantile
from criteria import (EXPORT_MIB, EXPORT_ROWS, OBJECT_MS, PAGE_KIB, PHONE_MS, PICK_P99_MS, STYLE_KIB, TABLE_P50_MS,
                      TABLE_P99_MS, TABLES_MIB, UNINDEXED_MS, WRITING_MS, Figure)
from datasette import Datasette
from pocketbase import PocketBase
from slow_clients import highest_memory
from visitors import Visitors

# As many columns as a table has by itself, four of them with names of other objects.
LINKED = ("?columns=number,flight_date,scheduled_departure,departure_delay,air_time,distance,status,airline,plane,"
          "origin,destination")
OPTIONS = ("--second-factor", "none")
# Few on a million: so many pages, one after the other.
COUNT = 400
# Changes of one flight.
HISTORY = 1000
LOADS = 7


class PageStep:
    def __init__(self, bench, schema, tools):
        self.bench, self.schema, self.tools = bench, schema, tools

    def beside_others(self, size):
        """16 connections ask for the first page of a table; whoever is compared with runs at the same time."""
        bench = self.bench
        data = tables.tables(self.schema, bench.arguments.year, bench.header, bench.rows[size])
        with bench.copied(size, "pages", OPTIONS) as server:
            visitors = Visitors(server, VISITORS)
            cookies = bench.lines("cookies", visitors.cookies)
            table = Paths(server, bench.questions[size]).table

            def visit(name, path):
                page = bench.lines(name, [path])
                return lambda: bench.wrk(
                    server.origin, "visit.lua", [page, cookies], 16, {"Host": f"localhost:{server.port}"})

            ours = visit("page", table)
            self.writing(size, server, ours)

            exports = exporting.Exports(server, visitors.cookies[0], "", size)
            for name, other in (("page-datasette", Datasette), ("page-pocketbase", PocketBase)):
                with other(self.tools, os.path.join(bench.folder, name), data) as running:
                    path = bench.lines(name + "-path", [running.page])

                    def theirs():
                        found = bench.wrk(running.origin, "get.lua", [path], 16, running.headers)
                        if found.errors:
                            raise RuntimeError(f"{name}: {found.errors} errors of the server compared with")
                        return found.rate, found.p99_ms
                    bench.measure(name, size, ours, theirs)
                    bench.measure(name + "-linked", size, visit("page-linked", table + LINKED), theirs)
                    self.exports_beside(running, size, exports)

    def exports_beside(self, other, size, exports):
        """All flights as a file, one after the other: a file is one person's wish, not a load."""
        def measure(operation, kind, theirs):
            def reference():
                return theirs().rate, None
            self.bench.measure(operation, size, lambda: exports.run(kind), reference)

        if isinstance(other, Datasette):
            measure("export-datasette", "csv", lambda: other.exported(other.export))
            measure("export-datasette-linked", "spreadsheet", lambda: other.exported(other.linked_export))
        else:
            measure("export-pocketbase", "ndjson", other.exported)

    def writing(self, size, server, page):
        """What an answer with a table takes of the processor beyond the API's list of the same flights: whose session
        it is, the counts, and the HTML."""
        bench = self.bench
        path = bench.lines("page-list", [f"{server.base}/objects/flight.json?sort[updated_at]=-1&limit=30"])

        def of_one(load):
            before = server.processor_seconds()
            run = load()
            return (server.processor_seconds() - before) * 1000 / run.requests

        def listed():
            return bench.wrk(server.origin, "get.lua", [path], 16, server.headers)

        pairs = [(of_one(page), of_one(listed)) for _ in range(bench.arguments.repeats)]
        self.figure("processor time of a table page beyond that of the API's list", size,
                    median(page - listed for page, listed in pairs), "ms", WRITING_MS,
                    note=f"{median(page for page, _ in pairs):.2f} ms the page")

    def alone(self, size):
        """Pages one after the other while 500 flights a second are written."""
        bench, questions = self.bench, self.bench.questions[min(self.bench.questions)]
        if size == MILLION:
            self.prepare_million(bench.server(MILLION))
        # A copy: its people and what is written go with it.
        with bench.copied(size, "pages", OPTIONS) as server:
            visitors = Visitors(server, VISITORS)
            reader, paths = Reader(server, visitors.cookies), Paths(server, questions)
            first = reader.open(paths.table)[0]
            self.figure("page with a table of 30 flights, gzip", size, browsing.compressed(first) / 1024, "KiB", PAGE_KIB)
            self.figure("style and modules, gzip", None, reader.weight(first) / 1024, "KiB", STYLE_KIB)
            self.phone(size, server, paths.table, visitors.cookies[0])
            for body in paths.changes(HISTORY):
                server.post("/batch.json", body)
            with Writers(server, questions.bodies):
                self.exports(size, server, visitors.cookies[0])
                times = reader.times(paths.tables(reader, COUNT))
                self.figure("table page, half of all within", size, quantile(times, 0.5), "ms", TABLE_P50_MS)
                self.figure("table page, 99 of 100 within", size, quantile(times, 0.99), "ms", TABLE_P99_MS)
                for title, wanted, share, bound in (
                        ("object page with five relations, 99 of 100 within", paths.objects(COUNT), 0.99, OBJECT_MS),
                        (f"history of a flight with {HISTORY:,} changes, 99 of 100 within", paths.histories(COUNT), 0.99,
                         OBJECT_MS),
                        ("search for a related object, 99 of 100 within", paths.searches(COUNT), 0.99, PICK_P99_MS),
                        ("filter without index, 30 hits within 100,000 flights, slowest", paths.unindexed(), 1,
                         UNINDEXED_MS)):
                    self.figure(title, size, quantile(reader.times(wanted), share), "ms", bound)
            idle = server.resident_mb()[0]
            server.headers = {**visitors.headers, "Host": f"localhost:{server.port}"}
            server.base = ""
            highest = highest_memory(server, paths.table + "?size=250", seconds=max(3, bench.arguments.seconds))
            self.figure("50 tables at once, above the server at rest", size, (highest - idle) / 1.048576, "MiB",
                        TABLES_MIB)

    def exports(self, size, server, cookie):
        """A view of about as many flights as one export takes, in each form."""
        query, rows = exporting.view(self.bench.header, self.bench.rows[max(self.bench.rows)], size)
        exports = exporting.Exports(server, cookie, query, rows)
        idle = server.resident_mb()[0]
        with exporting.Highest(server) as highest:
            for kind, title in exporting.FORMATS.items():
                runs = [exports.run(kind) for _ in range(self.bench.arguments.repeats)]
                self.bench.figures.append(Figure(
                    f"export of {rows:,} flights as {title}", size, median(run.rate for run in runs), "flights/s",
                    at_least=EXPORT_ROWS, note=f"slowest {min(run.rate for run in runs):,.0f}/s"))
        self.figure("exports, one after the other, above the server at rest", size, (highest.mb - idle) / 1.048576,
                    "MiB", EXPORT_MIB)

    def prepare_million(self, server):
        """A data directory of a million flights, made once."""
        bench = self.bench
        if os.path.exists(os.path.join(server.folder, "loaded")):
            return
        year, airports = bench.rows[max(bench.rows)], bench.questions[max(bench.rows)].busy_airports
        server.schema = os.path.join(bench.folder, "five-relations.xml")
        with open(self.schema, encoding="utf-8") as given, open(server.schema, "w", encoding="utf-8") as made:
            made.write(browsing.with_five_relations(given.read()))
        planes, path = (os.path.join(bench.folder, name) for name in ("planes-at-home.csv", "flights-million.csv"))
        with open(os.path.join(bench.arguments.year, "planes.csv"), encoding="utf-8", newline="") as file:
            header, *rows = browsing.planes_at_home(csv.reader(file), airports)
        flights.write(planes, header, rows)
        flights.write(path, bench.header, browsing.many(bench.header, year, MILLION))
        server.create()
        with server:
            for model, file in (("airline", "airlines.csv"), ("airport", "airports.csv"), ("weather", "weather.csv")):
                server.load(model, os.path.join(bench.arguments.year, file))
            server.load("plane", planes)
            server.load("flight", path)
        os.remove(path)
        with open(os.path.join(server.folder, "loaded"), "w", encoding="utf-8"):
            pass

    def phone(self, size, server, path, cookie):
        """Nothing is in the browser's cache, and no one writes: the phone is what is slow."""
        name, _, value = cookie.partition("=")
        times = phone.loads_ms(self.bench.arguments.browser, {
            "address": f"http://localhost:{server.port}{path}", "cookie": {"name": name, "value": value},
            "loads": LOADS})
        self.figure("first row's link painted and clickable on a slow phone, half of all loads within", size,
                    median(times), "ms", PHONE_MS, note=f"slowest {max(times):,.0f} ms")

    def figure(self, title, size, value, unit, at_most, note=""):
        self.bench.figures.append(Figure(title, size, value, unit, at_most=at_most, note=note))
