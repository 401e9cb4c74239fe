"""What changed in a deployment, with a script and without."""

import re
import unittest

import checks


class Changes:
    """`self.b` is the browser."""

    def setUp(self):
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        airline = self.site.first("airline")
        self.site.send("PATCH", f"/objects/airline/{airline}.json", {"airline": {"name": "Zephyr & <Sons>"}})
        self.b.open(self.site.pages + f"/databrowser/{self.site.id}")
        self.b.click(self.b.link("All changes"))

    def tearDown(self):
        self.assertEqual(self.b.complaints(expected=(422,)), [])

    def check(self):
        if self.b is self.browser:
            self.assertEqual(checks.axe(self.b), [])
            self.b.look("dark")
            self.assertEqual(checks.axe(self.b), [])
            self.b.look("light")

    def test_a_change_says_before_and_after_and_where_a_program_goes_on(self):
        newest = self.b.one("section[id^=e]")
        self.assertIn("Zephyr & <Sons>", newest.text)
        self.check()
        start = int(re.search(r"start=(\d+)", newest.text).group(1))
        self.assertEqual(self.site.get(f"/oplog.json?start={start}")["entries"], [])
        self.assertEqual(len(self.site.get(f"/oplog.json?start={start - 1}")["entries"]), 1)
        self.b.one("main summary").click()
        self.b.fill("from", "soon")
        self.b.click(self.b.button("Show these"))
        self.assertIn("neither a time nor a sequence", self.b.text)
        self.check()
        self.b.fill("from", f"{start - 1}")
        self.b.click(self.b.button("Show these"))
        self.assertEqual(len(self.b.all("section[id^=e]")), 1)
        self.b.click(self.b.link("Show all"))
        self.b.click(self.b.link("Older"))
        self.assertIn("before=", self.b.address)
        self.b.click(self.b.link("Newer"))
        self.assertIn("after=", self.b.address)


class WithScript(Changes, unittest.TestCase):
    @property
    def b(self):
        return self.browser


class WithoutScript(Changes, unittest.TestCase):
    @property
    def b(self):
        return self.plain
