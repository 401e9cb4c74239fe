"""Searches for tail numbers: how long until their index is there, and how long one takes then."""

import random
import time

PATIENCE_S = 180


def search(server, text):
    """What a search for one flight of this text answers, and the milliseconds that it took."""
    began = time.perf_counter()
    answer = server.post("/objects/flight/search.json", {"query": text, "limit": 1})
    return answer, (time.perf_counter() - began) * 1000


def fill(server, tails):
    """The first search asks for an index; from when it is there, searches do not scan. The seconds until then."""
    began = time.monotonic()
    fast = 0
    while fast < 5:
        answer, took = search(server, random.choice(tails))
        if answer["total"] < 1:
            raise RuntimeError("a search for a tail number found no flight")
        fast = fast + 1 if took < 20 else 0
        if time.monotonic() - began > PATIENCE_S:
            raise RuntimeError(f"searches are still slow after {PATIENCE_S} s")
        if not fast:
            time.sleep(0.1)
    return time.monotonic() - began


def times_ms(server, tails, count):
    """How long each of so many searches for tail numbers took; each must find flights."""
    times = []
    for _ in range(count):
        answer, took = search(server, random.choice(tails))
        if answer["total"] < 1:
            raise RuntimeError("a search for a tail number found no flight")
        times.append(took)
    return times
