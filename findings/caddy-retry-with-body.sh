#!/usr/bin/env bash
# Caddy: `lb_try_duration` waits for a server that does not listen yet, but not with a request that has a body.
#
# While a server is started again its address refuses connections, and Caddy tries once more every quarter of a
# second, as it is told to. A GET is answered when the server is back. A POST ends in 502: the first try, which never
# reached anybody, has closed the body that the second one reads ("invalid Read on closed Body" in Caddy's log; known
# there for 2.6 to 2.11). Whoever relies on it loses just the requests that clients must not repeat by themselves.
# (Ours takes listening sockets that outlive a restart, so that no first try fails: docs/operations.md.)
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

version=2.6.2-5
(cd "$folder" && apt-get download -qq "caddy=$version*" 2>/dev/null && dpkg -x caddy_*.deb caddy)

cat >"$folder/run.py" <<'PROGRAM'
import http.client, http.server, os, socket, subprocess, sys, threading, time

folder = sys.argv[1]

class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

def status(port, method, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, "/", body)
    return connection.getresponse().status

def through_caddy(method, body):
    server, proxy = free_port(), free_port()
    path = os.path.join(folder, "Caddyfile")
    with open(path, "w") as file:
        file.write(f"{{\n\tadmin off\n}}\nhttp://127.0.0.1:{proxy} {{\n\treverse_proxy 127.0.0.1:{server} {{\n"
                   "\t\tlb_try_duration 10s\n\t}\n}\n")
    caddy = subprocess.Popen(
        [os.path.join(folder, "caddy/usr/bin/caddy"), "run", "--config", path, "--adapter", "caddyfile"],
        stderr=subprocess.DEVNULL, env={**os.environ, "HOME": folder})
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", proxy), 1).close()
                break
            except OSError:
                time.sleep(0.05)

        def later():
            time.sleep(1)
            http.server.ThreadingHTTPServer(("127.0.0.1", server), Handler).serve_forever()

        threading.Thread(target=later, daemon=True).start()
        return status(proxy, method, body)
    finally:
        caddy.terminate()
        caddy.wait()

print(f"GET {through_caddy('GET', None)}, POST {through_caddy('POST', b'x')}")
PROGRAM

tell "caddy $version of Debian 12" "GET 200, POST 200" "$(python3 "$folder/run.py" "$folder")" "GET 200, POST 502"
