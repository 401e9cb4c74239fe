"""script/bench --storage postgresql: a node on PostgreSQL beside what PostgreSQL itself, FastAPI and SQLite do."""

import argparse
import json
import os
import sys

import flights
import report
import wrk_load
from bounds import YEAR
from postgresql.sides import Sides
from postgresql.steps import Steps
from run import ROOT, SCHEMA, say

# In the order in which they run: what only reads before what writes, memory after everything.
STEPS = ["import", "get", "list", "relationship", "oplog", "create-16", "create-64", "create-1", "batch", "nodes",
         "snapshot", "memory"]
QUICK_FLIGHTS = 50_000
SNAPSHOT_SECONDS, QUICK_SNAPSHOT_SECONDS = 600, 15


def run(arguments):
    header, year = flights.year_rows(arguments.year)
    rows = year if arguments.flights == YEAR else flights.sample(header, year, arguments.flights)
    wanted = set(arguments.only)
    say(f"== importing {len(rows):,} flights")
    with Sides(arguments, SCHEMA, rows, header, bool(wanted & {"list", "relationship"})) as sides:
        steps = Steps(sides, arguments.seconds, arguments.repeats, arguments.snapshot_age)
        say(f"== {len(rows):,} flights, PostgreSQL {sides.cluster.version()}, pgbench at scale {sides.pgbench.scale}")
        if "import" in wanted and sides.import_seconds is not None:
            steps.imported(sides.import_seconds)
        before = sides.node.count()
        for step in STEPS:
            if step not in wanted:
                continue
            if step in ("get", "list", "relationship", "oplog", "nodes", "snapshot", "memory"):
                getattr(steps, step)()
            elif step in ("create-16", "create-64"):
                steps.create(int(step.removeprefix("create-")))
            elif step in ("create-1", "batch") and step == min(wanted & {"create-1", "batch"}, key=STEPS.index):
                steps.create_1_and_batch(wanted)
        steps.check_stored(before)
        return steps, {"postgresql": sides.cluster.version(), "pgbench_scale": sides.pgbench.scale}


def main():
    parser = argparse.ArgumentParser(prog="script/bench --storage postgresql", description=__doc__)
    parser.add_argument("--quick", action="store_true",
                        help=f"{QUICK_FLIGHTS:,} flights, runs of one second and a young snapshot: a first impression")
    parser.add_argument("--only", metavar="STEPS", default=",".join(STEPS),
                        help=f"some steps, joined by commas: {', '.join(STEPS)}")
    parser.add_argument("--flights", type=int, help="how many flights (default: the year's 336,776)")
    parser.add_argument("--seconds", type=int, help="length of each run (default: 5, quick: 1)")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each load (default: 3)")
    parser.add_argument("--snapshot-age", type=int, metavar="SECONDS",
                        help=f"how old the snapshot is (default: {SNAPSHOT_SECONDS}, quick: {QUICK_SNAPSHOT_SECONDS})")
    parser.add_argument("--cluster", metavar="DIR", default=os.path.join(ROOT, ".build", "bench-cluster"),
                        help="where the database is made (default: .build/bench-cluster)")
    parser.add_argument("--reuse", action="store_true", help="use what the last run left, and skip the import")
    parser.add_argument("--fail-short", action="store_true", help="fail when something falls short")
    parser.add_argument("--json", action="store_true", help="print JSON and no table")
    for hidden in ("--binary", "--year", "--work-dir"):
        parser.add_argument(hidden, required=True, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.flights = arguments.flights or (QUICK_FLIGHTS if arguments.quick else YEAR)
    arguments.seconds = arguments.seconds or (1 if arguments.quick else 5)
    if arguments.snapshot_age is None:
        arguments.snapshot_age = QUICK_SNAPSHOT_SECONDS if arguments.quick else SNAPSHOT_SECONDS
    arguments.only = arguments.only.split(",")
    unknown = [step for step in arguments.only if step not in STEPS]
    if unknown:
        parser.error(f"there is no step {', '.join(unknown)}; the steps are {', '.join(STEPS)}")
    if arguments.repeats < 1 or arguments.seconds < 1:
        parser.error("--repeats and --seconds are at least 1")

    steps, database = run(arguments)
    settings = {"quick": arguments.quick, "seconds": arguments.seconds, "repeats": arguments.repeats,
                "steps": arguments.only, "flights": arguments.flights, "snapshot_age_s": arguments.snapshot_age, **database}
    found = {"commit": report.commit(ROOT), "settings": settings,
             "measurements": [each.as_json() for each in steps.measurements],
             "figures": [each.as_json() for each in steps.figures]}
    path = report.write(ROOT, found, "-postgresql")
    print(json.dumps(found, indent=2, ensure_ascii=False) if arguments.json
          else report.markdown(steps.measurements, steps.figures))
    say(f"Written to {path}")
    sys.exit(1 if arguments.fail_short and report.falls_short(steps.measurements, steps.figures) else 0)


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, wrk_load.LoadFailed) as problem:
        sys.exit(f"script/bench: {problem}")
