"""Runs the real server behind the real proxies, with the configurations of examples/proxies.

    python3 Tests/Proxies/run.py --binary .build/debug/sojourn

Needs caddy, nginx and PostgreSQL (script/bootstrap --proxies). Only the addresses, ports and the certificate of a
configuration are changed.

One server. Caddy: it is started again ten times under 100 requests a second, half of them POSTs, and no request may
fail. nginx: paths, bodies and the client's address arrive as they were sent. The listening socket is handed to each
server as systemd's socket units do.

Two nodes on one database, behind each proxy: one after the other is killed under load and started again. No read may
fail, a wait for changes included, no write that was acknowledged may be missing, and none may be done twice.
"""

import argparse
import base64
import contextlib
import glob
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


class Database:
    """A PostgreSQL of this run, at a socket in its folder. It does not run as root."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "database")
        self.binaries = max(glob.glob("/usr/lib/postgresql/*/bin"), default="/usr/bin")
        self.user = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"] if os.getuid() == 0 else []
        os.mkdir(self.folder)
        if self.user:
            os.chmod(folder, 0o711)
            subprocess.run(["chown", "nobody", self.folder], check=True)
        self.run("initdb", "-D", f"{self.folder}/data", "-U", "sojourn", "-E", "UTF8", "--locale", "C", "--auth", "trust",
                 "--no-sync")
        with open(f"{self.folder}/data/postgresql.auto.conf", "a", encoding="utf-8") as file:
            file.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n"
                       "max_connections = 60\nfsync = off\n")
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "start")
        self.run("createdb", "-h", self.folder, "-U", "sojourn", "sojourn")
        self.url = f"postgresql://sojourn@localhost/sojourn?host={self.folder}"

    def run(self, program, *words):
        done = subprocess.run([*self.user, f"{self.binaries}/{program}", *words], cwd=self.folder, capture_output=True,
                              text=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise Failed(f"{program} ended with {done.returncode}: {done.stderr[-1000:]}")

    def stop(self):
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")


class Nodes:
    """Two nodes on one database, each at a port that it keeps, with one deployment."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.database = Database(folder)
        self.place = ["--storage", self.database.url, "--key-file", os.path.join(folder, "node.key")]
        schema = os.path.join(folder, "schema.xml")
        with open(schema, "w", encoding="utf-8") as file:
            file.write(SCHEMA)
        self.command("storage", "init")
        made = json.loads(self.command("deployment", "create", "--name", "behind a proxy", "--environment", "testing",
                                       "--data-model", schema, "--json"))
        self.base = f"/api/v4/{made['id']}"
        secret = base64.b64encode(f"{made['id']}:{made['password']}".encode()).decode()
        self.headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}
        self.ports = [free_port(), free_port()]
        self.processes = [None, None]
        os.mkdir(os.path.join(folder, "attachments"))
        for number in (0, 1):
            self.start(number)

    def command(self, *words):
        return subprocess.run([self.binary, *words, *self.place], check=True, capture_output=True, text=True).stdout

    def start(self, number):
        with open(os.path.join(self.folder, f"node-{number}.log"), "ab") as log:
            self.processes[number] = subprocess.Popen(
                [self.binary, "serve", *self.place, "--attachments", os.path.join(self.folder, "attachments"),
                 "--listen", f"http://127.0.0.1:{self.ports[number]}", "--trusted-proxy", "127.0.0.1/32"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        await_port(self.ports[number])

    def kill(self, number):
        self.processes[number].kill()
        self.processes[number].wait()

    def stop(self):
        for process in self.processes:
            if process is not None:
                process.kill()
                process.wait()
        self.database.stop()


@contextlib.contextmanager
def running(command):
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def caddy(server, folder):
    return caddy_with("Caddyfile", [(r"127\.0\.0\.1:8080 \{", f"127.0.0.1:{server.port} {{")], folder)


def caddy_before(nodes, folder):
    return caddy_with("nodes.Caddyfile", node_changes(nodes), folder)


@contextlib.contextmanager
def caddy_with(name, changes, folder):
    port = free_port()
    text = example(name, changes + [
        (r"(?m)^api\.example\.org \{", f"{{\n\tadmin off\n}}\nhttp://127.0.0.1:{port} {{")])
    path = os.path.join(folder, "Caddyfile")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    with running(["caddy", "run", "--config", path, "--adapter", "caddyfile"]):
        await_port(port)
        yield port


def nginx(server, folder):
    return nginx_with("nginx.conf", [(r"server 127\.0\.0\.1:8080 ", f"server 127.0.0.1:{server.port} ")], folder)


def nginx_before(nodes, folder):
    return nginx_with("nodes.nginx.conf", node_changes(nodes), folder)


def node_changes(nodes):
    return [(rf"node-{number + 1}:8080", f"127.0.0.1:{port}") for number, port in enumerate(nodes.ports)]


@contextlib.contextmanager
def nginx_with(name, changes, folder):
    port = free_port()
    text = example(name, changes + [
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


class Client(threading.Thread):
    """Writes and reads through the proxy until it is told to stop; each of its texts is written once."""

    def __init__(self, nodes, port, number, stop):
        super().__init__()
        self.nodes, self.port, self.number, self.stopped = nodes, port, number, stop
        self.outcomes = {}
        # Texts and ids by what the client was told: the object is there, it is not, nobody knows.
        self.written, self.doubtful, self.deleted, self.half_deleted = {}, set(), set(), set()
        self.connection = self.connect()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method, path, body=None):
        try:
            self.connection.request(method, self.nodes.base + path, body, self.nodes.headers)
            answer = self.connection.getresponse()
            text = answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            self.connection = self.connect()
            status, text = repr(error), b""
        key = (method, status)
        self.outcomes[key] = self.outcomes.get(key, 0) + 1
        return status, text

    def run(self):
        count = 0
        while not self.stopped.is_set():
            count += 1
            text = f"{self.number}-{count}"
            status, answer = self.ask("POST", "/objects/note.json", json.dumps({"note": {"text": text}}))
            if status != 200:
                self.doubtful.add(text)
                time.sleep(0.05)
                continue
            made = json.loads(answer)["id"]
            self.written[text] = made
            # Whichever node answers has it.
            self.ask("GET", f"/objects/note/{made}.json")
            self.ask("HEAD", "/objects/note.json?limit=1")
            if count % 3 == 0:
                status, _ = self.ask("DELETE", f"/objects/note/{made}.json")
                (self.deleted if status == 200 else self.half_deleted).add(text)
            time.sleep(0.01)


class Follower(threading.Thread):
    """Follows the change feed through the proxy, by waits."""

    def __init__(self, nodes, port, stop):
        super().__init__()
        self.nodes, self.port, self.stopped = nodes, port, stop
        self.sequences, self.bad = [], []

    def run(self):
        start = "0"
        while not self.stopped.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                connection.request("GET", f"{self.nodes.base}/oplog.json?wait=2&start={start}", headers=self.nodes.headers)
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException) as error:
                self.failed(repr(error))
                continue
            finally:
                connection.close()
            if answer.status != 200:
                self.failed(answer.status)
                continue
            page = json.loads(text)
            self.sequences += [int(entry["sequence"]) for entry in page["entries"]]
            start = page["next_request_start"]

    def failed(self, how):
        self.bad.append(how)
        time.sleep(0.05)


def kills(nodes, port, name):
    """One node after the other is killed under load: reads go on, and writes are done once or not at all."""
    stop = threading.Event()
    follower = Follower(nodes, port, stop)
    clients = [Client(nodes, port, number, stop) for number in range(CLIENTS)]
    for thread in [follower, *clients]:
        thread.start()
    dead = 0
    for number in (0, 1, 0, 1):
        # Both are asked again by then.
        time.sleep(4)
        nodes.kill(number)
        before = sum(len(client.written) for client in clients)
        time.sleep(2)
        dead += sum(len(client.written) for client in clients) - before
        nodes.start(number)
    time.sleep(2)
    stop.set()
    for thread in [follower, *clients]:
        thread.join()
    outcomes = {}
    for client in clients:
        for key, count in client.outcomes.items():
            outcomes[key] = outcomes.get(key, 0) + count
    print(f"  4 kills of two nodes behind {name}: {outcomes}; {dead} objects written while one node was dead; the feed "
          f"followed over {len(follower.sequences)} entries")
    bad = {key: count for key, count in outcomes.items() if key[0] in ("GET", "HEAD") and key[1] != 200}
    if bad or follower.bad:
        raise Failed(f"reads failed: {bad}, of the feed {len(follower.bad)}: {follower.bad[:5]}")
    if dead == 0:
        raise Failed("nothing was written while one node was dead")
    if (repeated := outcomes.get(("DELETE", 404), 0)) > 0:
        raise Failed(f"{repeated} DELETEs found nothing: the proxy has repeated them")
    texts = all_texts(nodes)
    expect_texts(clients, texts)
    entries = all_sequences(nodes)
    if follower.sequences != entries[:len(follower.sequences)]:
        raise Failed("who followed the feed has seen other entries than there are")


def expect_texts(clients, texts):
    """What was acknowledged is there, and nothing is there twice."""
    twice = {text for text, count in texts.items() if count > 1}
    missing = {text for client in clients for text in client.written
               if text not in texts and text not in client.deleted | client.half_deleted}
    back = {text for client in clients for text in client.deleted if text in texts}
    known = {text for client in clients for text in [*client.written, *client.doubtful]}
    if twice or missing or back or set(texts) - known:
        raise Failed(f"twice: {twice}, missing: {missing}, deleted and there: {back}, of nobody: {set(texts) - known}")


def all_sequences(nodes):
    """Of the whole feed, read at one node."""
    connection = http.client.HTTPConnection("127.0.0.1", nodes.ports[0], timeout=60)
    start, found = "0", []
    while True:
        connection.request("GET", f"{nodes.base}/oplog.json?limit=1000&start={start}", headers=nodes.headers)
        page = json.loads(connection.getresponse().read())
        found += [int(entry["sequence"]) for entry in page["entries"]]
        if not page["entries"]:
            return found
        start = page["next_request_start"]


def all_texts(nodes):
    """How often each text is there, read at one node."""
    connection = http.client.HTTPConnection("127.0.0.1", nodes.ports[0], timeout=60)
    found, offset = {}, 0
    while True:
        connection.request("GET", f"{nodes.base}/objects/note.json?limit=1000&skip={offset}", headers=nodes.headers)
        page = json.loads(connection.getresponse().read())["objects"]
        for note in page:
            found[note["text"]] = found.get(note["text"], 0) + 1
        offset += len(page)
        if len(page) < 1000:
            return found


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
    for proxy, name in ((caddy_before, "Caddy"), (nginx_before, "nginx")):
        with tempfile.TemporaryDirectory(prefix="sojourn-proxies-") as folder:
            nodes = Nodes(binary, folder)
            try:
                with proxy(nodes, folder) as port:
                    kills(nodes, port, name)
            finally:
                nodes.stop()


if __name__ == "__main__":
    try:
        main()
    except Failed as fault:
        sys.exit(f"Tests/Proxies/run.py: {fault}")
