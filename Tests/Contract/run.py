"""Holds the real server to its OpenAPI document: script/test --contract runs it.

    run.py --binary PATH [--explore SECONDS] [ARGUMENTS OF SCHEMATHESIS]

The cases of each operation are the same each time, and as many on a slow machine as on a fast one. Only
sequences of operations hang on what the server answered, and are made for a time. With --explore, all
cases are others each time (--seed N repeats them), for as long as that.
"""

import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys

from openapi_spec_validator import validate

from server import Server

HERE = pathlib.Path(__file__).resolve().parent
CONFIGURATION = HERE / "schemathesis.toml"


def schemathesis(server, configuration, arguments):
    """Its exit code."""
    tests = subprocess.Popen(
        [
            os.path.join(os.path.dirname(sys.executable), "schemathesis"),
            "--config-file", str(configuration),
            "run", f"{server.base}/openapi.json", "--auth", f"{server.id}:{server.password}", *arguments,
        ],
        # Whatever it writes beside its report goes with the server's directory. Which cases it makes
        # hangs on the order of Python's sets, too: it is to make the same ones each time.
        cwd=server.directory.name, stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"})
    try:
        return tests.wait()
    finally:
        tests.kill()
        tests.wait()


def run(server, explore, more):
    """The worst exit code of the runs."""
    if not explore:
        each = schemathesis(server, CONFIGURATION, ["--phases", "examples,coverage,fuzzing", *more])
        return max(each, schemathesis(server, CONFIGURATION, ["--phases", "stateful", "--max-time", "40", *more]))
    text = CONFIGURATION.read_text().replace("deterministic = true", "deterministic = false")
    configuration = pathlib.Path(server.directory.name, CONFIGURATION.name)
    configuration.write_text(re.sub("^seed = .*\n", "", text, flags=re.MULTILINE))
    return schemathesis(server, configuration, ["--max-time", str(explore), *more])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--explore", type=int, metavar="SECONDS")
    options, more = parser.parse_known_args()
    # A signal ends the `with` below, and so the server.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    with Server(options.binary) as server:
        validate(server.get("/openapi.json"))
        code = run(server, options.explore, more)
        if server.process.poll() is not None:
            print("The server ended during the tests.", file=sys.stderr)
            return 1
        return code


if __name__ == "__main__":
    sys.exit(main())
