"""Runs wrk and reads what it found."""

import json
import os
import subprocess
from dataclasses import dataclass

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "wrk")


class LoadFailed(Exception):
    """wrk did not run to its end, or printed no result."""


@dataclass
class Run:
    """One run of a load: the answers a second, the latencies in milliseconds, what went wrong."""

    rate: float
    p50_ms: float
    p99_ms: float
    errors: int
    requests: int = 0


def read_result(output):
    """The run that wrk's output describes. A refused operation and a status of 400 or more is an error."""
    for line in output.splitlines():
        if line.startswith("RESULT "):
            found = json.loads(line.removeprefix("RESULT "))
            errors = sum(found[kind] for kind in ("connect_errors", "read_errors", "write_errors",
                                                  "timeouts", "status_errors", "refused"))
            seconds = found["duration_us"] / 1e6
            return Run(rate=found["requests"] / seconds if seconds else 0.0,
                       p50_ms=found["p50_us"] / 1000, p99_ms=found["p99_us"] / 1000,
                       errors=errors, requests=found["requests"])
    raise LoadFailed(f"wrk printed no result:\n{output.strip()[-1000:]}")


def load(origin, script, arguments, connections, seconds, headers=None):
    """Loads `origin` with one of the scripts in bench/wrk for `seconds`."""
    command = ["wrk", "--threads", str(min(2, connections)), "--connections", str(connections),
               "--duration", f"{seconds}s", "--timeout", "10s", "--latency", "--script", script]
    for name, value in (headers or {}).items():
        command += ["--header", f"{name}: {value}"]
    command += [origin, "--", *map(str, arguments)]
    finished = subprocess.run(command, cwd=SCRIPTS, capture_output=True, text=True,
                              timeout=seconds + 60, check=False)
    if finished.returncode != 0:
        raise LoadFailed(f"wrk failed: {finished.stderr.strip()[-1000:]}")
    return read_result(finished.stdout)
