"""Somebody who writes flights by every route and knows each of them."""

import random
import uuid

from soaking.talk import Client, Talk, expect

# So many flights each keeps: more come only when some have gone, so that what the server holds stays as it is.
MOST = 300
FIELDS = ("number", "tail_number", "departure_delay", "distance", "diverted", "airline_id")


class Keeper(Client):
    per_second = 12.0

    def __init__(self, soak, number):
        super().__init__(soak)
        self.tail, self.random = f"KEEP{number}", random.Random(number)
        self.talk, self.flights, self.status, self.gone = Talk(self.server), {}, {}, []

    def turn(self):
        deeds = [self.create, self.patch, self.patch, self.put, self.get, self.get, self.listed, self.query, self.batch,
                 self.count, self.missing]
        if len(self.flights) > MOST:
            deeds = [self.delete]
        elif len(self.flights) < 10:
            deeds = [self.create]
        self.random.choice(deeds)()

    def values(self):
        """A whole flight: what a PUT must send to leave nothing as it was."""
        return {"number": self.random.randrange(5000), "tail_number": self.tail,
                "departure_delay": self.random.randrange(-20, 400), "distance": self.random.randrange(10**6) / 8,
                "diverted": self.random.choice([True, False, None]),
                "airline_id": self.random.choice(self.soak.airlines), "status": self.random.choice(["landed", None])}

    def one(self):
        return self.random.choice(list(self.flights))

    def keep(self, id, values):
        known = self.flights.setdefault(id, dict.fromkeys((*FIELDS, "status")))
        known.update(values)

    def check(self, found):
        known = self.flights[found["id"]]
        for name in FIELDS:
            value = found[name]["key"] if isinstance(found[name], dict) else found[name]
            expect(value == known[name], f"{name} of {found['id']} is {value!r} and was written as {known[name]!r}")
        status = found["status"] and found["status"]["key"]
        expect(status == known["status"], f"status of {found['id']} is {status!r}, not {known['status']!r}")

    def create(self):
        values = self.values()
        made = self.talk.send("POST", "/objects/flight.json", {"flight": values})
        self.keep(made["id"], values)
        self.check(made)

    def patch(self):
        id, name = self.one(), self.random.choice(["number", "distance", "status", "departure_delay"])
        change = {name: self.values()[name]}
        self.keep(id, change)
        self.check(self.talk.send("PATCH", f"/objects/flight/{id}.json", {"flight": change}))

    def put(self):
        id, values = self.one(), self.values()
        self.keep(id, values)
        self.check(self.talk.send("PUT", f"/objects/flight/{id}.json", {"flight": values}))

    def get(self):
        self.check(self.talk.send("GET", f"/objects/flight/{self.one()}.json"))

    def delete(self):
        id = self.one()
        self.talk.send("DELETE", f"/objects/flight/{id}.json")
        self.forget(id)

    def forget(self, id):
        del self.flights[id]
        self.gone = [*self.gone[-50:], id]

    def missing(self):
        if self.gone:
            self.talk.send("GET", f"/objects/flight/{self.random.choice(self.gone)}.json", status=404)

    def whole(self, answer):
        """A list must hold each of these flights once, and nothing else."""
        ids = [each["id"] for each in answer["objects"]]
        expect(sorted(ids) == sorted(self.flights) and answer["total"] == len(ids),
               f"{len(ids)} flights of {self.tail} are listed (total {answer['total']}), {len(self.flights)} were written")
        for each in answer["objects"]:
            self.check(each)

    def listed(self):
        self.whole(self.talk.send("GET", f"/objects/flight.json?q[tail_number]={self.tail}&limit=1000"))

    def query(self):
        self.whole(self.talk.send("POST", "/objects/flight/query.json", {
            "expression": "tail_number = ?", "arguments": [self.tail], "limit": 1000}))

    def count(self):
        found = self.talk.send("GET", f"/objects/flight/count.json?q[tail_number]={self.tail}")["count"]
        expect(found == len(self.flights), f"{found} flights of {self.tail} are counted, not {len(self.flights)}")

    def batch(self):
        """Three are made, one changes, one goes; the last operation must fail and leave no trace."""
        made = {str(uuid.uuid4()): self.values() for _ in range(3)}
        gone, changed = self.random.sample(list(self.flights), 2)
        operations = [{"method": "put", "object": {"type": "flight", "id": id, **values}} for id, values in made.items()]
        operations += [{"method": "patch", "object": {"type": "flight", "id": changed, "number": 77}},
                       {"method": "delete", "object": {"type": "flight", "id": gone}},
                       {"method": "post", "object": {"type": "flight", "tail_number": self.tail, "number": "many"}}]
        answer = self.talk.send("POST", "/batch.json", {"operations": operations})
        done = [each["success"] for each in answer["operations"]]
        expect(done == [True] * 5 + [False], f"a batch of five good operations and a bad one was answered {done}")
        for id, values in made.items():
            self.keep(id, values)
        self.keep(changed, {"number": 77})
        self.forget(gone)

    def finish(self):
        self.listed()
