"""The reference of PostgreSQL itself: pgbench with 16 clients on prepared statements."""

import os
import re
import subprocess

CLIENTS, THREADS = 16, 2
# 100,000 accounts each: about as many rows as there are flights in the year.
YEAR_SCALE = 4
DATABASE = "pgbench"


def read_result(output):
    """Transactions a second, and the average latency in milliseconds."""
    rate = re.search(r"^tps = ([\d.]+) \(without initial connection time\)", output, re.MULTILINE)
    latency = re.search(r"^latency average = ([\d.]+) ms", output, re.MULTILINE)
    failed = re.search(r"^number of failed transactions: (\d+)", output, re.MULTILINE)
    if not rate or not latency or (failed and failed.group(1) != "0"):
        raise RuntimeError(f"pgbench printed no result:\n{output.strip()[-1000:]}")
    return float(rate.group(1)), float(latency.group(1))


class Pgbench:
    """Its tables, in a database of their own, and runs on them."""

    def __init__(self, cluster, scale):
        self.cluster, self.scale = cluster, scale

    def make(self):
        self.cluster.drop(DATABASE)
        self.cluster.database(DATABASE)
        self._run("-i", "-q", "-s", str(self.scale))

    def run(self, script, seconds):
        """`-S` reads one row by its key, `-N` changes one, reads it and writes a row of history."""
        output = self._run(script, "-n", "-M", "prepared", "-j", str(THREADS), "-c", str(CLIENTS), "-T", str(seconds))
        return read_result(output)[0]

    def _run(self, *arguments):
        program = os.path.join(self.cluster.programs, "pgbench")
        finished = subprocess.run([program, *self.cluster.client(), *arguments, DATABASE], capture_output=True, text=True,
                                  check=False)
        if finished.returncode != 0:
            raise RuntimeError(f"pgbench failed: {finished.stderr.strip()[-1000:]}")
        return finished.stdout
