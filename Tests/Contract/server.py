"""A real server on a data directory of its own, with the flights model and a sample of its data."""

import base64
import ctypes
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FLIGHTS = ROOT / "examples" / "flights"

# Model, file, and how many of its rows are enough.
SAMPLE = [
    ("airline", "airlines.csv", 20),
    ("airport", "airports.csv", 200),
    ("plane", "planes.csv", 100),
    ("flight", "flights-week1.csv", 300),
    ("weather", "weather-week1.csv", 100),
    ("user", "users.csv", 8),
]


LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def end_with_parent():
    """Even when these tests are killed, the kernel ends what they started."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Server:
    """Runs inside a `with`; however that ends, the process ends and its directory goes."""

    sample = SAMPLE
    # What `serve` is told beside its data directory.
    serve_options = ["--trusted-proxy", "127.0.0.0/8"]

    def __init__(self, binary):
        self.binary = str(binary)
        self.process = None

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="sojourn-contract-")
        try:
            self._make()
            self._start()
            self._fill()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.directory.cleanup()

    def _command(self, *words, told=None):
        """What a command prints that is told this on its standard input."""
        done = subprocess.run(
            [self.binary, *words, "--data-dir", self.data, "--json"], input=told or "", capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"sojourn {' '.join(words)}: {done.stderr[-2000:]}")
        return json.loads(done.stdout)

    def _make(self):
        self.data = os.path.join(self.directory.name, "data")
        made = self._command(
            "deployment", "create", "--name", "flights", "--environment", "testing",
            "--data-model", str(FLIGHTS / "schema.xml"))
        self.id, self.password = made["id"], made["password"]
        # Another one, without data, whose names are difficult.
        made = self._command(
            "deployment", "create", "--name", "names", "--environment", "testing", "--data-model",
            str(HERE / "names.xml"))
        self.names = made["id"]
        self._passwords = {self.id: self.password, self.names: made["password"]}
        self.token = self._command("token", "create", "--deployment", self.id, "--name", "contract")["token"]

    def _start(self):
        self.log = os.path.join(self.directory.name, "log")
        with open(self.log, "wb") as log:
            # Its descriptors are closed but for these three.
            self.process = subprocess.Popen(
                [
                    self.binary, "serve", "--data-dir", self.data, *self.serve_options, "--listen", "http://127.0.0.1:0",
                ],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=end_with_parent)
        mark = "Listening at http://127.0.0.1:"
        for _ in range(300):
            for line in open(self.log, errors="replace"):
                if mark in line:
                    digits = line.split(mark)[1]
                    port = int("".join(c for c in digits[:6] if c.isdigit()))
                    self.origin = f"http://127.0.0.1:{port}"
                    self.base = f"{self.origin}/api/v4/{self.id}"
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("the server did not start: " + open(self.log, errors="replace").read()[-2000:])

    def _fill(self):
        for model, name, rows in self.sample:
            part = os.path.join(self.directory.name, name)
            with open(FLIGHTS / name, newline="") as whole, open(part, "w", newline="") as cut:
                for _ in range(rows + 1):
                    cut.write(whole.readline())
            subprocess.run(
                [self.binary, "import", "--base-url", self.base, "--username", self.id, "--model", model, part],
                env={**os.environ, "SOJOURN_PASSWORD": self.password},
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

    def get(self, path, deployment=None, parsed=True):
        """The body of a good answer, parsed where it is JSON and that is wanted."""
        return self.send("GET", path, deployment=deployment, parsed=parsed)

    def send(self, method, path, body=None, deployment=None, parsed=True):
        """The same of any request, with a body of JSON."""
        deployment = deployment or self.id
        secret = base64.b64encode(f"{deployment}:{self._passwords[deployment]}".encode()).decode()
        request = urllib.request.Request(
            f"{self.origin}/api/v4/{deployment}{path}", method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Basic {secret}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            body = answer.read()
            return json.loads(body) if parsed and answer.headers.get_content_type() == "application/json" else body
