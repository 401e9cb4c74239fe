#!/usr/bin/env python3
"""Deploys changed data models while readers and writers run, and says what they noticed of it.

  bench/deploy_under_load.py --binary .build/release/sojourn --data DIR [--seconds S] [--json FILE]

DIR is a data directory with the year's flights, as script/bench leaves them in data/bench (its bench.json
names the deployment). It is copied first, and the copy is removed at the end; --work-dir says where.

Two processes read (one object; a list of 100 by a filter) and two write (PATCH of one object; a create), each
over one connection, without pause. Meanwhile one deploy follows the other, --seconds of load between them.
Of each deploy it prints how long the command took, the slowest write and read that touched it, their p99, and
how long each index took; for deploys that build indexes the waits include the building. Last: requests that
failed, which must be none, and the server's memory before and after.

A non-zero exit when a request failed, or when a write that met a deploy without index building waited longer
than 50 ms and longer than any write under the load alone. Keep the machine otherwise idle.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time

from sojourn_server import Sojourn

WORST_WAIT_MS = 50.0
HERE = os.path.dirname(os.path.abspath(__file__))


def deploys(xml):
    """What is deployed, one after the other: a name, the document, whether indexes are built."""

    def flight(*changes):
        text = xml
        for old, new in changes:
            if old not in text:
                raise ValueError(f"the schema has no {old}")
            text = text.replace(old, new, 1)
        return text

    gate = ('<field name="number" label="Flight number" type="integer"/>',
            '<field name="number" label="Flight number" type="integer"/><field name="gate" label="G" type="text"/>')
    crew = ("</data-model>",
            '<model name="crew" label="Crew"><field name="name" label="Name" type="text"/>'
            "<display>{name}</display></model></data-model>")
    removed = ('<field name="departure_delay" label="Departure delay (minutes)" type="integer"/>', "")
    number = ('<field name="number" label="Flight number" type="integer"/>',
              '<field name="number" label="Flight number" type="text"/>')
    distance = ('<field name="distance" label="Distance (miles)" type="number"/>',
                '<field name="distance" label="Distance (miles)" type="text"/>')
    departure = ('name="scheduled_departure" label="Scheduled departure" type="datetime"',
                 'name="scheduled_departure" label="Scheduled departure" type="text"')
    index = ('<index on="scheduled_departure"/>', '<index on="scheduled_departure"/><index on="status,-arrival_delay"/>')
    return [
        ("a field and a model are added", flight(gate, crew), False),
        ("a field is removed", flight(removed), False),
        ("two fields change their type", flight(number, distance), False),
        ("everything as it was", xml, False),
        ("an index is added", flight(index), True),
        ("an indexed field changes its type: three indexes are built anew", flight(index, departure), True),
        ("everything as it was, three indexes again", xml, True),
    ]


def asked(connection, request):
    """Sends a request: (begin, end, status, what was said of a failure), and the answer's body."""
    begin = time.monotonic()
    try:
        connection.request(*request)
        answer = connection.getresponse()
        body = answer.read()
        status = answer.status
    except (OSError, http.client.HTTPException) as error:
        status, body = 0, repr(error).encode()
        connection.close()
    said = "" if 200 <= status < 300 else body[:300].decode("utf-8", "replace")
    return (begin, time.monotonic(), status, said), body


