"""The step of the pages: beside PocketBase and Datasette on 10,000 flights, and alone on a million, under writes."""

import os

import browsing
import flights
import tables
from browsing import MILLION, VISITORS, Paths, Reader, Writers, quantile
from criteria import (OBJECT_MS, PAGE_KIB, PICK_P99_MS, STYLE_KIB, TABLE_P50_MS, TABLE_P99_MS, TABLES_MIB, UNINDEXED_MS,
                      Figure)
from datasette import Datasette
from pocketbase import PocketBase
from slow_clients import highest_memory
from visitors import Visitors

OPTIONS = ("--second-factor", "none")
# Few on a million: so many pages, one after the other.
COUNT = 400


class PageStep:
    def __init__(self, bench, schema, tools):
        self.bench, self.schema, self.tools = bench, schema, tools

    def beside_others(self, size):
        """16 connections ask for the first page of a table; whoever is compared with runs at the same time."""
        bench = self.bench
        data = tables.tables(self.schema, bench.arguments.year, bench.header, bench.rows[size])
        with bench.copied(size, "pages", OPTIONS) as server:
            cookies = bench.lines("cookies", Visitors(server, VISITORS).cookies)
            page = bench.lines("page", [Paths(server, bench.questions[size]).table])

            def ours():
                return bench.wrk(server.origin, "visit.lua", [page, cookies], 16, {"Host": f"localhost:{server.port}"})

            for name, other in (("page-datasette", Datasette), ("page-pocketbase", PocketBase)):
                with other(self.tools, os.path.join(bench.folder, name), data) as running:
                    path = bench.lines(name + "-path", [running.page])

                    def theirs():
                        found = bench.wrk(running.origin, "get.lua", [path], 16, running.headers)
                        if found.errors:
                            raise RuntimeError(f"{name}: {found.errors} errors of the server compared with")
                        return found.rate, found.p99_ms
                    bench.measure(name, size, ours, theirs)

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
            with Writers(server, questions.bodies):
                times = reader.times(paths.tables(reader, COUNT))
                self.figure("table page, half of all within", size, quantile(times, 0.5), "ms", TABLE_P50_MS)
                self.figure("table page, 99 of 100 within", size, quantile(times, 0.99), "ms", TABLE_P99_MS)
                for title, wanted, share, bound in (
                        ("object page, 99 of 100 within", paths.objects(COUNT), 0.99, OBJECT_MS),
                        ("search for a related object, 99 of 100 within", paths.searches(COUNT), 0.99, PICK_P99_MS),
                        ("filter without index, slowest", paths.rare(), 1, UNINDEXED_MS)):
                    self.figure(title, size, quantile(reader.times(wanted), share), "ms", bound)
            idle = server.resident_mb()[0]
            server.headers = {**visitors.headers, "Host": f"localhost:{server.port}"}
            server.base = ""
            highest = highest_memory(server, paths.table + "?size=250", seconds=max(3, bench.arguments.seconds))
            self.figure("50 tables at once, above the server at rest", size, (highest - idle) / 1.048576, "MiB",
                        TABLES_MIB)

    def prepare_million(self, server):
        """A data directory of a million flights, made once."""
        bench = self.bench
        if os.path.exists(os.path.join(server.folder, "loaded")):
            return
        path = os.path.join(bench.folder, "flights-million.csv")
        year = bench.rows[max(bench.rows)]
        flights.write(path, bench.header, browsing.many(bench.header, year, MILLION))
        server.create()
        with server:
            for model in ("airline", "airport", "plane"):
                server.load(model, os.path.join(bench.arguments.year, f"{model}s.csv"))
            server.load("flight", path)
        os.remove(path)
        with open(os.path.join(server.folder, "loaded"), "w", encoding="utf-8"):
            pass

    def figure(self, title, size, value, unit, at_most):
        self.bench.figures.append(Figure(title, size, value, unit, at_most=at_most))
