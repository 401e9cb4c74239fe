"""A data model that nobody tuned the server for: 10,000 inspections of ten fields and three relationships."""

import csv
import os
import random

MODEL = "inspection"
COUNT, MACHINES, PAGE = 10_000, 80, 100
RESULTS = ["passed", "failed", "postponed", "to-be-repeated", "not-needed"]
PRIORITIES = ["low", "normal", "high"]
FINDINGS = ["rust", "leak", "noise", "crack", "wear", "loose-part", "missing-label", "other"]
TOOLS = ["lamp", "meter", "camera", "ladder", "drone"]

SCHEMA = f"""<?xml version="1.0" encoding="UTF-8"?>
<data-model>
  <model name="site" label="Site">
    <field name="name" label="Name" type="text"/>
    <display>{{name}}</display>
  </model>
  <model name="inspector" label="Inspector">
    <field name="name" label="Name" type="text"/>
    <display>{{name}}</display>
  </model>
  <model name="machine" label="Machine">
    <field name="number" label="Number" type="text"/>
    <display>{{number}}</display>
  </model>
  <model name="inspection" label="Inspection">
    <field name="remark" label="Remark" type="text"/>
    <field name="due" label="Due" type="date"/>
    <field name="weight" label="Weight" type="number"/>
    <field name="readings" label="Readings" type="integer"/>
    <field name="urgent" label="Urgent" type="boolean"/>
    <field name="result" label="Result" type="single-choice">%s</field>
    <field name="priority" label="Priority" type="single-choice">%s</field>
    <field name="findings" label="Findings" type="multiple-choice">%s</field>
    <field name="tools" label="Tools" type="multiple-choice">%s</field>
    <field name="done_at" label="Done at" type="datetime"/>
    <belongs-to model="site"/>
    <belongs-to model="inspector"/>
    <belongs-to model="machine"/>
    <display>{{site.name}} {{weight}} {{due}}</display>
  </model>
</data-model>
""" % tuple("".join(f'<option key="{key}">{key.replace("-", " ").capitalize()}</option>' for key in keys)
            for keys in (RESULTS, PRIORITIES, FINDINGS, TOOLS))


def identity(kind, n):
    return f"{kind:08x}-0000-4000-8000-{n:012x}"


def rows():
    """The tables by model, each with its header first; the same ones every time."""
    random_ = random.Random(14)
    pick = lambda keys: "|".join(sorted(random_.sample(keys, random_.randint(1, 3))))
    yield "site", [["id", "name"]] + [[identity(1, n), f"Site {n} at Example Road"] for n in range(200)]
    yield "inspector", [["id", "name"]] + [[identity(2, n), f"Inspector {n}"] for n in range(50)]
    yield "machine", [["id", "number"]] + [[identity(3, n), f"M-{n:05}"] for n in range(MACHINES)]
    found = [["id", "remark", "due", "weight", "readings", "urgent", "result", "priority", "findings", "tools",
              "done_at", "site_id", "inspector_id", "machine_id"]]
    for n in range(COUNT):
        day = f"2026-{random_.randint(1, 12):02}-{random_.randint(1, 28):02}"
        found.append([
            identity(4, n), f"Looked at bearing {n} and its seals, all in order", day,
            f"{random_.uniform(0, 2000):.3f}", random_.randint(0, 100_000), random_.choice(["true", "false"]),
            random_.choice(RESULTS), random_.choice(PRIORITIES), pick(FINDINGS), pick(TOOLS),
            f"{day}T{random_.randint(0, 23):02}:{random_.randint(0, 59):02}:{random_.randint(0, 59):02}Z",
            identity(1, random_.randrange(200)), identity(2, random_.randrange(50)),
            identity(3, random_.randrange(MACHINES))])
    yield MODEL, found


def write(folder):
    """Writes the schema and a CSV file for each model; answers the path of the schema and those files in order."""
    os.makedirs(folder, exist_ok=True)
    schema = os.path.join(folder, "schema.xml")
    with open(schema, "w", encoding="utf-8") as file:
        file.write(SCHEMA)
    files = []
    for model, table in rows():
        path = os.path.join(folder, f"{model}.csv")
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(table)
        files.append((model, path))
    return schema, files


def lists():
    """A list of 100 with its total for each machine: by a relationship, which is indexed."""
    return [f"/objects/{MODEL}.json?q[machine_id]={identity(3, n)}&limit={PAGE}" for n in range(MACHINES)]
