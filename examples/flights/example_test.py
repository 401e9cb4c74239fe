"""The example's files fit its data model and one another. Run by script/test."""

import base64
import csv
import os
import re
import unittest
import uuid
import xml.etree.ElementTree

import draw_attachments
import make_csv

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = {"airline": "airlines.csv", "airport": "airports.csv", "plane": "planes.csv",
         "flight": "flights-week1.csv", "weather": "weather-week1.csv", "user": "users.csv"}
# What a cell of a type may hold, beside nothing. Choices are checked against their options.
FORMS = {"text": r".*", "integer": r"-?\d+", "number": r"-?\d+(\.\d+)?", "boolean": "true|false",
         "date": r"\d{4}-\d\d-\d\d", "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"}


class Model:
    def __init__(self, element):
        self.fields = {each.get("name"): each for each in element.findall("field")}
        self.relationships = {each.get("name") or each.get("model"): each.get("model")
                              for each in element.findall("belongs-to")}

    def columns(self):
        """The columns that a CSV of this model may have."""
        found = {"id"} | {f"{name}_id" for name in self.relationships}
        for name, field in self.fields.items():
            if field.get("type") == "location":
                found |= {f"{name}.{part}" for part in ("latitude", "longitude", "altitude")}
            elif field.get("type") not in ("attachment", "photo"):
                found.add(name)
        return found

    def form(self, column):
        if column == "id" or column.endswith("_id"):
            return r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
        if "." in column:
            return FORMS["number"]
        field = self.fields[column]
        kind = field.get("type").split(":")[0]
        if "choice" in kind:
            keys = "|".join(re.escape(option.get("key")) for option in field.findall("option"))
            return rf"({keys})(\|({keys}))*" if kind.startswith("multiple") else f"({keys})"
        return FORMS[kind]


class TheExample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        schema = xml.etree.ElementTree.parse(os.path.join(HERE, "schema.xml"))
        cls.models = {each.get("name"): Model(each) for each in schema.getroot().findall("model")}
        cls.rows = {}
        for model, name in FILES.items():
            with open(os.path.join(HERE, name), encoding="utf-8", newline="") as file:
                cls.rows[model] = list(csv.DictReader(file))

    def test_has_a_file_for_every_model(self):
        self.assertEqual(set(self.models), set(FILES))

    def test_names_in_its_headers_only_what_the_model_has(self):
        for model, rows in self.rows.items():
            with self.subTest(model):
                self.assertEqual(set(rows[0]), self.models[model].columns())

    def test_holds_only_values_of_the_fields_types(self):
        for model, rows in self.rows.items():
            for column in rows[0]:
                form = re.compile(self.models[model].form(column))
                wrong = [row[column] for row in rows if row[column] and not form.fullmatch(row[column])]
                with self.subTest(f"{model}.{column}"):
                    self.assertEqual(wrong, [])

    def test_gives_every_object_an_id_of_its_own(self):
        for model, rows in self.rows.items():
            with self.subTest(model):
                self.assertEqual(len({row["id"] for row in rows}), len(rows))

    def test_links_only_to_objects_that_are_there(self):
        for model, rows in self.rows.items():
            for name, target in self.models[model].relationships.items():
                known = {row["id"] for row in self.rows[target]} | {""}
                with self.subTest(f"{model}.{name}"):
                    self.assertEqual({row[f"{name}_id"] for row in rows} - known, set())

    def test_has_the_counts_that_its_readme_states(self):
        self.assertEqual({model: len(rows) for model, rows in self.rows.items()},
                         {"airline": 16, "airport": 1462, "plane": 3322, "flight": 6099, "weather": 498, "user": 8})


class DrawingIt(unittest.TestCase):
    def test_every_airline_gets_a_badge_and_a_fact_sheet_always_the_same(self):
        with open(os.path.join(HERE, "airlines.csv"), encoding="utf-8", newline="") as file:
            airlines = list(csv.DictReader(file))
        made = draw_attachments.batch(airlines)
        self.assertEqual(made, draw_attachments.batch(airlines))
        self.assertEqual(len(made["operations"]), 16)
        for operation in made["operations"]:
            badge, sheet = operation["object"]["badge"], operation["object"]["fact_sheet"]
            self.assertTrue(base64.b64decode(badge["base64"], validate=True).startswith(b"\x89PNG\r\n\x1a\n"))
            self.assertTrue(base64.b64decode(sheet["base64"], validate=True).startswith(b"%PDF-1.4"))
            for each in (badge, sheet):
                self.assertRegex(each["filename"], r"^[a-z0-9_. -]+$")


class MakingIt(unittest.TestCase):
    def test_a_flights_outcome_is_read_from_what_is_missing(self):
        for dep_time, arr_time, arr_delay, outcome in [
            ("517", "830", "11", ("landed", "false")),
            ("517", "1130", "NA", ("landed", "true")),
            ("517", "NA", "NA", ("departed", "")),
            ("NA", "NA", "NA", ("cancelled", "false")),
        ]:
            row = {"dep_time": dep_time, "arr_time": arr_time, "arr_delay": arr_delay}
            self.assertEqual(make_csv.outcome(row), outcome)

    def test_an_arrival_is_the_first_local_time_after_the_departure(self):
        clock = make_csv.Clock.__new__(make_csv.Clock)
        clock.zones = {"IAH": (-6, True), "HNL": (-10, False), "SJU": (-4, False)}
        for local, departure, airport, arrival in [
            ("819", "2013-01-01T10:15:00Z", "IAH", "2013-01-01T14:19:00Z"),
            ("819", "2013-07-01T09:15:00Z", "IAH", "2013-07-01T13:19:00Z"),
            ("1530", "2013-01-01T14:00:00Z", "HNL", "2013-01-02T01:30:00Z"),
            ("337", "2013-10-31T03:59:00Z", "SJU", "2013-10-31T07:37:00Z"),
            ("2400", "2013-01-02T02:55:00Z", "IAH", "2013-01-02T06:00:00Z"),
        ]:
            moment = make_csv.datetime.strptime(departure, "%Y-%m-%dT%H:%M:%SZ")
            self.assertEqual(make_csv.timestamp(clock.next(local, moment, airport)), arrival)

    def test_measurements_lose_their_noise_and_keep_their_value(self):
        for text, cell in [("10.357019999999999", "10.35702"), ("8.05546", "8.05546"), ("0", "0"),
                           ("1012", "1012"), ("-0.04", "-0.04"), ("NA", "")]:
            self.assertEqual(make_csv.number(text), cell)

    def test_ids_do_not_change(self):
        self.assertEqual(make_csv.object_id("airport", "JFK"), "7524981b-2b83-5a83-916e-313818edebe9")
        self.assertEqual(uuid.UUID(make_csv.object_id("plane", "N14228")).version, 5)


if __name__ == "__main__":
    unittest.main()
