"""The query console, with a script and without."""

import unittest

from selenium.webdriver.support.select import Select

import checks


class Console:
    """`self.b` is the browser."""

    def setUp(self):
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        self.b.open(self.site.pages + f"/databrowser/{self.site.id}")
        self.b.click(self.b.link("Query"))

    def tearDown(self):
        self.assertEqual(self.b.complaints(expected=(422,)), [])

    def ask(self, expression, arguments):
        Select(self.b.one("select[name=model]")).select_by_value("flight")
        self.b.fill("expression", expression)
        self.b.fill("arguments", arguments)
        self.b.click(self.b.button("Run"))

    def check(self):
        if self.b is self.browser:
            self.assertEqual(checks.axe(self.b), [])

    def test_what_is_wrong_stands_at_its_position_and_what_was_typed_stays(self):
        self.ask("distance >= ? and\nnothing = ?", "500\n1")
        self.assertIn("The expression is wrong at position 18", self.b.text)
        self.assertEqual(self.b.one("main pre").text.splitlines()[0], "nothing = ?")
        self.check()
        self.b.fill("expression", "distance >= ? and status in ?")
        self.b.fill("arguments", '500\n["landed", "cancelled"]')
        self.b.click(self.b.button("Run"))
        self.assertGreater(len(self.b.all("table.data tbody tr")), 1)
        self.assertIn("PowerShell", self.b.text)
        self.check()
        self.b.click(self.b.link("As a table"))
        self.assertIn("/models/flight?expression=", self.b.address)


class WithScript(Console, unittest.TestCase):
    @property
    def b(self):
        return self.browser


class WithoutScript(Console, unittest.TestCase):
    @property
    def b(self):
        return self.plain
