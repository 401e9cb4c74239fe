"""The data of the benchmark: the year of flights, a smaller set like it, and what is asked of either."""

import csv
import json
import os
import random
from collections import Counter

BUSY_AIRPORTS = 20
MANY = 100  # a plane with more flights than this is one whose list of 100 is full


def year_rows(folder):
    """The header of the year's flights, and its rows."""
    with open(os.path.join(folder, "flights.csv"), encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        return header, list(rows)


def flights_of_plane(header, rows):
    """Each plane's flights, in the order of the rows."""
    column = header.index("plane_id")
    found = {}
    for row in rows:
        if row[column]:
            found.setdefault(row[column], []).append(row)
    return found


def sample(header, rows, size):
    """`size` rows made up of planes with many flights, so that lists of 100 are as full as in the year.

    Which planes is drawn, the same ones every time. The last plane may be cut short.
    """
    planes = flights_of_plane(header, rows)
    busy = sorted(plane for plane, flights in planes.items() if len(flights) > MANY)
    random.Random(2013).shuffle(busy)
    chosen = []
    for plane in busy:
        chosen += planes[plane]
        if len(chosen) >= size:
            break
    if len(chosen) < size:
        raise ValueError(f"there are {len(chosen)} flights of busy planes, not {size}")
    departure = header.index("scheduled_departure")
    return sorted(chosen[:size], key=lambda row: row[departure])


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


class Questions:
    """What the loads ask of a set of flights: ids, planes with many flights, the largest airline."""

    def __init__(self, header, rows):
        ids, airline = header.index("id"), header.index("airline_id")
        self.some_ids = [row[ids] for row in random.Random(1).sample(rows, min(len(rows), 10_000))]
        self.busy_planes = sorted(
            plane for plane, flights in flights_of_plane(header, rows).items() if len(flights) > MANY)
        airlines = {}
        for row in rows:
            airlines[row[airline]] = airlines.get(row[airline], 0) + 1
        self.largest_airline = max(airlines, key=lambda each: (airlines[each], each))
        ends = Counter(row[header.index(end)] for end in ("origin_id", "destination_id") if end in header for row in rows)
        self.busy_airports = [airport for airport, _ in ends.most_common(BUSY_AIRPORTS)]
        tail = header.index("tail_number")
        self.tail_numbers = sorted({row[tail] for row in random.Random(3).sample(rows, min(len(rows), 2_000))} - {""})
        self.largest_airline_flights = airlines[self.largest_airline]
        self.bodies = [body(header, row) for row in random.Random(2).sample(rows, min(len(rows), 2_000))]


NUMBERS = {"departure_delay", "arrival_delay", "air_time", "distance"}


def body(header, row):
    """A row as the inside of a JSON object, without `id` and `number`: those the load generator varies."""
    fields = {}
    for name, cell in zip(header, row):
        if name in ("id", "number") or not cell:
            continue
        fields[name] = float(cell) if name == "distance" else int(cell) if name in NUMBERS else cell
        if name == "distance" and fields[name].is_integer():
            fields[name] = int(fields[name])
        if name == "diverted":
            fields[name] = cell == "true"
    return json.dumps(fields, separators=(",", ":"))[1:-1]
