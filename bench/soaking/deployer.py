"""Somebody who deploys: a field, a model and an index come and go while all the others work."""

import os

from deploy_under_load import pending
from soaking.talk import Client, Talk, expect

FIELD = '<field name="number" label="Flight number" type="integer"/>'
INDEX = '<index on="scheduled_departure"/>'
CREW = ('<model name="crew" label="Crew"><field name="name" label="Name" type="text"/><display>{name}</display>'
        '</model></data-model>')


class Deployer(Client):
    per_second = 0.1

    def __init__(self, soak):
        super().__init__(soak)
        self.talk, self.path = Talk(self.server), os.path.join(self.server.folder, "soak.xml")
        with open(self.server.schema, encoding="utf-8") as file:
            self.plain = file.read()

    def documents(self):
        gate = self.plain.replace(FIELD, FIELD + '<field name="gate" label="Gate" type="text"/>')
        return [(gate, {"gate"}), (gate.replace("</data-model>", CREW), {"gate", "crew"}),
                (self.plain.replace(INDEX, INDEX + '<index on="status,-arrival_delay"/>'), {"index"}), (self.plain, set())]

    def turn(self):
        documents = self.documents()
        text, has = documents[self.turns % len(documents)]
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(text)
        self.server.command("data-model", "deploy", self.path, "--deployment", self.server.deployment)
        models = self.talk.send("GET", "/datamodel.json")["models"]
        found = {name for name, there in [
            ("gate", "gate" in models["flight"]["fields"]), ("crew", "crew" in models),
            ("index", "index" in has)] if there}
        expect(found == has, f"after a deploy the model has {found}, not {has}")
        if self.turns % 3 == 2:
            self.server.command("status", "--json")
            pending(self.server)
