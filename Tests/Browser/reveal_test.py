"""Password fields: revealed one by one, and in JSON."""

import unittest

import checks
from site_under_test import PASSWORD, SECRET


class Reveals:
    """`self.b` is the browser."""

    def setUp(self):
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        self.object = f"/databrowser/{self.site.vault}/models/login/{self.site.login}"

    def tearDown(self):
        for give_up in self.b.all(".elevated button"):
            self.b.click(give_up)
        self.assertEqual(self.b.complaints(), [])

    def check(self):
        """Whether everybody can use the page; what looks needs a script."""
        if self.b is self.browser:
            self.assertEqual(checks.axe(self.b) + checks.keyboard(self.b), [])

    def test_a_field_is_revealed_on_the_page_of_its_object(self):
        self.b.open(self.site.pages + f"/databrowser/{self.site.vault}/models/login")
        self.assertNotIn(SECRET, self.b.text)
        self.b.click(self.b.link("Back office"))
        if SECRET not in self.b.text:
            self.b.click(self.b.button("Reveal"))
        self.assertEqual(self.b.path, self.object)
        self.assertIn(SECRET, self.b.text)
        self.check()
        self.b.open(self.site.pages + self.object + "/peek")
        self.assertNotIn(SECRET, self.b.text)

    def test_json_with_password_fields_asks_who_one_is(self):
        self.b.open(self.site.pages + self.object + "/json")
        self.assertNotIn("swordfish", self.b.text)
        self.b.click(self.b.link("Show it with password fields"))
        self.assertEqual(self.b.path, "/databrowser/elevate")
        self.b.fill("password", PASSWORD)
        self.b.click(self.b.button("Go on"))
        self.assertEqual(self.b.path, self.object + "/json")
        self.assertIn(SECRET, self.b.text)
        self.check()


class WithScript(Reveals, unittest.TestCase):
    @property
    def b(self):
        return self.browser


class WithoutScript(Reveals, unittest.TestCase):
    @property
    def b(self):
        return self.plain
