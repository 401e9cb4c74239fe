"""Somebody in the Data Browser: tables, objects, histories, exports, and a field that is changed."""

import http.client
import json
import random
import urllib.parse

import visitors
from soaking.form import Form
from soaking.talk import Client, Talk, expect

TAIL = "STAYS"


class Visitor(Client):
    per_second = 3.0

    def __init__(self, soak, stay):
        super().__init__(soak)
        self.stay, self.random, self.people = stay, random.Random(12), visitors.Visitors(soak.server, 1)
        self.models, self.talk = f"/databrowser/{self.server.deployment}/models", Talk(self.server)
        self.table = f"{self.models}/flight?q[tail_number]={TAIL}"
        self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)

    def turn(self):
        self.random.choice([self.tables, self.object, self.history, self.changes, self.csv, self.ndjson, self.edit])()
        if self.turns % 400 == 399:
            self.come_again()

    def page(self, path, form=None, status=200):
        headers = {"Host": f"localhost:{self.server.port}", "Cookie": self.people.cookies[0]}
        if form is not None:
            headers |= {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
        body = None if form is None else urllib.parse.urlencode(form)
        self.connection.request("GET" if form is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        text, self.status = answer.read().decode(), answer.status
        wanted = status if isinstance(status, tuple) else (status,)
        expect(self.status in wanted, f"{path} was answered {self.status} instead of {status}: {text[-600:]}")
        return text

    def one(self):
        return self.random.choice(list(self.stay))

    def tables(self):
        text = self.page(f"{self.table}&size=100&sort[number]=1")
        missing = [id for id in list(self.stay)[:100] if id not in text]
        expect(not missing, f"a table lacks {len(missing)} of its 100 flights")

    def object(self):
        id = self.one()
        text = self.page(f"{self.models}/flight/{id}")
        expect(id in text and TAIL in text, f"the page of {id} does not show it")

    def history(self):
        self.page(f"{self.models}/flight/{self.one()}/history")

    def changes(self):
        self.page(f"/databrowser/{self.server.deployment}/changes")

    def export(self, kind):
        text = self.page(f"{self.models}/flight/export?as={kind}&q[tail_number]={TAIL}")
        return text.strip().split("\n")

    def csv(self):
        rows = self.export("csv")[1:]
        expect(len(rows) == len(self.stay), f"an export has {len(rows)} of {len(self.stay)} flights")
        expect(all(any(id in row for row in rows) for id in random.sample(list(self.stay), 5)), "an export lacks flights")

    def ndjson(self):
        found = {each["id"]: each["distance"] for each in map(json.loads, self.export("ndjson"))}
        expect(found == self.stay, "an export as NDJSON has other flights or distances than were written")

    def edit(self):
        """A distance is changed as a person would, and read by the API."""
        id, distance = self.one(), self.random.randrange(1, 9000)
        path = f"{self.models}/flight/{id}/edit"
        if self.stay[id] == distance:
            return
        status = self.save(path, distance)
        if status == 422:
            # A deploy has taken a field away that the form still had: the page says so, and the next one has it not.
            status = self.save(path, distance)
        expect(status == 303, f"{path} was answered {status} instead of 303")
        self.stay[id] = distance
        found = self.talk.send("GET", f"/objects/flight/{id}.json")["distance"]
        expect(found == distance, f"the distance of {id} is {found}, and {distance} was saved on its page")

    def save(self, path, distance):
        """Opens the form and sends it with this distance; the status of the answer."""
        pairs = Form(self.page(path), "/edit").pairs
        expect(pairs, f"{path} has no form")
        self.page(path, [(name, str(distance) if name == "v[distance]" else value) for name, value in pairs],
                  status=(303, 422))
        return self.status

    def come_again(self):
        """Out and in: sessions must not pile up."""
        pairs = Form(self.page(self.models), "/sign-out").pairs
        self.page("/databrowser/sign-out", pairs, status=303)
        self.people.cookies = [self.people.sign_in()]
