#!/usr/bin/env python3
"""script/soak: a server under mixed load for a long time, with every answer checked against what must be there.

Clients write and read flights by every route of v4; follow the change feed by long polls, some of which they give up;
take webhooks and refuse some; deploy data models; upload and download attachments; open, export and change
in the Data Browser; and break off in the middle of everything. Memory, descriptors and threads of the server are
sampled each ten seconds. A line of least squares goes through each over the second half.

A non-zero exit when an answer was wrong, when the server ended or logged a fault, when the feed, the webhooks and
the clients do not agree at the end, or when a line rises further than its bound.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
import uuid

from soaking import watch
from soaking.cutter import TAIL as CUT, Cutter
from soaking.deployer import Deployer
from soaking.follower import HOOK, Follower, Forgetful
from soaking.keeper import Keeper
from soaking.receiver import Receiver
from soaking.talk import Talk, Wrong, expect
from soaking.uploader import Uploader
from soaking.visitor import TAIL as STAYS, Visitor
from sojourn_server import Sojourn

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "examples", "flights", "schema.xml")
KEEPERS, AIRLINES, STAY = 4, 5, 500
# How long deliveries that were refused may take to come again.
CATCHING_UP_S = 120


class Soak:
    """What all clients share."""

    def __init__(self, server):
        self.server, self.stop, self.faults = server, threading.Event(), []
        self.airlines, self.followed = [], 0

    def wrong(self, client, problem):
        self.faults.append(f"{type(client).__name__}, turn {client.turns}: {type(problem).__name__}: {problem}")
        say(self.faults[-1])
        self.stop.set()


def say(text):
    print(text, file=sys.stderr, flush=True)


def prepare(soak, receiver):
    """Objects that stay, and the webhook. The distances of the flights that stay, by their ids."""
    server, talk = soak.server, Talk(soak.server)
    server.command("deployment", "set", "--deployment", server.deployment, "webhook_allow=127.0.0.1",
                   "oplog_retention=10m")
    server.command("webhook", "enable", "--deployment", server.deployment, "--name", HOOK,
                   "--url", f"http://127.0.0.1:{receiver.port}/")
    receiver.secret = json.loads(server.command(
        "webhook", "secret", "show", "--deployment", server.deployment, "--name", HOOK, "--json"))["secret"]
    for number in range(AIRLINES):
        made = talk.send("POST", "/objects/airline.json", {"airline": {"carrier": f"A{number}", "name": "Stays"}})
        soak.airlines.append(made["id"])
    stay = {str(uuid.uuid4()): float(number) for number in range(STAY)}
    talk.send("POST", "/batch.json", {"operations": [
        {"method": "put", "object": {"type": "flight", "id": id, "tail_number": STAYS, "number": number,
                                     "distance": distance}} for number, (id, distance) in enumerate(stay.items())]})
    return stay


def agree(soak, clients, receiver, follower):
    """What the feed told, what clients wrote and what webhooks brought must be the same."""
    while follower.page(wait=0)["has_more"] or follower.page(wait=0)["entries"]:
        pass
    known = {id for client in clients if isinstance(client, Keeper) for id in client.flights}
    told = {id for id, flight in follower.flights.items() if flight["tail_number"] not in (STAYS, CUT)}
    expect(known == told, f"clients hold {len(known)} flights, the feed tells of {len(told)}; {len(known ^ told)} differ")
    for client in clients:
        if isinstance(client, Keeper):
            for id in client.flights:
                client.check(follower.flights[id])
    uploaded = next(set(client.sheets) for client in clients if isinstance(client, Uploader))
    airlines = next(client.catch_up() for client in clients if isinstance(client, Forgetful))
    expect(airlines == uploaded | set(soak.airlines), f"{len(airlines)} airlines are told of, {len(uploaded)} uploaded")
    receiver.calm = True
    deadline = time.monotonic() + CATCHING_UP_S
    while follower.due - receiver.taken and time.monotonic() < deadline:
        time.sleep(0.5)
    missing, others = follower.due - receiver.taken, receiver.taken - follower.due
    expect(not missing and not others, f"{len(missing)} deliveries are missing, {len(others)} came that were not due: "
           f"{sorted(missing | others)[:3]}")
    expect(not receiver.faults, f"{len(receiver.faults)} deliveries are wrong: {receiver.faults[:3]}")


def run(soak, receiver, minutes):
    """The load, and what was sampled meanwhile."""
    stay = prepare(soak, receiver)
    follower = Follower(soak)
    clients = [*(Keeper(soak, number) for number in range(KEEPERS)), Cutter(soak), Uploader(soak), Visitor(soak, stay),
               Deployer(soak), Forgetful(soak)]
    watching = watch.Watch(soak.server.process.pid, soak.stop, say)
    for thread in (follower, watching, *clients):
        thread.start()
    soak.stop.wait(minutes * 60)
    soak.stop.set()
    for thread in (*clients, follower, watching):
        thread.join(90)
        expect(not thread.is_alive(), f"{type(thread).__name__} waits for an answer still")
    if not soak.faults:
        agree(soak, clients, receiver, follower)
    counts = {type(client).__name__: 0 for client in clients}
    for client in clients:
        counts[type(client).__name__] += client.turns
    return watching, {**counts, "Follower": follower.turns, "deliveries": len(receiver.taken),
                      "refused deliveries": receiver.refused}


def logged_faults(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return [line.strip() for line in file if '"level":"error"' in line or " error " in line or "Fatal" in line]


def report(lines, counts, faults):
    print("| | at the start | second half: least | most | at the end | an hour | rise in it | bound | |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---|")
    for line in lines:
        held = "holds" if line["rise"] <= line["bound"] else "**broken**"
        print(f"| {line['measured']} {line['unit']} | {line['first']:.4g} | {line['least']:.4g} | {line['most']:.4g} | "
              f"{line['last']:.4g} | {line['an_hour']:+.3g} | {line['rise']:+.3g} | {line['bound']:.3g} | {held} |")
    print("\n" + ", ".join(f"{name} {count:,}" for name, count in counts.items()))
    for fault in faults:
        print(f"Wrong: {fault}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", required=True, help="a release build of sojourn")
    arguments.add_argument("--minutes", type=float, default=60)
    arguments.add_argument("--work-dir", help="where the data goes (default: the system's temporary directory)")
    arguments.add_argument("--json", help="writes the samples there too")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="sojourn-soak-", dir=given.work_dir) as work:
        server = Sojourn(os.path.abspath(given.binary), os.path.join(work, "data"), SCHEMA)
        server.serve_options = ("--second-factor", "none")
        server.create()
        with server:
            soak, receiver, lines, counts = Soak(server), Receiver(), [], {}
            try:
                watching, counts = run(soak, receiver, given.minutes)
                lines = list(watching.lines())
            except Wrong as problem:
                soak.faults.append(str(problem))
            if server.process.poll() is not None:
                soak.faults.append(f"the server ended with {server.process.returncode}")
        soak.faults += logged_faults(server.log.name)
        if soak.faults:
            with open(server.log.name, encoding="utf-8", errors="replace") as file:
                say(file.read()[-4000:])
    report(lines, counts, soak.faults)
    if given.json:
        with open(given.json, "w", encoding="utf-8") as file:
            json.dump({"lines": lines, "counts": counts, "faults": soak.faults, "samples": [
                [second, {each.name: value for each, value in found.items()}] for second, found in watching.samples]}, file)
    return 1 if soak.faults or any(line["rise"] > line["bound"] for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
