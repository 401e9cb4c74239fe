#!/usr/bin/env python3
"""Deploys over many models at once while clients write, and says how long writers waited.

  bench/wide_deploys.py --binary .build/release/sojourn [--models 100 --models 1000] [--json FILE]

For each number of models it makes a deployment of so many models with 20 fields each, and two processes write
(a create; a PATCH) and one reads, each over one connection, without pause. Meanwhile it deploys, one after the
other: a dry run of a field in each model, that field, ten fields in each, an index in each, all of them removed,
and as many models again. Of each it prints how long the command took, and the slowest write and read that
touched it.

A non-zero exit when a request failed, a deploy took longer than 2 s, or a write waited longer than 50 ms at up to
100 models, 1 s beyond them and where indexes are built, and 20 ms for a dry run - and longer than any write under
the load alone. Keep the machine otherwise idle.
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

from deploy_under_load import asked, pending, worst
from sojourn_server import Sojourn

LONGEST_DEPLOY_S = 2.0
DRY_RUN_WAIT_MS = 20.0
SETTLE_S = 1.5


def longest_wait_ms(models):
    """What a write may wait for a deploy that changes so many models."""
    return 50.0 if models <= 100 else 1000.0


def document(models, more=0, index=False, prefix="m"):
    """A data model of so many models with 20 fields each, and `more` beside them."""
    fields = "".join(f'<field name="f{n}" label="F" type="text"/>' for n in range(20 + more))
    indexed = '<index on="f1"/>' if index else ""
    return "".join(
        f'<model name="{prefix}{n}" label="M">{fields}<display>{{f0}}</display>{indexed}</model>'
        for n in range(models))


def whole(*parts):
    return "<data-model>" + "".join(parts) + "</data-model>"


def plan(models):
    """What is done, one after the other: a name, further arguments, the document."""
    plain = document(models)
    return [
        ("dry run: a field in each", ["--dry-run"], whole(document(models, 1))),
        ("a field in each", [], whole(document(models, 1))),
        ("ten fields in each", [], whole(document(models, 11))),
        ("an index in each", [], whole(document(models, 11, True))),
        ("as it was", [], whole(plain)),
        ("as many models again", [], whole(document(models // 2), document(models - models // 2, prefix="n"))),
    ]


def client(kind, port, base, headers, models, pipe, stop):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    notes, turn, ids = [], 0, {}
    sent = {**headers, "Content-Type": "application/json"}
    while not stop.is_set():
        # Of the first half, which every one of these data models has.
        model = f"m{turn % max(1, models // 2)}"
        turn += 1
        if kind == "get":
            request = ("GET", f"{base}/objects/{model}.json?limit=5&total=false", None, headers)
        elif kind == "patch" and model in ids:
            request = ("PATCH", f"{base}/objects/{model}/{ids[model]}.json",
                       json.dumps({model: {"f1": str(turn)}}), sent)
        else:
            request = ("POST", f"{base}/objects/{model}.json", json.dumps({model: {"f0": "a", "f1": str(turn)}}), sent)
        note, body = asked(connection, request)
        notes.append(note)
        if kind == "patch" and request[0] == "POST" and note[2] == 200:
            ids[model] = json.loads(body)["id"]
    pipe.send((kind, notes))
    pipe.close()


def measure(binary, models, work):
    folder = os.path.join(work, f"data-{models}")
    schema = os.path.join(work, "first.xml")
    with open(schema, "w", encoding="utf-8") as file:
        file.write(whole(document(models)))
    server = Sojourn(binary, folder, schema)
    server.create()
    with server:
        stop = multiprocessing.Event()
        workers, pipes = [], []
        for kind in ["get", "patch", "create"]:
            mine, theirs = multiprocessing.Pipe(False)
            worker = multiprocessing.Process(
                target=client, args=(kind, server.port, server.base, server.headers, models, theirs, stop))
            worker.start()
            workers.append(worker)
            pipes.append(mine)
        time.sleep(2 * SETTLE_S)
        quiet = (time.monotonic() - SETTLE_S, time.monotonic())
        times = []
        for name, arguments, xml in plan(models):
            path = os.path.join(work, "next.xml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(xml)
            begin = time.monotonic()
            try:
                said = server.command("data-model", "deploy", path, "--deployment", server.deployment, *arguments)
            except RuntimeError as error:
                # A server that takes longer than the command waits goes on with it.
                said = str(error)
            end = time.monotonic()
            while pending(server):
                time.sleep(0.05)
            times.append((name, begin, end, time.monotonic(), said))
            time.sleep(SETTLE_S)
        stop.set()
        notes = {}
        for pipe, worker in zip(pipes, workers):
            kind, found = pipe.recv()
            notes[kind] = found
            worker.join()
    writes, reads = notes["patch"] + notes["create"], notes["get"]
    failures = [note for note in writes + reads if not 200 <= note[2] < 300]
    alone = worst(writes, *quiet)
    print(f"\n{models} models of 20 fields: {len(writes)} writes, {len(reads)} reads; failed: {len(failures)}")
    for note in failures[:5]:
        print(f"  status {note[2]}: {note[3]}")
    print(f"load alone: the slowest write {alone[2]:.0f} ms, the slowest read {worst(reads, *quiet)[2]:.0f} ms")
    print("| deploy | command | slowest write | slowest read | all indexes after |\n|---|---|---|---|---|")
    lines, short = [], bool(failures)
    for name, begin, end, done, said in times:
        # What is read through a new file layout may be slow a moment after, too.
        wrote, read = worst(writes, begin, done + 0.2), worst(reads, begin, done + 0.2)
        print(f"| {name} | {1000 * (end - begin):.0f} ms | {wrote[2]:.0f} ms | {read[2]:.0f} ms | {1000 * (done - begin):.0f} ms |")
        for line in said.splitlines():
            if line.startswith(("Writes would wait", "sojourn data-model")):
                print(f"| | {line} | | | |")
        bound = DRY_RUN_WAIT_MS if name.startswith("dry") else longest_wait_ms(models)
        if "index" in name:
            # Writes wait for indexes over objects besides, which takes as long as there are objects.
            bound = longest_wait_ms(1000)
        short = short or end - begin > LONGEST_DEPLOY_S or wrote[2] > max(bound, alone[2])
        lines.append({"name": name, "command_ms": 1000 * (end - begin), "write_ms": wrote[2], "read_ms": read[2],
                      "indexes_ms": 1000 * (done - begin)})
    return {"models": models, "failures": len(failures), "alone_write_ms": alone[2], "lines": lines}, short


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, help="a release build of sojourn")
    parser.add_argument("--models", type=int, action="append", help="how many; may be given again (default 100 and 1000)")
    parser.add_argument("--work-dir", help="where the data goes (default: the system's temporary directory)")
    parser.add_argument("--json", help="writes the figures there too")
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix="sojourn-wide-", dir=options.work_dir)
    try:
        measured = [measure(options.binary, models, work) for models in options.models or [100, 1000]]
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump([report for report, _ in measured], file, indent=1)
    return 1 if any(short for _, short in measured) else 0


if __name__ == "__main__":
    sys.exit(main())
