"""Where webhooks are delivered: now and then it refuses or breaks off, and each event must come in the end."""

import hashlib
import hmac
import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Notes each delivery that is genuine and that it answered with 200."""

    def __init__(self):
        self.secret, self.taken, self.faults, self.refused = "", set(), [], 0
        self.random, self.lock, self.calm = random.Random(5), threading.Lock(), False
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                receiver.deliver(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def deliver(self, request, body):
        genuine = hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()
        name, event = request.headers["X-Sojourn-Delivery"], json.loads(body)
        with self.lock:
            chance = 1.0 if self.calm else self.random.random()
            if not hmac.compare_digest(genuine, request.headers["X-Journey-Signature"]):
                self.faults.append(f"the signature of {name} is wrong")
            if name != f"{event['event']}:{event['sequence']}" or not event["object"]["airline"]:
                self.faults.append(f"{name} has another event's body, or no airline: {body[:200]!r}")
            if chance < 0.02:
                self.refused += 1
            else:
                self.taken.add(name)
        if chance < 0.01:
            request.close_connection = True
            return
        request.send_response(503 if chance < 0.02 else 200)
        request.send_header("Content-Length", "0")
        request.end_headers()
