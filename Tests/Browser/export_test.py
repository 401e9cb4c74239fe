"""Exports of a view as files, with a script and without."""

import csv
import json
import pathlib
import unittest

import checks


class Exports:
    """`self.b` is the browser."""

    def setUp(self):
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        self.view = f"/databrowser/{self.site.id}/models/flight?q[distance.gte]=2000&sort[distance]=-1"
        self.found = self.site.get("/objects/flight.json?q[distance.gte]=2000&sort[distance]=-1&limit=1000")["objects"]

    def tearDown(self):
        self.assertEqual(self.b.complaints(), [])

    def check(self):
        """Whether everybody can use the page; what looks needs a script."""
        if self.b is self.browser:
            self.assertEqual(checks.looks(self.b) + checks.keyboard(self.b), [])
            self.b.run("scrollTo(0, 0)")

    def downloaded(self, kind):
        """The file that comes when one asks for this kind."""
        self.b.one(f'[name="as"][value="{kind}"]').click()
        folder = pathlib.Path(self.b.downloads.name)
        before = set(folder.iterdir())
        self.b.button("Download").click()

        def whole():
            # While they come, files have other names.
            return [path for path in set(folder.iterdir()) - before
                    if path.suffix != ".crdownload" and not path.name.startswith(".")]
        return self.b.await_page(whole)[0]

    def test_a_view_becomes_a_file_in_each_form(self):
        self.b.open(self.site.pages + self.view)
        self.b.click(self.b.link("Export"))
        self.assertIn(f"{len(self.found)} objects that match:", self.b.text)
        self.check()
        ids = [each["id"] for each in self.found]
        file = self.downloaded("csv")
        self.assertRegex(file.name, r"^Flight \d{4}-\d\d-\d\d( \(\d+\))?\.csv$")
        with open(file, encoding="utf-8", newline="") as lines:
            self.assertEqual([row["id"] for row in csv.DictReader(lines)], ids)
        lines = self.downloaded("ndjson").read_text(encoding="utf-8").splitlines()
        self.assertEqual([json.loads(line)["id"] for line in lines], ids)
        with open(self.downloaded("spreadsheet"), encoding="utf-8", newline="") as lines:
            text = lines.read()
        self.assertTrue(text.startswith("\ufeffObject,"))
        self.assertEqual(len(list(csv.reader(text.splitlines()))), len(ids) + 1)

    def test_the_columns_of_the_view_alone(self):
        self.b.open(self.site.pages + self.view + "&columns=distance,status")
        self.b.click(self.b.link("Export"))
        self.b.one('[name="fields"][value="view"]').click()
        with open(self.downloaded("csv"), encoding="utf-8", newline="") as lines:
            self.assertEqual(next(csv.reader(lines)), ["id", "distance", "status"])


class WithScript(Exports, unittest.TestCase):
    @property
    def b(self):
        return self.browser


class WithoutScript(Exports, unittest.TestCase):
    @property
    def b(self):
        return self.plain
