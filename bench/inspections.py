"""Objects of inspections.xml, the same ones every time: what the row `relationship` reads."""

import csv
import datetime
import os
import random
import uuid

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inspections.xml")
COUNT, SITES, CREWS, PUMPS = 10_000, 50, 40, 500
PAGE = 100  # each site has twice as many inspections, so that every list is full and counts further than it shows

HEADER = ["id", "remark", "due_on", "bar", "visits", "passed", "state", "risk", "faults", "tools", "done_at",
          "site_id", "crew_id", "pump_id"]
WORDS = ["seal", "valve", "gauge", "bolt", "checked", "tightened", "again", "dry", "north", "upper"]


def named_id(model, number):
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{model} {number}"))


def sites():
    return [named_id("site", n) for n in range(SITES)]


def related():
    """The rows of the models that inspections belong to, each with its header."""
    return {
        "site": [["id", "name"]] + [[named_id("site", n), f"Site {n:02}"] for n in range(SITES)],
        "crew": [["id", "name"]] + [[named_id("crew", n), f"Crew {n:02}"] for n in range(CREWS)],
        "pump": [["id", "serial"]] + [[named_id("pump", n), f"P-{n * 7919 % 100_000:05}"] for n in range(PUMPS)],
    }


def some(keys, chance):
    """Some of the keys in the order of the model, as a cell of CSV."""
    return "|".join(key for key in keys if chance.random() < 0.2)


def inspection(number, chance):
    # The number has all its digits: the display rounds it, and the field prints all of them.
    done = datetime.datetime(2024, 1, 1) + datetime.timedelta(seconds=chance.randrange(2 * 365 * 86_400))
    due = done.date() + datetime.timedelta(days=chance.randrange(400))
    return [named_id("check", number), chance.choice(WORDS), due.isoformat(),
            str(chance.uniform(0, 400)), str(chance.randrange(100_000)), chance.choice(["true", "false"]),
            chance.choice(["ok", "worn", "bad"]), chance.choice(["low", "mid", "high"]),
            some(["leak", "rust", "dirt"], chance), some(["saw", "jack", "lamp"], chance),
            done.strftime("%Y-%m-%dT%H:%M:%SZ"), named_id("site", number % SITES),
            named_id("crew", chance.randrange(CREWS)), named_id("pump", chance.randrange(PUMPS))]


def inspections():
    chance = random.Random(14)
    return [HEADER] + [inspection(number, chance) for number in range(COUNT)]


def listing(site):
    return f"/objects/check.json?q[site_id]={site}&limit={PAGE}"


def fill(server, folder):
    """Loads all of it into a running server of this schema."""
    for model, rows in {**related(), "check": inspections()}.items():
        path = os.path.join(folder, f"{model}.csv")
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        server.load(model, path)
