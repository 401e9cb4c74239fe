"""The flights as tables, for servers that are compared with: columns with their kinds, and rows."""

import csv
import os
import xml.etree.ElementTree as ElementTree

MODELS = ("airline", "airport", "plane", "flight")
NUMBERS = {"integer", "number", "single-choice-integer"}


class Table:
    """One model's columns as the data model declares them, and the rows of a CSV file."""

    def __init__(self, schema, model, header, rows):
        self.model, self.header, self.rows = model, header, rows
        root = ElementTree.parse(schema).getroot()
        element = next(each for each in root.findall("model") if each.get("name") == model)
        types = {each.get("name"): each.get("type") for each in element.findall("field")}
        self.targets = {(each.get("name") or each.get("model")) + "_id": each.get("model")
                        for each in element.findall("belongs-to")}
        self.kinds = {name: self._kind(name, types) for name in header if name != "id"}

    def _kind(self, name, types):
        if name in self.targets:
            return "relation"
        kind = types.get(name, "number" if "." in name else "text")
        return "number" if kind in NUMBERS else "boolean" if kind == "boolean" else "text"

    def values(self, row):
        """The cells of a row as what they stand for; None for what is empty."""
        found = {}
        for name, cell in zip(self.header, row):
            kind = self.kinds.get(name, "text")
            if cell == "":
                found[name] = None
            else:
                found[name] = float(cell) if kind == "number" else cell == "true" if kind == "boolean" else cell
        return found


def tables(schema, folder, header, flights):
    """The flights, and all airlines, airports and planes of a folder."""
    found = []
    for model in MODELS[:-1]:
        with open(os.path.join(folder, f"{model}s.csv"), encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            found.append(Table(schema, model, next(rows), list(rows)))
    return [*found, Table(schema, "flight", header, flights)]