def client(kind, number, port, base, headers, ids, pipe, stop):
    """One connection, one request after the other: (begin, end, status) of each."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    notes = []
    sent = {**headers, "Content-Type": "application/json"}
    turn = number
    while not stop.is_set():
        turn += 7
        one = ids[turn % len(ids)]
        if kind == "get":
            request = ("GET", f"{base}/objects/flight/{one}.json", None, headers)
        elif kind == "list":
            request = ("GET", f"{base}/objects/flight.json?q[number]={turn % 900}&limit=100&total=false", None, headers)
        elif kind == "patch":
            # As texts, which every type of these fields takes.
            body = json.dumps({"flight": {"number": str(turn % 5000), "arrival_delay": turn % 200}})
            request = ("PATCH", f"{base}/objects/flight/{one}.json", body, sent)
        else:
            request = ("POST", f"{base}/objects/flight.json", json.dumps({"flight": {"number": str(turn % 5000)}}), sent)
        notes.append(asked(connection, request)[0])
    pipe.send((kind, notes))
    pipe.close()


def memory(process, key):
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith(key + ":"):
                return int(line.split()[1]) / 1024
    return 0.0


def pending(server):
    answer = json.loads(server.get("/indexes.json"))
    return {f"{name}.{index['name']}" for name, model in answer["models"].items()
            for index in model["indexes"] if index["status"] == "pending"}


def deploy(server, folder, name, xml, settle):
    """Deploys, waits until every index is ready and for `settle` seconds more; times, by the monotonic clock."""
    path = os.path.join(folder, "next.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(xml)
    begin = time.monotonic()
    server.command("data-model", "deploy", path, "--deployment", server.deployment)
    end = time.monotonic()
    waiting, before, built = pending(server), end, []
    while waiting:
        time.sleep(0.01)
        left = pending(server)
        if left != waiting:
            now = time.monotonic()
            built += [(index, now - before) for index in sorted(waiting - left)]
            waiting, before = left, now
    done = time.monotonic()
    time.sleep(settle)
    return {"name": name, "begin": begin, "end": end, "done": done, "built": built}


def worst(notes, begin, end):
    """Milliseconds of the requests that ran at some time between these: how many, p99, worst."""
    found = sorted(1000 * (note[1] - note[0]) for note in notes if note[1] >= begin and note[0] <= end)
    if not found:
        return 0, 0.0, 0.0
    return len(found), found[min(len(found) - 1, int(len(found) * 0.99))], found[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, help="a release build of sojourn")
    parser.add_argument("--data", required=True, help="a data directory with the year's flights")
    parser.add_argument("--schema", default=os.path.join(HERE, "..", "examples", "flights", "schema.xml"))
    parser.add_argument("--seconds", type=float, default=2.0, help="load between two deploys (default 2)")
    parser.add_argument("--work-dir", help="where the copy goes (default: the system's temporary directory)")
    parser.add_argument("--json", help="writes the figures there too")
    options = parser.parse_args()
    with open(options.schema, encoding="utf-8") as file:
        xml = file.read()
    work = tempfile.mkdtemp(prefix="sojourn-deploys-", dir=options.work_dir)
    try:
        folder = os.path.join(work, "data")
        shutil.copytree(options.data, folder)
        with Sojourn(options.binary, folder, options.schema) as server:
            report = measure(server, folder, xml, options.seconds)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=1)
    # A disk that makes writes wait on its own says nothing of deploys.
    alone = report["lines"][0]["writes"][2]
    return 1 if report["failures"] or report["worst_wait_ms"] > max(WORST_WAIT_MS, alone) else 0


def measure(server, folder, xml, seconds):
    listed = json.loads(server.get("/objects/flight.json?limit=1000&total=false"))["objects"]
    ids = [flight["id"] for flight in listed]
    print(f"{server.count()} flights")
    before = memory(server.process.pid, "VmRSS")
    stop = multiprocessing.Event()
    workers, pipes = [], []
    for number, kind in enumerate(["get", "list", "patch", "create"]):
        mine, theirs = multiprocessing.Pipe(False)
        worker = multiprocessing.Process(
            target=client, args=(kind, number, server.port, server.base, server.headers, ids, theirs, stop))
        worker.start()
        workers.append(worker)
        pipes.append(mine)
    time.sleep(seconds)
    quiet = (time.monotonic() - seconds, time.monotonic())
    under_load = memory(server.process.pid, "VmRSS")
    plan = deploys(xml)
    done = [deploy(server, folder, name, document, seconds) for name, document, _ in plan]
    after, peak = memory(server.process.pid, "VmRSS"), memory(server.process.pid, "VmHWM")
    stop.set()
    notes = {"get": [], "list": [], "patch": [], "create": []}
    for pipe, worker in zip(pipes, workers):
        kind, found = pipe.recv()
        notes[kind] = found
        worker.join()
    writes, reads = notes["patch"] + notes["create"], notes["get"] + notes["list"]
    failures = [note for note in writes + reads if not 200 <= note[2] < 300]

    print("| deploy | command | writes: number, p99, worst | reads: number, p99, worst | indexes |")
    print("|---|---|---|---|---|")

    def line(name, command, begin, end, built):
        wrote, read = worst(writes, begin, end), worst(reads, begin, end)
        indexes = ", ".join(f"{index} {1000 * time_:.0f} ms" for index, time_ in built)
        print(f"| {name} | {command} | {wrote[0]}, {wrote[1]:.1f} ms, {wrote[2]:.1f} ms "
              f"| {read[0]}, {read[1]:.1f} ms, {read[2]:.1f} ms | {indexes} |")
        return {"name": name, "writes": wrote, "reads": read, "built": built}

    lines = [line("(load alone)", "", *quiet, [])]
    worst_wait = 0.0
    for (name, _, builds), times in zip(plan, done):
        # What is read through a new expression or a new file layout may be slow a moment after, too.
        lines.append(line(name, f"{1000 * (times['end'] - times['begin']):.0f} ms", times["begin"],
                          times["done"] + 0.2, times["built"]))
        if not builds:
            worst_wait = max(worst_wait, lines[-1]["writes"][2])
    print(f"\nrequests: {len(writes)} writes, {len(reads)} reads; failed: {len(failures)}")
    for note in failures[:5]:
        print(f"  status {note[2]}: {note[3]}")
    print(f"worst write wait without index building: {worst_wait:.1f} ms (at most {WORST_WAIT_MS:.0f})")
    print(f"memory: {before:.0f} MB idle, {under_load:.0f} MB under load, {after:.0f} MB after, {peak:.0f} MB at most")
    return {"lines": lines, "failures": len(failures), "worst_wait_ms": worst_wait,
            "memory_mb": {"idle": before, "load": under_load, "after": after, "peak": peak}}


if __name__ == "__main__":
    sys.exit(main())
