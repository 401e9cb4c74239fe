"""Views with names: kept, opened, shared, opened with their model, deleted; with a script and without."""

import unittest

import checks


class Views:
    """`self.b` is the browser."""

    def setUp(self):
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        self.table = self.site.pages + f"/databrowser/{self.site.id}/models/flight"

    def tearDown(self):
        self.assertEqual(self.b.complaints(expected=(422,)), [])

    def check(self):
        if self.b is self.browser:
            self.assertEqual(checks.axe(self.b), [])

    def test_a_view_is_kept_opened_shared_and_opens_with_its_model(self):
        self.b.open(self.table + "?q[status]=landed&sort[number]=1")
        self.b.click(self.b.link("Keep"))
        self.check()
        self.b.click(self.b.button("Keep the view"))
        self.assertIn("Name is needed.", self.b.text)
        self.check()
        self.b.fill("name", "Landed, by number")
        self.b.fill("note", "For the morning")
        self.b.click(self.b.button("Keep the view"))
        self.assertIn("Landed, by number", self.b.one("h1").text)
        self.check()
        self.b.click(self.b.link("Views"))
        self.assertIn("private", self.b.text)
        self.check()
        self.b.click(self.b.link("Landed, by number"))
        self.assertIn("sort%5Bnumber%5D=1", self.b.address)
        self.b.click(self.b.link("Change view"))
        self.check()
        for name in ("shared", "mine", "all"):
            self.b.one(f"input[name={name}]").click()
        self.b.click(self.b.button("Save"))
        self.b.open(self.table)
        self.assertIn("Landed, by number", self.b.one("h1").text)
        self.b.click(self.b.link("All objects"))
        self.assertIn("all=1", self.b.address)
        self.assertNotIn("Landed, by number", self.b.one("h1").text)
        self.b.open(self.table)
        self.b.click(self.b.link("Change view"))
        self.b.click(self.b.button("Delete this view"))
        self.assertNotIn("Landed, by number", self.b.text)
        self.b.open(self.table)
        self.assertTrue(self.b.address.endswith("/models/flight"))


class WithScript(Views, unittest.TestCase):
    @property
    def b(self):
        return self.browser


class WithoutScript(Views, unittest.TestCase):
    @property
    def b(self):
        return self.plain
