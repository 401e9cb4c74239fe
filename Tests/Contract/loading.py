"""The program of docs/loading.md, as it stands there, against a real server."""

import os
import pathlib
import re
import subprocess
import sys
import threading
import unittest
import uuid

import duckdb

from server import ROOT

PAGE = ROOT / "docs" / "loading.md"


class TheProgramOfThePageOnLoading(unittest.TestCase):
    server = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.server.directory.name, "loading")
        cls.folder.mkdir()
        (program,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
        cls.program = cls.folder / "program.py"
        cls.program.write_text(program)

    def run_program(self, *words):
        done = subprocess.run(
            [sys.executable, str(self.program), *words], cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
            env={
                **os.environ, "SOJOURN_URL": self.server.base, "SOJOURN_USERNAME": self.server.id,
                "SOJOURN_PASSWORD": self.server.password, "DLT_DATA_DIR": str(self.folder / "dlt"),
                "RUNTIME__DLTHUB_TELEMETRY": "false",
            })
        self.assertEqual(done.returncode, 0, done.stdout[-4000:])

    def rows(self, pipeline, model, columns):
        with duckdb.connect(str(self.folder / f"sojourn_{pipeline}.duckdb"), read_only=True) as database:
            return sorted(database.execute(f"SELECT {columns} FROM sojourn.{model}").fetchall())

    def kept(self, model):
        """All objects, as the API has them."""
        objects, after = [], ""
        while after is not None:
            answer = self.server.get(f"/objects/{model}.json?limit=200&after={after}")
            objects += answer["objects"]
            after = answer.get("next")
        return objects

    def assert_same(self, pipeline):
        for model in ("airline", "airport", "plane", "flight", "weather", "user"):
            wanted = sorted((each["id"], each["display"]) for each in self.kept(model))
            self.assertEqual(self.rows(pipeline, model, "id, display"), wanted, model)
        wanted = sorted((each["id"], each["distance"], (each["status"] or {}).get("key")) for each in self.kept("flight"))
        self.assertEqual(self.rows(pipeline, "flight", "id, distance, status__key"), wanted)
        wanted = sorted((each["id"], each["position"]["latitude"]) for each in self.kept("airport"))
        self.assertEqual(self.rows(pipeline, "airport", "id, position__latitude"), wanted)

    def change(self, *operations):
        """In one batch, of at most 1000."""
        answer = self.server.send("POST", "/batch.json", {"operations": list(operations)})
        self.assertTrue(all(each["success"] for each in answer["operations"]), answer)

    def change_until(self, end, planes):
        """One change after the other, of each kind, until the end is set; of each plane at most one, as a second
        one would make good what was missed of the first."""
        for turn, each in enumerate(planes):
            if end.is_set():
                return
            target = {"type": "plane", "id": each["id"]}
            if turn % 3 == 0:
                self.change({"method": "delete", "object": target})
            elif turn % 3 == 1:
                self.change({"method": "patch", "object": {**target, "tail_number": "other"}})
            else:
                new = {"type": "plane", "id": str(uuid.uuid4()), "tail_number": "new"}
                self.change({"method": "put", "object": new}, {"method": "delete", "object": target})

    def test_loads_everything_and_then_mirrors_every_change(self):
        # More than a page of one model.
        for first in (0, 600):
            self.change(
                *({"method": "put", "object": {
                    "type": "plane", "id": str(uuid.UUID(int=(4 << 76) + (8 << 60) + number)), "tail_number": f"T{number}"}}
                  for number in range(first, first + 600)))
        self.run_program("load")
        self.assert_same("load")
        self.run_program("mirror")
        self.assert_same("mirror")

        flights = self.kept("flight")
        first, second, third, fourth = (
            {"type": "flight", "id": each["id"]} for each in (flights[0], flights[1], flights[2], flights[3]))
        new = {"type": "flight", "id": "7b0d2a4e-51a7-4a0e-8b53-0f2d6a1c9e01"}
        short = {"type": "flight", "id": "7b0d2a4e-51a7-4a0e-8b53-0f2d6a1c9e02"}
        self.change(
            # Distances were whole until now.
            {"method": "patch", "object": {**first, "distance": 1400.5}},
            {"method": "delete", "object": second},
            # Deleted and made again, and the other way round, within one run.
            {"method": "delete", "object": third},
            {"method": "put", "object": {**third, "distance": 7, "status": "cancelled"}},
            {"method": "put", "object": {**short, "distance": 1}},
            {"method": "delete", "object": short},
            {"method": "put", "object": {**new, "distance": 0.25}},
            {"method": "patch", "object": {**fourth, "status": None}},
        )
        self.run_program("mirror")
        self.assert_same("mirror")
        ids = {row[0] for row in self.rows("mirror", "flight", "id")}
        self.assertTrue(new["id"] in ids and third["id"] in ids)
        self.assertFalse({second["id"], short["id"]} & ids)

        # More changes than a page of the feed has.
        self.change(*({"method": "patch", "object": {"type": "flight", "id": each["id"], "distance": 3}}
                      for each in self.kept("flight")))
        for turn in range(4):
            self.change(*({"method": "patch", "object": {"type": "flight", "id": each["id"], "distance": turn + 0.5}}
                          for each in self.kept("flight")))
        self.change({"method": "delete", "object": new})
        self.run_program("mirror")
        self.assert_same("mirror")
        before = self.rows("mirror", "flight", "id, _sequence")
        self.run_program("mirror")
        self.assertEqual(self.rows("mirror", "flight", "id, _sequence"), before, "nothing had changed")

        # From the beginning, while others write.
        end = threading.Event()
        writer = threading.Thread(target=self.change_until, args=(end, self.kept("plane")))
        writer.start()
        try:
            self.run_program("anew")
        finally:
            end.set()
            writer.join()
        self.run_program("mirror")
        self.assert_same("mirror")
