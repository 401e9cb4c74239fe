"""What clients share: a connection that is kept, a pace, and the word for an answer that is wrong."""

import http.client
import json
import threading
import time


class Wrong(Exception):
    """An answer that is not what the client knows to be true."""


def expect(truth, words):
    if not truth:
        raise Wrong(words)


class Talk:
    """One client's connection to the API."""

    def __init__(self, server):
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def send(self, method, path, body=None, status=200, headers=()):
        """The JSON of an answer, or its bytes where it is none; any other status is wrong."""
        data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        sent = {**self.server.headers, "Content-Type": "application/json", **dict(headers)}
        self.connection.request(method, self.server.base + path, data, sent)
        answer = self.connection.getresponse()
        self.headers, text = answer.headers, answer.read()
        expect(answer.status == status, f"{method} {path}: {answer.status} instead of {status}: {text[:300]!r}")
        kind = answer.headers.get("Content-Type", "")
        return json.loads(text) if text and kind.startswith("application/json") else text


class Client(threading.Thread):
    """Does `turn` so many times a second until it is told to end, or until an answer is wrong."""

    per_second = 1.0

    def __init__(self, soak):
        super().__init__(daemon=True)
        self.soak, self.server, self.turns = soak, soak.server, 0

    def run(self):
        began = time.monotonic()
        try:
            while not self.soak.stop.is_set():
                self.turn()
                self.turns += 1
                # Whoever is late does not catch up: the load is to be even.
                began = max(began + 1 / self.per_second, time.monotonic() - 1)
                self.soak.stop.wait(max(0.0, began - time.monotonic()))
            self.finish()
        except Exception as problem:  # Whatever it is, it is the end of this client and of the soak.
            self.soak.wrong(self, problem)

    def turn(self):
        raise NotImplementedError

    def finish(self):
        """What is looked at once more at the end."""
