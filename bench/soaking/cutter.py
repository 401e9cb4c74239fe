"""Somebody whose connections break: in the middle of a head, a body, an answer, a poll, an upload."""

import json
import random
import socket
import struct
import uuid

from soaking.talk import Client, Talk, expect

TAIL = "CUT"


class Cutter(Client):
    per_second = 4.0

    def __init__(self, soak):
        super().__init__(soak)
        self.talk, self.random, self.unsure, self.sent = Talk(self.server), random.Random(99), [], set()

    def turn(self):
        self.random.choice([self.half_head, self.half_body, self.unread_write, self.half_answer, self.poll,
                            self.half_upload])()
        if len(self.unsure) > 20:
            self.settle()

    def cut(self, data, read=0):
        """Sends the bytes, reads some, and closes: at times politely, at times with a reset."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as connection:
            connection.sendall(data)
            if read:
                connection.recv(read)
            if self.random.random() < 0.5:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def request(self, method, path, body=b"", length=None, kind="application/json"):
        lines = [f"{method} {self.server.base}{path} HTTP/1.1", "Host: localhost",
                 f"Authorization: {self.server.headers['Authorization']}", f"Content-Type: {kind}",
                 f"Content-Length: {len(body) if length is None else length}", "", ""]
        return "\r\n".join(lines).encode() + body

    def half_head(self):
        whole = self.request("GET", "/objects/flight.json")
        self.cut(whole[:self.random.randrange(1, len(whole))])

    def put(self):
        """A PUT of a flight of its own, which nobody has sent yet."""
        id = str(uuid.uuid4())
        body = json.dumps({"flight": {"tail_number": TAIL, "number": 1, "distance": 8.5}}).encode()
        return id, body

    def half_body(self):
        """What did not come whole must not be written."""
        id, body = self.put()
        self.cut(self.request("PUT", f"/objects/flight/{id}.json", body[:self.random.randrange(len(body))], len(body)))
        self.talk.send("GET", f"/objects/flight/{id}.json", status=404)

    def unread_write(self):
        """What came whole is written whole or not at all: nobody heard which."""
        id, body = self.put()
        self.sent.add(id)
        self.cut(self.request("PUT", f"/objects/flight/{id}.json", body))
        self.unsure.append(id)

    def half_answer(self):
        self.cut(self.request("GET", "/objects/flight.json?limit=1000"), read=2000)

    def poll(self):
        self.cut(self.request("GET", f"/oplog.json?start={self.soak.followed}&model=weather&wait=30"))

    def half_upload(self):
        self.cut(self.request("POST", "/attachments", self.random.randbytes(20_000), 90_000, "application/pdf"))

    def settle(self):
        """Those whose writing nobody confirmed: as one list they are there whole, and then they go."""
        answer = self.talk.send("GET", f"/objects/flight.json?q[tail_number]={TAIL}&limit=1000")
        for each in answer["objects"]:
            # One that was sent just before the last look may be written after it.
            expect(each["id"] in self.sent, f"{each['id']} is there, and was sent by nobody")
            expect((each["number"], each["distance"]) == (1, 8.5), f"{each['id']} was written in part: {each}")
            self.talk.send("DELETE", f"/objects/flight/{each['id']}.json")
            self.sent.remove(each["id"])
        self.unsure = []
