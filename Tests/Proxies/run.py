"""Runs the real server behind the real proxies, with the configurations of examples/proxies.

    python3 Tests/Proxies/run.py --binary .build/debug/sojourn

Needs caddy and nginx on the PATH (script/bootstrap --proxies). Caddy: the server is started again ten times under
100 requests a second, half of them POSTs, and no request may fail. nginx: paths, bodies and the client's address
arrive as they were sent. The listening socket is handed to each server as systemd's socket units do. Only the address, the port and the certificate of a configuration are changed.
"""

import argparse
import base64
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RESTARTS = 10
REQUESTS_PER_SECOND = 100
CLIENTS = 10
SCHEMA = """<data-model><model name="note" label="Note"><field name="text" label="Text" type="text"/>
<display>{text}</display></model></data-model>"""


class Failed(Exception):
    """What was not as it must be, in words."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(port, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    raise Failed(f"nothing listens at port {port} after {seconds} s")


class Server:
    """A Sojourn with one deployment, at a port that it keeps."""

    def __init__(self, binary, folder):
        self.binary, self.data = binary, os.path.join(folder, "data")
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.socket.getsockname()[1]
        self.log = os.path.join(folder, "sojourn.log")
        schema = os.path.join(folder, "schema.xml")
        with open(schema, "w", encoding="utf-8") as file:
            file.write(SCHEMA)
        made = json.loads(subprocess.run(
            [binary, "deployment", "create", "--data-dir", self.data, "--name", "behind a proxy", "--environment",
             "testing", "--data-model", schema, "--json"], check=True, capture_output=True, text=True).stdout)
        self.base = f"/api/v4/{made['id']}"
        secret = base64.b64encode(f"{made['id']}:{made['password']}".encode()).decode()
        self.headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}
        self.start()

    def start(self):
        with open(self.log, "ab") as log:
            # The shell knows the process that it becomes.
            self.process = subprocess.Popen(
                ["sh", "-c", f'exec 3<&{self.socket.fileno()}; LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"', "sh", self.binary,
                 "serve", "--data-dir", self.data, "--listen", f"http://127.0.0.1:{self.port}", "--trusted-proxy",
                 "127.0.0.1/32"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[self.socket.fileno()])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60) != 0:
            raise Failed(f"the server ended with {self.process.returncode}")

    def requests(self):
        """The lines of the log about requests."""
        with open(self.log, encoding="utf-8") as file:
            return [line for line in map(json.loads, file) if "path" in line]


@contextlib.contextmanager
def running(command):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def caddy(server, folder):
    port = free_port()
    text = example("Caddyfile", [
        (r"(?m)^api\.example\.org \{", f"{{\n\tadmin off\n}}\nhttp://127.0.0.1:{port} {{"),
        (r"127\.0\.0\.1:8080 \{", f"127.0.0.1:{server.port} {{")])
    path = os.path.join(folder, "Caddyfile")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    with running(["caddy", "run", "--config", path, "--adapter", "caddyfile"]):
        await_port(port)
        yield port


@contextlib.contextmanager
def nginx(server, folder):
    port = free_port()
    text = example("nginx.conf", [
        (r"server 127\.0\.0\.1:8080 ", f"server 127.0.0.1:{server.port} "),
        (r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        (r"ssl_certificate [^;]*;", ""), (r"ssl_certificate_key [^;]*;", "")])
    places = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    path = os.path.join(folder, "nginx.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nevents {{}}\n"
                   f"http {{\naccess_log off;\n{places}{text}}}\n")
    with running(["nginx", "-p", folder, "-c", path, "-e", os.path.join(folder, "nginx.log")]):
        await_port(port)
        yield port


def example(name, changes):
    with open(os.path.join(ROOT, "examples", "proxies", name), encoding="utf-8") as file:
        text = file.read()
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text)
        if count != 1:
            raise Failed(f"examples/proxies/{name} has {count} times {pattern!r}, not once")
    return text


def restarts(server, port):
    """Nothing fails behind Caddy while the server is started again under load."""
    stop, statuses, lock = threading.Event(), {}, threading.Lock()
    body = json.dumps({"note": {"text": "x"}})

    def client(number):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        due, count = time.monotonic() + number / REQUESTS_PER_SECOND, 0
        while not stop.is_set():
            time.sleep(max(0.0, due - time.monotonic()))
            due += CLIENTS / REQUESTS_PER_SECOND
            count += 1
            try:
                if count % 2:
                    connection.request("POST", f"{server.base}/objects/note.json", body, server.headers)
                else:
                    connection.request("GET", f"{server.base}/objects/note.json?limit=1", headers=server.headers)
                answer = connection.getresponse()
                answer.read()
                outcome = answer.status
            except OSError as error:
                connection.close()
                outcome = repr(error)
            with lock:
                key = ("POST" if count % 2 else "GET", outcome)
                statuses[key] = statuses.get(key, 0) + 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for _ in range(RESTARTS):
        time.sleep(1)
        server.stop()
        server.start()
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    expected = (time.monotonic() - began) * REQUESTS_PER_SECOND
    print(f"  {RESTARTS} restarts behind Caddy: {statuses}")
    bad = {key: count for key, count in statuses.items() if key[1] != 200}
    if bad or sum(statuses.values()) < 0.5 * expected:
        raise Failed(f"requests failed, or too few were sent: {bad}")


def forwarding(server, port):
    """nginx passes paths, bodies and the client's address on as they are."""
    def ask(method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(method, path, body, {**server.headers, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read()

    for path, expected in [
        ("/objects/note.json", 200), ("/objects/note/count.json", 200),
        # A slash that is coded is no slash, whatever stands in front of the server.
        ("/objects%2Fnote.json", 404), ("/objects/note%2Fcount.json", 404),
    ]:
        status, _ = ask("GET", server.base + path)
        if status != expected:
            raise Failed(f"{path} was answered with {status}, not {expected}")
        if server_path(server) != server.base + path:
            raise Failed(f"{path} arrived as {server_path(server)}")
    status, _ = ask("POST", f"{server.base}/objects/note.json", json.dumps({"note": {"text": "x" * 3_000_000}}))
    if status != 200:
        raise Failed(f"a body of 3 MB was answered with {status}")
    ask("GET", f"{server.base}/objects/note.json", headers={"X-Forwarded-For": "203.0.113.9"})
    seen = await_request(server)["remote"]
    if seen != "127.0.0.1":
        raise Failed(f"a client that made up an address was taken for {seen}")
    print("  nginx: paths, a body of 3 MB and the client's address arrive as they were sent")


def await_request(server):
    # Lines of requests are written a tenth of a second late.
    time.sleep(0.3)
    return server.requests()[-1]


def server_path(server):
    return await_request(server)["path"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, help="the sojourn to run")
    binary = os.path.abspath(parser.parse_args().binary)
    for proxy, test in ((caddy, restarts), (nginx, forwarding)):
        with tempfile.TemporaryDirectory(prefix="sojourn-proxies-") as folder:
            server = Server(binary, folder)
            try:
                with proxy(server, folder) as port:
                    test(server, port)
            finally:
                server.process.kill()
                server.process.wait()


if __name__ == "__main__":
    try:
        main()
    except Failed as fault:
        sys.exit(f"Tests/Proxies/run.py: {fault}")
