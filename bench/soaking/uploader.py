"""Somebody who uploads files, replaces them, reads them in whole and in part, and lets them go."""

import base64
import http.client
import random
import urllib.parse
from collections import OrderedDict

from attachments import pdf
from soaking.talk import Client, Talk, expect

MOST = 40


class Uploader(Client):
    per_second = 2.0

    def __init__(self, soak):
        super().__init__(soak)
        self.talk, self.random, self.sheets = Talk(self.server), random.Random(31), OrderedDict()
        self.plain = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)

    def turn(self):
        if len(self.sheets) > MOST:
            self.remove()
        elif not self.sheets:
            self.inline()
        else:
            self.random.choice([self.inline, self.raw, self.replace, self.read, self.read, self.part])()

    def content(self):
        return pdf(self.random.choice([200, 20_000, 150_000, 700_000]), seed=self.random.random())

    def one(self):
        return self.random.choice(list(self.sheets.items()))

    def keep(self, answer, content):
        self.sheets[answer["id"]] = content
        self.fetch(answer["fact_sheet"]["original"], content)

    def field(self, content):
        return {"base64": base64.b64encode(content).decode(), "filename": "sheet.pdf"}

    def inline(self):
        content = self.content()
        self.keep(self.talk.send("POST", "/objects/airline.json", {
            "airline": {"name": "Uploaded", "fact_sheet": self.field(content)}}), content)

    def raw(self):
        content = self.content()
        id = self.talk.send("POST", "/attachments", content, headers={
            "Content-Type": "application/pdf", "X-Filename": "sheet.pdf"})["id"]
        self.keep(self.talk.send("POST", "/objects/airline.json", {
            "airline": {"name": "Linked", "fact_sheet_id": id}}), content)

    def replace(self):
        (id, _), content = self.one(), self.content()
        self.keep(self.talk.send("PATCH", f"/objects/airline/{id}.json", {
            "airline": {"fact_sheet": self.field(content)}}), content)

    def remove(self):
        id, _ = self.sheets.popitem(last=False)
        self.talk.send("DELETE", f"/objects/airline/{id}.json")
        self.talk.send("GET", f"/objects/airline/{id}.json", status=404)

    def address(self, id):
        return self.talk.send("GET", f"/objects/airline/{id}.json")["fact_sheet"]["original"]

    def read(self):
        id, content = self.one()
        self.fetch(self.address(id), content)

    def part(self):
        id, content = self.one()
        first = self.random.randrange(len(content))
        last = self.random.randrange(first, len(content))
        self.fetch(self.address(id), content[first:last + 1], 206, {"Range": f"bytes={first}-{last}"})

    def fetch(self, address, content, status=200, headers=()):
        parts = urllib.parse.urlsplit(address)
        self.plain.request("GET", f"{parts.path}?{parts.query}", headers=dict(headers))
        answer = self.plain.getresponse()
        found = answer.read()
        expect(answer.status == status and found == content,
               f"a download of {len(content)} bytes was answered {answer.status} with {len(found)} bytes, or others")

    def finish(self):
        for id, content in self.sheets.items():
            self.fetch(self.address(id), content)
