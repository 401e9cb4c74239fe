#!/usr/bin/env python3
"""Starts a server with many deployments that nobody uses, and opens some of them by a call.

  bench/many_deployments.py --binary .build/release/sojourn [--deployments 2000] [--objects 1] [--json FILE]

It makes so many deployments of one model, each with so many objects, and starts the server on them after it was
stopped and after kill -9. Of each start it prints how long it took until the server was ready, its memory, open files
and threads; beside them how long Python takes to open each file and to read one row of it, and how long the server
takes with two deployments. Then it sends 200 deployments that are closed their first GET and 200 others their first
POST, over one connection, and prints how long those took and how long the second one did.

A non-zero exit when a start took longer than 1 s (5 s with more than 300 deployments) or more than 200 MB, or when one
of a hundred first calls took longer than 10 ms. Keep the machine otherwise idle.
"""

import argparse
import base64
import contextlib
import http.client
import json
import os
import signal
import sqlite3
import statistics
import sys
import tempfile
import time

from sojourn_server import Sojourn

LONGEST_START_S = 1.0
# Of more than so many.
MANY, LONGEST_START_OF_MANY_S = 300, 5.0
MOST_MB = 200.0
LONGEST_OPENING_MS = 10.0
CALLS = 200
# Objects in one request.
BATCH = 1000

SCHEMA = """<data-model><model name="item" label="Item"><field name="number" label="Number" type="integer"/>
<field name="words" label="Words" type="text"/><display>{number}</display><index on="number"/></model></data-model>"""


class Deployments:
    """A data directory with many deployments, and so many objects in each."""

    def __init__(self, binary, work, count, objects=1):
        schema = os.path.join(work, "schema.xml")
        with open(schema, "w", encoding="utf-8") as file:
            file.write(SCHEMA)
        self.server = Sojourn(binary, os.path.join(work, f"data-{count}"), schema)
        self.server.create()
        with open(os.path.join(self.server.folder, "bench.json"), encoding="utf-8") as file:
            self.all = [json.load(file)]
        for number in range(1, count):
            self.all.append(json.loads(self.server.command(
                "deployment", "create", "--name", f"n{number}", "--environment", "testing", "--data-model", schema,
                "--json")))
        with self.server:
            for one in self.all:
                self.fill(one, objects)

    def fill(self, one, objects):
        for first in range(0, objects, BATCH):
            self.call("POST", one, "/batch.json", {"operations": [
                {"method": "post", "object": {"type": "item", "number": number, "words": f"Item {number} of {one['id']}"}}
                for number in range(first, min(first + BATCH, objects))]})

    def call(self, method, one, path, body=None):
        """Sends one request and returns its milliseconds."""
        secret = base64.b64encode(f"{one['id']}:{one['password']}".encode()).decode()
        headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}
        text = None if body is None else json.dumps(body)
        began = time.perf_counter()
        self.connection().request(method, f"/api/v4/{one['id']}{path}", text, headers)
        answer = self.connection().getresponse()
        answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status not in (200, 201):
            raise RuntimeError(f"{method} {path}: {answer.status}")
        return took

    def connection(self):
        if getattr(self, "opened", (None, None))[0] != self.server.port:
            self.opened = (self.server.port, http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60))
        return self.opened[1]

    def opened_by_python(self):
        """The seconds in which Python opens each deployment's file and reads one row of it."""
        folder = os.path.join(self.server.folder, "deployments")
        paths = [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".db")]
        began = time.monotonic()
        for path in paths:
            with contextlib.closing(sqlite3.connect(path)) as file:
                file.execute("SELECT max(sequence) FROM oplog").fetchone()
        return time.monotonic() - began

    def start(self):
        """Starts the server and says what that took. It is to be ended by whoever calls this."""
        began = time.monotonic()
        self.server.__enter__()
        seconds = time.monotonic() - began
        process = f"/proc/{self.server.process.pid}"
        resident, highest = self.server.resident_mb()
        return {"seconds": seconds, "mb": resident, "highest_mb": highest,
                "files": len(os.listdir(process + "/fd")), "threads": len(os.listdir(process + "/task"))}

    def kill(self):
        self.server.process.send_signal(signal.SIGKILL)
        self.server.process.wait()
        self.server.log.close()


