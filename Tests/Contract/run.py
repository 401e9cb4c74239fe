"""Holds the real server to its OpenAPI document: script/test --contract runs it.

    run.py --binary PATH [--report FILE] [ARGUMENTS OF SCHEMATHESIS]
"""

import argparse
import os
import pathlib
import signal
import subprocess
import sys

from openapi_spec_validator import validate

from server import Server

HERE = pathlib.Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    options, more = parser.parse_known_args()
    # A signal ends the `with` below, and so the server.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    with Server(options.binary) as server:
        validate(server.get("/openapi.json"))
        tests = subprocess.Popen(
            [
                os.path.join(os.path.dirname(sys.executable), "schemathesis"),
                "--config-file", str(HERE / "schemathesis.toml"),
                "run", f"{server.base}/openapi.json", "--auth", f"{server.id}:{server.password}", *more,
            ],
            # Whatever it writes beside its report goes with the server's directory. Which cases it makes
            # hangs on the order of Python's sets, too: it is to make the same ones each time.
            cwd=server.directory.name, stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"})
        try:
            code = tests.wait()
        finally:
            tests.kill()
            tests.wait()
        if server.process.poll() is not None:
            print("The server ended during the tests.", file=sys.stderr)
            return 1
        return code


if __name__ == "__main__":
    sys.exit(main())
