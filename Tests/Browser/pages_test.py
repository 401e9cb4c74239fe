"""What holds of every page, in every look and width, by keyboard and without script."""

import unittest

import checks
from site_under_test import PASSWORD

EXPECTED = {"not found": [404], "a wrong query": [422]}


class EveryPage(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.browser.resize(1280)
        self.browser.elevate(self.site, PASSWORD)
        self.browser.complaints()

    def on_every_page(self, *checks_of_a_page):
        for name, address in self.site.addresses().items():
            with self.subTest(page=name):
                self.browser.open(self.site.pages + address)
                findings = [finding for check in checks_of_a_page for finding in check(self.browser)]
                self.assertEqual(findings + self.browser.complaints(EXPECTED.get(name, ())), [])

    def test_light(self):
        self.browser.resize(1280)
        self.browser.look("light")
        self.on_every_page(checks.heads, checks.axe)

    def test_dark(self):
        self.browser.resize(1280)
        self.browser.look("dark")
        self.on_every_page(checks.axe)

    def test_320_pixels(self):
        self.browser.resize(320, 800)
        self.browser.look("light")
        self.on_every_page(checks.reflow, checks.axe)

    def test_what_opens_is_seen_too(self):
        """Menus and other parts that are closed when a page opens, which no check of a closed page sees."""
        for scheme, width in (("light", 1280), ("dark", 1280), ("light", 360)):
            self.browser.resize(width, 800)
            self.browser.look(scheme)
            for name, address in self.site.addresses().items():
                self.browser.open(self.site.pages + address)
                # A menu lies above the page: what it covers is looked at before.
                for parts, within in (("main details", "html"), (".band details", ".band")):
                    opened = self.browser.run(
                        "const all = document.querySelectorAll(arguments[0]);"
                        "all.forEach(one => one.open = true); return all.length", parts)
                    if opened:
                        with self.subTest(page=name, scheme=scheme, width=width, parts=parts):
                            found = checks.axe(self.browser, within)
                            self.assertEqual(found + self.browser.complaints(EXPECTED.get(name, ())), [])

    def test_by_keyboard_alone(self):
        self.browser.resize(1280)
        self.browser.look("light")
        self.on_every_page(checks.keyboard)