def quantiles(first, second):
    """Of the first calls and of the second ones, in milliseconds."""
    ranked = sorted(first)
    return {"median": statistics.median(ranked), "of_a_hundred": ranked[len(ranked) * 99 // 100], "worst": ranked[-1],
            "second_median": statistics.median(second)}


def openings(data):
    """How long the first calls of deployments that are closed take."""
    share = min(CALLS, len(data.all) // 2)
    gets, posts = data.all[:share], data.all[share:2 * share]
    data.call("GET", gets[0], "/objects/item/count.json")
    found = {}
    for method, group, path, body in [("GET", gets[1:], "/objects/item.json?limit=1", None),
                                      ("POST", posts, "/objects/item.json", {"item": {"number": 2}})]:
        first = [data.call(method, one, path, body) for one in group]
        second = [data.call(method, one, path, body) for one in group]
        found[method] = quantiles(first, second)
    return found


def measure(binary, work, count, objects):
    few = Deployments(binary, work, 2)
    alone = few.start()
    few.server.__exit__()
    data = Deployments(binary, work, count, objects)
    python = data.opened_by_python()
    stopped = data.start()
    data.kill()
    killed = data.start()
    try:
        opened = openings(data)
        after = data.server.resident_mb()[0]
    finally:
        data.server.__exit__()
    return {"deployments": count, "objects": objects, "python_seconds": python, "two_deployments": alone, "after_stop": stopped, "after_kill": killed,
            "openings_ms": opened, "mb_after_openings": after,
            "kb_per_closed": (stopped["mb"] - alone["mb"]) * 1000 / (count - 2)}


def shortfalls(found):
    for name in ["after_stop", "after_kill"]:
        if found[name]["seconds"] > (LONGEST_START_S if found["deployments"] <= MANY else LONGEST_START_OF_MANY_S):
            yield f"the start {name} took {found[name]['seconds']:.1f} s"
        if found[name]["highest_mb"] > MOST_MB:
            yield f"the start {name} took {found[name]['highest_mb']:.0f} MB"
    for method, times in found["openings_ms"].items():
        if times["of_a_hundred"] > LONGEST_OPENING_MS:
            yield f"one of a hundred first {method}s took {times['of_a_hundred']:.1f} ms"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", required=True)
    arguments.add_argument("--deployments", type=int, default=2000)
    arguments.add_argument("--objects", type=int, default=1)
    arguments.add_argument("--json")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as work:
        found = measure(os.path.abspath(given.binary), work, max(given.deployments, 10), given.objects)
    for name in ["two_deployments", "after_stop", "after_kill"]:
        start = found[name]
        print(f"{name:16} {start['seconds']:.2f} s, {start['mb']:.1f} MB (highest {start['highest_mb']:.1f}), "
              f"{start['files']} files, {start['threads']} threads")
    print(f"Python opens each file and reads a row in {found['python_seconds']:.2f} s")
    print(f"one that is closed takes {found['kb_per_closed']:.1f} KB")
    for method, times in found["openings_ms"].items():
        print(f"first {method:5} median {times['median']:.2f} ms, one of a hundred {times['of_a_hundred']:.2f}, "
              f"worst {times['worst']:.2f}; second {times['second_median']:.2f}")
    if given.json:
        with open(given.json, "w", encoding="utf-8") as file:
            json.dump(found, file, indent=2)
    short = list(shortfalls(found))
    for line in short:
        print(f"Too much: {line}.", file=sys.stderr)
    sys.exit(1 if short else 0)


if __name__ == "__main__":
    main()
