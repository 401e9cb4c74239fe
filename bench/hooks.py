"""Webhooks: how fast deliveries catch up, and how late they are while others write."""

import http.client
import os
import threading
import time

HOOK = "flight_status"
WRITERS = 4


class Receipts:
    """What nginx has received: its log has a line for each delivery, with the second and the delivery's name."""

    def __init__(self, nginx):
        self.path = nginx.deliveries
        self.offset = os.path.getsize(self.path) if os.path.exists(self.path) else 0

    def read(self):
        """Second and name of each delivery since this was made."""
        if not os.path.exists(self.path):
            return []
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            text = file.read().decode()
        # The last line may not be whole yet.
        return [parse(line) for line in text[:text.rfind("\n") + 1].splitlines()]

    def wait(self, count, seconds=120):
        """Waits until `count` different deliveries have come."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.read()
            names = {name for _, name in found}
            if len(names) >= count:
                return found
            if time.monotonic() > deadline:
                raise RuntimeError(f"{len(names)} of {count} deliveries came within {seconds} s")
            time.sleep(0.25)


def parse(line):
    second, _, name = line.partition(" ")
    return float(second), name


def rate(receipts):
    """Deliveries a second from the first to the last."""
    seconds = [second for second, _ in receipts]
    span = max(seconds) - min(seconds)
    return (len(seconds) - 1) / span if span > 0 else float("inf")


def lags_ms(receipts):
    """How long after its change each delivery came first, in milliseconds, ascending: a sequence begins with
    the millisecond in which its change was written."""
    first = {}
    for second, name in receipts:
        first[name] = min(second, first.get(name, second))
    return sorted(max(0.0, second * 1000 - (int(name.rpartition(":")[2]) >> 10)) for name, second in first.items())


def hook(server, *words):
    return server.command("webhook", words[0], "--deployment", server.deployment, "--name", HOOK, *words[1:])


def write_steadily(server, bodies, per_second, seconds):
    """Creates flights at a steady rate. How many, and how many a second it came to."""
    total = per_second * seconds
    problems, began = [], time.perf_counter()

    def writer(number):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        headers = {**server.headers, "Content-Type": "application/json"}
        try:
            for turn in range(number, total, WRITERS):
                pause = began + turn / per_second - time.perf_counter()
                if pause > 0:
                    time.sleep(pause)
                body = f'{{"flight":{{"number":{turn},{bodies[turn % len(bodies)]}}}}}'
                connection.request("POST", server.base + "/objects/flight.json", body.encode(), headers)
                answer = connection.getresponse()
                text = answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"a create was answered with {answer.status}: {text[:300]}")
        except (OSError, http.client.HTTPException, RuntimeError) as problem:
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise RuntimeError(f"the steady writes failed: {problems[0]}")
    return total, total / (time.perf_counter() - began)
