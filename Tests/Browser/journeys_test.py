"""The ways that people take through the pages, with scripts and without them."""

import unittest
import urllib.parse

from selenium.webdriver.support.ui import Select

import checks


class Journeys:
    """`self.b` is the browser."""

    def setUp(self):
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        self.models = f"/databrowser/{self.site.id}/models"

    def tearDown(self):
        self.assertEqual(self.b.complaints(), [])

    def open(self, path):
        self.b.open(self.site.pages + path)

    def query(self):
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.b.address).query))

    def cells(self, column):
        """The texts below a head."""
        heads = [each.text.split("\n")[0] for each in self.b.all("table.data thead th")]
        at = heads.index(column)
        return [row.find_elements("css selector", "th, td")[at].text for row in self.b.all("table.data tbody tr")]

    def heading(self):
        return self.b.one("h1").text

    # MARK: Reading.

    def test_from_the_deployments_to_an_object_and_back(self):
        self.open("/databrowser")
        self.b.click(self.b.one("main").find_element("link text", "flights"))
        self.assertEqual(self.b.path, f"/databrowser/{self.site.id}")
        self.b.click(self.b.one(f'nav.side a[href$="/models/airport"]'))
        table = self.b.address
        row = self.b.one("table.data tbody th a")
        name = row.text
        self.b.click(row)
        self.assertEqual(self.heading(), name)
        self.b.go(self.b.driver.back)
        self.assertEqual(self.b.address, table)

    def test_pages_of_a_table(self):
        self.open(f"{self.models}/airport?sort[faa]=1")
        first = self.cells("FAA code")
        self.assertEqual((len(first), first), (30, sorted(first)))
        self.b.click(self.b.link("Next"))
        second = self.cells("FAA code")
        self.assertLess(first[-1], second[0])
        self.b.click(self.b.link("Previous"))
        self.assertEqual(self.cells("FAA code"), first)
        self.b.click(self.b.link("Last"))
        last = self.cells("FAA code")
        self.assertEqual((len(last), last), (30, sorted(last)))
        self.assertLess(second[-1], last[0])
        self.b.click(self.b.link("First"))
        self.assertEqual(self.cells("FAA code"), first)

    def test_sorting_by_a_head_and_by_a_second(self):
        self.open(f"{self.models}/flight")
        self.b.click(self.b.link("Distance (miles)"))
        self.assertEqual(self.b.one("th[aria-sort]").get_attribute("aria-sort"), "ascending")
        self.b.click(self.b.one("th[aria-sort] a"))
        self.assertEqual(self.b.one("th[aria-sort]").get_attribute("aria-sort"), "descending")
        self.b.click(self.b.one('a[aria-label="Then sort by Flight number"]'))
        self.assertEqual(list(self.query().items())[:2], [("sort[distance]", "-1"), ("sort[number]", "1")])

    # MARK: Choosing.

    def test_a_filter_by_the_form_and_away_again(self):
        self.open(f"{self.models}/flight")
        self.b.click(self.b.link("Filter"))
        Select(self.b.one("#add")).select_by_visible_text("Distance (miles)")
        self.b.click(self.b.button("Add"))
        Select(self.b.one('[name="f[0][op]"]')).select_by_value("from")
        self.b.fill("f[0][value]", "2000")
        self.b.click(self.b.button("Show"))
        self.assertEqual(self.query().get("q[distance.gte]"), "2000")
        self.assertTrue(all(float(each) >= 2000 for each in self.cells("Distance (miles)")))
        self.b.click(self.b.one(".chip a"))
        self.assertNotIn("q[distance.gte]", self.query())

    def test_a_wrong_value_comes_back_with_what_is_wrong(self):
        self.open(f"{self.models}/flight/filter?add=distance")
        self.b.fill("f[0][value]", "far away")
        self.b.click(self.b.button("Show"))
        self.assertTrue(self.b.title.startswith("Error:"), self.b.title)
        field = self.b.one('[name="f[0][value]"]')
        self.assertEqual((field.get_attribute("value"), field.get_attribute("aria-invalid")), ("far away", "true"))
        self.assertTrue(self.b.complaints(expected=[422]) == [])

    def test_choosing_an_object_for_a_relationship(self):
        self.open(f"{self.models}/flight/pick?relationship=origin")
        self.b.fill("text", "JFK")
        self.b.click(self.b.button("Search"))
        self.b.click(self.b.one("main").find_element("link text", "JFK"))
        self.assertIn("q[origin_id]", self.query())
        self.assertTrue(all("JFK -" in each for each in self.cells("Object")))

    def test_columns_and_their_order(self):
        self.open(f"{self.models}/airport")
        self.b.click(self.b.link("Columns"))
        self.b.one("#c-name").click()
        self.b.fill("n[time_zone]", "0")
        self.b.click(self.b.button("Show"))
        heads = [each.text.split("\n")[0] for each in self.b.all("table.data thead th")]
        self.assertNotIn("Name", heads)
        self.assertEqual(heads[1], "Time zone")
        self.assertNotIn("columns", self.query())
        # They are kept, until one goes back to the model's own.
        self.open(f"{self.models}/airport?sort[faa]=1")
        self.assertEqual(self.b.all("table.data thead th")[1].text.split("\n")[0], "Time zone")
        self.b.click(self.b.link("Columns"))
        self.b.click(self.b.button("The usual columns"))
        self.assertNotEqual(self.b.all("table.data thead th")[1].text.split("\n")[0], "Time zone")

    def test_a_filter_that_is_too_long_for_an_address(self):
        numbers = [str(number) for number in range(1, 1400)]
        self.open(f"{self.models}/flight/filter?add=number")
        Select(self.b.one('[name="f[0][op]"]')).select_by_value("any-of")
        self.b.fill("f[0][value]", ", ".join(numbers))
        self.b.click(self.b.button("Show"))
        self.assertRegex(self.b.path, rf"^/databrowser/{self.site.id}/views/\d+$")
        self.assertLess(len(self.b.address), 200)
        kept = self.b.path
        self.assertTrue(set(self.cells("Flight number")) <= set(numbers))
        if self.b is self.browser:
            self.assertEqual(checks.axe(self.b), [])
        self.b.click(self.b.link("Distance (miles)"))
        self.b.click(self.b.link("Next"))
        self.assertEqual(self.b.path, kept)
        self.b.click(self.b.one("table.data tbody th a"))
        self.b.click(self.b.one("nav.trail li:last-child a"))
        self.assertEqual(self.b.path, kept)
        self.b.click(self.b.link("Filter"))
        self.assertEqual(self.b.one('[name="f[0][value]"]').get_attribute("value"), ", ".join(numbers))

    # MARK: Finding.

    def test_searching_in_a_table(self):
        self.open(f"{self.models}/airport")
        self.b.fill("search", "Kennedy")
        self.b.click(self.b.button("Search"))
        self.assertEqual(self.query()["search"], "Kennedy")
        self.assertIn("JFK", self.cells("FAA code"))

    def test_jumping_to_an_id_and_to_a_text(self):
        airport = self.site.get("/objects/airport.json?q[faa]=JFK")["objects"][0]["id"]
        for text in (airport, "Kennedy"):
            self.open(f"/databrowser/{self.site.id}")
            self.b.fill("q", text)
            self.b.go(self.b.one("#jump").submit)
            if not self.b.path.endswith(airport):
                self.b.click(self.b.one("main").find_element("link text", "JFK"))
            self.assertEqual(self.b.path, f"{self.models}/airport/{airport}")

    def test_an_address_that_is_none_says_so_in_the_frame(self):
        self.open(f"{self.models}/nothing")
        self.assertEqual(self.b.complaints(expected=[404]), [])
        self.assertEqual(len(self.b.all("h1")), 1)
        self.assertTrue(self.b.all("#jump"))


class WithScript(Journeys, unittest.TestCase):
    @property
    def b(self):
        return self.browser


class WithoutScript(Journeys, unittest.TestCase):
    @property
    def b(self):
        return self.plain
