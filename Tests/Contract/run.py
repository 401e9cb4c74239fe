"""Holds the real server to its OpenAPI document, and to what the documentation says of other people's
programs: script/test --contract runs it.

    run.py --binary PATH [--explore SECONDS] [ARGUMENTS OF SCHEMATHESIS]

The cases of each operation are the same each time, and as many on a slow machine as on a fast one. Only
sequences of operations hang on what the server answered, and are made for a time. With --explore, all
cases are others each time (--seed N repeats them), for as long as that, and the programs are left out.
"""

import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import unittest

from openapi_spec_validator import validate

from generated_client import TheGeneratedClient
from loading import TheProgramOfThePageOnLoading
from server import HERE, Server

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


def programs(binary):
    """What others' programs do with a server of their own; an exit code."""
    with Server(binary) as server:
        tests = unittest.TestSuite()
        for case in (TheGeneratedClient, TheProgramOfThePageOnLoading):
            case.server = server
            tests.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(case))
        return 0 if unittest.TextTestRunner(verbosity=2).run(tests).wasSuccessful() else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--explore", type=int, metavar="SECONDS")
    options, more = parser.parse_known_args()
    # A signal ends the `with` below, and so the server.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    code = 0 if options.explore else programs(options.binary)
    with Server(options.binary) as server:
        for path in ("/openapi.json", "/openapi.json?forms=false"):
            validate(server.get(path))
        code = max(code, run(server, options.explore, more))
        if server.process.poll() is not None:
            print("The server ended during the tests.", file=sys.stderr)
            return 1
        return code


if __name__ == "__main__":
    sys.exit(main())
