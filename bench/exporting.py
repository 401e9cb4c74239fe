"""Exports of a view as a file: how many flights come a second, and what that takes of memory."""

import http.client
import threading
import time
import urllib.parse
from collections import Counter

from wrk_load import Run

# What one export takes at most.
MOST = 50_000
FORMATS = {"csv": "CSV for programs", "spreadsheet": "CSV for spreadsheets", "ndjson": "NDJSON"}
# Writers give their flights numbers up to this, so that a view of those above stays as it is.
HIGHEST_WRITTEN = 500


def view(header, rows, count):
    """A view of about as many flights as one export takes, as the query of a table, and how many they are: of a set in
    which the rows come over and over up to `count`, those that depart before some hour."""
    number, departure = header.index("number"), header.index("scheduled_departure")
    turns, rest = divmod(count, len(rows))
    hours = Counter()
    for at, row in enumerate(rows):
        if int(row[number] or 0) > HIGHEST_WRITTEN:
            hours[row[departure][:13]] += turns + (at < rest)
    query, found = f"q[number.gt]={HIGHEST_WRITTEN}", 0
    for hour in sorted(hours):
        if found + hours[hour] > MOST:
            return f"{query}&q[scheduled_departure.lt]={hour}:00:00Z", found
        found += hours[hour]
    return query, found


def fetched(origin, paths, headers):
    """What lies at the paths, asked for one after the other on one connection, and the seconds that it took."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(origin).netloc, timeout=120)
    began, bodies = time.perf_counter(), []
    for path in paths:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        bodies.append(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}")
    seconds = time.perf_counter() - began
    connection.close()
    return bodies, seconds


def run(origin, paths, headers, rows, count):
    """One export of so many rows, which `count` finds in what came."""
    bodies, seconds = fetched(origin, paths, headers)
    found = sum(map(count, bodies))
    if found != rows:
        raise RuntimeError(f"{paths[0]} has {found:,} rows, not {rows:,}")
    return Run(rate=rows / seconds, p50_ms=seconds * 1000, p99_ms=seconds * 1000, errors=0, requests=1)


class Exports:
    """Of the flights of a server, in a browser of somebody who is signed in there."""

    def __init__(self, server, cookie, query, rows):
        self.server, self.query, self.rows = server, query, rows
        self.headers = {"Cookie": cookie, "Host": f"localhost:{server.port}"}

    def run(self, kind):
        path = f"/databrowser/{self.server.deployment}/models/flight/export?as={kind}&{self.query}"
        head = 0 if kind == "ndjson" else 1
        return run(self.server.origin, [path.rstrip("&")], self.headers, self.rows,
                   lambda body: body.count(b"\n") - head)


class Highest:
    """The highest resident memory of a server, in MB, within a `with`."""

    def __init__(self, server):
        self.server, self.stop, self.mb = server, threading.Event(), server.resident_mb()[0]

    def __enter__(self):
        self.thread = threading.Thread(target=self._look)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()

    def _look(self):
        while not self.stop.wait(0.01):
            self.mb = max(self.mb, self.server.resident_mb()[0])
