"""The pages of the Data Browser under load, and beside PocketBase and Datasette on the same flights."""

import gzip
import html
import http.client
import math
import os
import random
import re
import threading
import time
import uuid

import hooks

MILLION = 1_000_000
SPACE = uuid.UUID("6b1f6f0e-5f1c-5b43-9d0a-3f5f9b2f7c11")
# What is asked for in a second by 16 connections, and still leaves each person below 20 a second.
VISITORS = 250
WRITES = 500
# Changes in one request.
BATCH = 100


def many(header, rows, count):
    """So many rows: the year over and over, each time under other ids."""
    at = header.index("id")
    for turn in range(0, count, len(rows)):
        for row in rows[:count - turn]:
            if turn == 0:
                yield row
            else:
                yield [*row[:at], str(uuid.uuid5(SPACE, f"{turn}/{row[at]}")), *row[at + 1:]]


def with_five_relations(schema):
    """The data model with planes that lead to two airports, so that five models and ways lead to an airport."""
    at = schema.index("</model>", schema.index('<model name="plane"'))
    ways = "".join(f'<belongs-to model="airport" name="{name}"/>' for name in ("home", "workshop"))
    # Behind what such an element may follow: a display is the last but for indexes.
    before = schema.rindex("<has-many", 0, at)
    return schema[:before] + ways + schema[before:]


def planes_at_home(rows, airports):
    """Planes with a home and a workshop each, drawn from these airports; the header is the first row."""
    drawn, rows = random.Random(7), iter(rows)
    yield [*next(rows), "home_id", "workshop_id"]
    for row in rows:
        yield [*row, drawn.choice(airports), drawn.choice(airports)]


def quantile(times, share):
    """The smallest of the times that this share of them does not exceed; they are sorted."""
    return times[max(0, math.ceil(len(times) * share) - 1)]


def links(page, words):
    """The addresses of the links on a page whose text is `words`."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return [html.unescape(address) for address, text in found if re.sub("<[^>]*>", "", text).strip() == words]


def assets(page):
    """The addresses of a page's style sheet and modules."""
    return list(dict.fromkeys(re.findall(r'(?:href|src)="(/databrowser/assets/[^"]*\.(?:css|js))"', page)))


def imports(module, address):
    """The addresses of what a module imports."""
    return [os.path.join(os.path.dirname(address), name) for name in re.findall(r'from "\./([^"]*)"', module)]


class Reader:
    """Opens pages one after the other on one connection, as one person after the other."""

    def __init__(self, server, cookies):
        self.server, self.cookies, self.turn = server, cookies, 0
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def open(self, path):
        """The page, and the milliseconds until all of it was there."""
        self.turn += 1
        began = time.perf_counter()
        self.connection.request("GET", path, headers={"Cookie": self.cookies[self.turn % len(self.cookies)]})
        answer = self.connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}")
        return body.decode(), took

    def times(self, paths):
        return sorted(self.open(path)[1] for path in paths)

    def weight(self, page):
        """The bytes of style and modules, each compressed as it is sent."""
        wanted, seen = assets(page), {}
        while wanted:
            address = wanted.pop()
            if address not in seen:
                seen[address] = self.open(address)[0]
                wanted += imports(seen[address], address) if address.endswith(".js") else []
        return sum(compressed(text) for text in seen.values())


def compressed(text):
    return len(gzip.compress(text.encode(), 1))


class Paths:
    """Addresses of pages of flights."""

    def __init__(self, server, questions):
        self.models = f"/databrowser/{server.deployment}/models"
        self.table = f"{self.models}/flight"
        self.questions = questions

    def tables(self, reader, count):
        """Unfiltered pages one after the other, and the flights of planes and airlines: what indexes serve."""
        found, at = [], self.table
        while len(found) < count // 2:
            found.append(at)
            following = links(reader.open(at)[0], "Next")
            at = following[0] if following else self.table
        planes = random.Random(4).choices(self.questions.busy_planes, k=count - len(found) - 1)
        found += [f"{self.table}?q[plane_id]={plane}" for plane in planes]
        return [*found, f"{self.table}?q[airline_id]={self.questions.largest_airline}"]

    def objects(self, count):
        """The busiest airports, to which flights lead in two ways, planes in two, and observations; and flights, which
        lead to four objects."""
        flights = random.Random(5).choices(self.questions.some_ids, k=count // 2)
        airports = random.Random(8).choices(self.questions.busy_airports, k=count - count // 2)
        return [*(f"{self.table}/{each}" for each in flights), *(f"{self.models}/airport/{each}" for each in airports)]

    def histories(self, count):
        """The history of the flight that `changes` writes."""
        return [f"{self.table}/{self.questions.some_ids[0]}/history"] * count

    def changes(self, count):
        """Bodies of batches that change one flight so many times."""
        flight = self.questions.some_ids[0]
        for start in range(0, count, BATCH):
            yield {"operations": [
                {"method": "PATCH", "object": {"type": "flight", "id": flight, "distance": number}}
                for number in range(start + 1, min(start + BATCH, count) + 1)]}

    def searches(self, count):
        tails = random.Random(6).choices(self.questions.tail_numbers, k=count)
        return [f"{self.table}/pick?relationship=plane&text={tail}" for tail in tails]

    def unindexed(self):
        """Filters that no index serves, by minutes in the air of which 30 of the newest 100,000 flights have so many."""
        return [f"{self.table}?q[air_time]={minutes}" for minutes in (255, 258, 264, 265, 378)]


class Writers:
    """Clients that create flights at a steady rate within a `with`."""

    def __init__(self, server, bodies):
        self.server, self.bodies, self.stop = server, bodies, threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self._write)
        self.thread.start()

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()

    def _write(self):
        while not self.stop.is_set():
            hooks.write_steadily(self.server, self.bodies, WRITES, 1)
