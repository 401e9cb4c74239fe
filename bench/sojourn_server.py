"""The server that is measured: a release build, its own data directory, one deployment of flights."""

import base64
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request

from nginx import free_port
from pairs import processor_seconds


class Sojourn:
    """One data directory and, within a `with`, the server on it: plain HTTP and HTTPS on loopback."""

    # What `serve` is told beside where it listens.
    serve_options = ()

    def __init__(self, binary, folder, schema):
        self.binary, self.folder, self.schema = binary, os.path.abspath(folder), schema
        self.process = None

    def create(self):
        """Starts from nothing: an empty data directory with one deployment."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.make_deployment()

    def make_deployment(self):
        made = self.command("deployment", "create", "--name", "bench", "--environment", "testing",
                            "--data-model", self.schema, "--json")
        with open(os.path.join(self.folder, "bench.json"), "w", encoding="utf-8") as file:
            file.write(made)

    def storage(self):
        """How commands are told where the data is."""
        return ["--data-dir", self.folder]

    def serving(self):
        """The same for `serve`."""
        return self.storage()

    def command(self, *arguments):
        finished = subprocess.run([self.binary, *arguments, *self.storage()],
                                  capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            raise RuntimeError(f"sojourn {' '.join(arguments[:2])} failed: {finished.stderr.strip()}")
        return finished.stdout

    def __enter__(self):
        with open(os.path.join(self.folder, "bench.json"), encoding="utf-8") as file:
            made = json.load(file)
        self.deployment, self.password = made["id"], made["password"]
        self.port, self.tls_port = free_port(), free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.tls_origin = f"https://127.0.0.1:{self.tls_port}"
        self.base = f"/api/v4/{self.deployment}"
        secret = base64.b64encode(f"{self.deployment}:{self.password}".encode()).decode()
        self.headers = {"Authorization": f"Basic {secret}"}
        self.log = open(os.path.join(self.folder, "bench.log"), "wb")
        self.process = subprocess.Popen(
            [self.binary, "serve", *self.serving(), "--listen", self.origin, "--listen", self.tls_origin,
             *self.serve_options], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(self.origin + "/health/ready", timeout=2).close()
                return self
            except (OSError, urllib.error.HTTPError):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__()
                    raise RuntimeError(f"the server did not start; see {self.log.name}") from None
                time.sleep(0.05)

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def get(self, path):
        """The body of one answer under the deployment, as it was sent."""
        request = urllib.request.Request(self.origin + self.base + path, headers=self.headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def post(self, path, body):
        """The answer to one JSON body, read."""
        request = urllib.request.Request(
            self.origin + self.base + path, json.dumps(body).encode(),
            headers={**self.headers, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def count(self):
        return json.loads(self.get("/objects/flight/count.json"))["count"]

    def load(self, model, path):
        """Imports a CSV file and returns how many seconds that took."""
        began = time.perf_counter()
        finished = subprocess.run(
            [self.binary, "import", "--base-url", self.origin + self.base, "--username", self.deployment,
             "--model", model, path], capture_output=True, text=True, check=False,
            env={**os.environ, "SOJOURN_PASSWORD": self.password, "NO_COLOR": "1"})
        seconds = time.perf_counter() - began
        if finished.returncode != 0:
            raise RuntimeError(f"the import of {os.path.basename(path)} failed: {finished.stderr.strip()[-1000:]}")
        return seconds

    def resident_mb(self):
        """The server's resident memory in MB of 10^6 bytes, now and at its highest."""
        found = {}
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as status:
            for line in status:
                name, _, rest = line.partition(":")
                if name in ("VmRSS", "VmHWM"):
                    found[name] = int(rest.split()[0]) * 1024 / 1e6
        return found["VmRSS"], found["VmHWM"]

    def processor_seconds(self):
        """The processor time that the server has taken since its start, with all its threads."""
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as stat:
            return processor_seconds(stat.read(), os.sysconf("SC_CLK_TCK"))
