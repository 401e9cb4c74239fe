"""Histories of objects, with a script and without."""

import unittest

import checks
from selenium.webdriver.support.ui import Select


class Histories:
    """`self.b` is the browser."""

    def setUp(self):
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        self.flight = self.site.first("flight", "sort[number]=-1")
        self.object = f"/databrowser/{self.site.id}/models/flight/{self.flight}"

    def tearDown(self):
        self.assertEqual(self.b.complaints(), [])

    def check(self):
        """Whether everybody can use the page; what looks needs a script."""
        if self.b is self.browser:
            self.assertEqual(checks.looks(self.b) + checks.keyboard(self.b), [])
            self.b.run("scrollTo(0, 0)")

    def change(self, distance):
        self.site.send("PATCH", f"/objects/flight/{self.flight}.json", {"flight": {"distance": distance}})

    def test_who_changed_what_and_two_states_side_by_side(self):
        self.change(1001)
        self.b.open(self.site.pages + self.object + "/edit")
        self.b.fill("v[distance]", "1002")
        self.b.click(self.b.button("Save"))
        self.b.open(self.site.pages + self.object)
        self.b.click(self.b.link("History"))
        newest = self.b.one("main section.card[id^=e]").text
        for text in ("Ada Lovelace", "Distance (miles)", "1001", "1002"):
            self.assertIn(text, newest)
        self.check()
        changes = Select(self.b.one('[name="second"]')).options
        self.assertIn("by Ada Lovelace", changes[0].text)
        self.b.click(self.b.button("Show side by side"))
        self.assertIn("1 field differs.", self.b.text)
        row = next(each.text for each in self.b.all("main table tbody tr") if "differs" in each.text)
        self.assertTrue("1001" in row and "1002" in row, row)
        self.check()

    def test_a_long_history_goes_on_page_by_page(self):
        first = 2000 if self.b.script else 3000
        newest = str(first + 39)
        for distance in range(first, first + 40):
            self.change(distance)
        self.b.open(self.site.pages + self.object + "/history")
        self.assertIn(newest, [each.text for each in self.b.all("main section.card[id^=e] td")])
        self.check()
        self.b.click(self.b.link("Earlier changes"))
        self.assertNotIn(newest, [each.text for each in self.b.all("main td")])
        self.check()
        self.b.click(self.b.link("Newest changes"))
        self.assertIn(newest, [each.text for each in self.b.all("main section.card[id^=e] td")])


class WithScript(Histories, unittest.TestCase):
    @property
    def b(self):
        return self.browser


class WithoutScript(Histories, unittest.TestCase):
    @property
    def b(self):
        return self.plain
