"""Objects that are deleted, with a script and without: what refers to them is said, and may be cleared with them."""

import unittest

import checks


class Deletions:
    """`self.b` is the browser."""

    def setUp(self):
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        self.models = f"/databrowser/{self.site.id}/models"
        self.airline = self.site.send(
            "POST", "/objects/airline.json", {"airline": {"carrier": "Z9", "name": "Short-lived <b>"}})["id"]
        self.flights = [self.flight(number) for number in (1, 2)]

    def tearDown(self):
        self.assertEqual(self.b.complaints(expected=(404, 409)), [])

    def flight(self, number):
        return self.site.send(
            "POST", "/objects/flight.json", {"flight": {"number": number, "airline_id": self.airline}})["id"]

    def airline_of(self, flight):
        return self.site.get(f"/objects/flight/{flight}.json")["airline_id"]

    def check(self):
        """Whether everybody can use the page; what looks needs a script."""
        if self.b is self.browser:
            self.assertEqual(checks.looks(self.b) + checks.keyboard(self.b), [])
            self.b.run("scrollTo(0, 0)")

    def test_an_object_goes_with_what_refers_to_it_cleared(self):
        view = f"{self.models}/airline?q[carrier]=Z9"
        self.b.open(self.site.pages + view)
        self.b.click(self.b.one("table.data tbody th a"))
        self.b.click(self.b.link("Delete"))
        self.assertIn("flights: 2 objects", self.b.text)
        self.check()
        self.b.one('[name="clear"]').click()
        self.b.click(self.b.one("main form button.main"))
        self.assertEqual(self.b.path, f"{self.models}/airline")
        self.assertEqual([self.airline_of(flight) for flight in self.flights], [None, None])
        # It is listed as deleted, with its history.
        self.b.open(f"{self.site.pages}{self.models}/airline/deleted")
        self.check()
        self.b.click(self.b.one(f'main a[href*="{self.airline}"]'))
        self.assertIn("deleted", self.b.one("main .heading").text)
        self.check()

    def test_more_that_refers_to_it_by_then_is_shown_before_anything_is_done(self):
        object = f"{self.models}/airline/{self.airline}"
        self.b.open(f"{self.site.pages}{object}/delete")
        self.flight(3)
        self.b.one('[name="clear"]').click()
        self.b.click(self.b.one("main form button.main"))
        self.assertTrue(self.b.title.startswith("Error: "), self.b.title)
        self.assertIn("More refers to it than when you opened this page", self.b.text)
        self.assertIn("flights: 3 objects", self.b.text)
        self.check()
        self.assertEqual(self.airline_of(self.flights[0]), self.airline)
        # Left as they are, their ids lead nowhere.
        self.b.click(self.b.one("main form button.main"))
        self.assertEqual(self.airline_of(self.flights[0]), self.airline)
        self.b.open(f"{self.site.pages}{self.models}/flight/{self.flights[0]}")
        self.assertIn(self.airline, self.b.text)
        self.b.open(self.site.pages + object)
        self.assertIn("Error 404", self.b.text)
        self.check()


class WithScript(Deletions, unittest.TestCase):
    @property
    def b(self):
        return self.browser


class WithoutScript(Deletions, unittest.TestCase):
    @property
    def b(self):
        return self.plain
