"""Programs that follow the change feed by long polls: one that waits for each answer, and one that hangs up."""

import http.client

from soaking.talk import Client, Talk, expect

HOOK = "flight_status"


class Follower(Client):
    """Long polls: at the end it must know each flight as it was last written, and each event that a webhook sends."""

    per_second = 1000.0

    def __init__(self, soak):
        super().__init__(soak)
        self.talk, self.last, self.flights, self.due = Talk(self.server), 0, {}, set()

    def turn(self):
        self.page(wait=5)

    def page(self, wait):
        answer = self.talk.send("GET", f"/oplog.json?start={self.soak.followed}&limit=1000&wait={wait}")
        for entry in answer["entries"]:
            expect(entry["sequence"] > self.last, f"sequence {entry['sequence']} came behind {self.last}")
            self.last = entry["sequence"]
            if entry["object"]["type"] == "flight":
                self.take(entry)
        self.soak.followed = int(answer["next_request_start"])
        return answer

    def take(self, entry):
        flight = entry["object"]
        if entry["operation"] == "delete":
            expect(self.flights.pop(flight["id"], None) is not None, f"{flight['id']} was deleted and never made")
            return
        expect((flight["id"] in self.flights) == (entry["operation"] == "update"),
               f"the feed has {entry['operation']} of {flight['id']} out of order")
        self.flights[flight["id"]] = flight
        if flight["status"] and flight["airline_id"]:
            self.due.add(f"{HOOK}:{entry['sequence']}")


class Forgetful(Client):
    """Follows airlines alone, and hangs up on every third poll before it is answered: none may be missed."""

    per_second = 1000.0

    def __init__(self, soak):
        super().__init__(soak)
        self.talk, self.next, self.airlines = Talk(self.server), 0, set()

    def turn(self):
        path = f"/oplog.json?start={self.next}&model=airline&limit=50"
        if self.turns % 3 == 2:
            self.soak.stop.wait(0.5)
            self.hang_up(path + "&wait=20")
        else:
            self.take(self.talk.send("GET", path + "&wait=5"))

    def hang_up(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=40)
        connection.request("GET", self.server.base + path, headers=self.server.headers)
        connection.close()

    def take(self, answer):
        for entry in answer["entries"]:
            id, kind = entry["object"]["id"], entry["object"]["type"]
            expect(entry["sequence"] >= self.next and kind == "airline", f"{kind} {entry['sequence']} came by mistake")
            if entry["operation"] == "delete":
                expect(id in self.airlines, f"{id} was deleted and never made")
                self.airlines.remove(id)
            else:
                self.airlines.add(id)
        self.next = int(answer["next_request_start"])
        return answer["has_more"]

    def catch_up(self):
        """All airlines that are there in the end."""
        while self.take(self.talk.send("GET", f"/oplog.json?start={self.next}&model=airline&limit=50")):
            pass
        return self.airlines
