"""An object that is deleted, comes back, and goes back to what it was: with a script and without."""

import unittest

import checks


class Restores:
    """`self.b` is the browser."""

    def setUp(self):
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        self.models = f"/databrowser/{self.site.id}/models"
        airline = {"carrier": "QX", "name": "Sojourn <b> Air"}
        self.airline = self.site.send("POST", "/objects/airline.json", {"airline": airline})["id"]
        self.object = f"{self.models}/airline/{self.airline}"

    def tearDown(self):
        self.assertEqual(self.b.complaints(expected=(404, 409)), [])
        self.site.send("DELETE", f"/objects/airline/{self.airline}.json")

    def check(self):
        """Whether everybody can use the page; what looks needs a script."""
        if self.b is self.browser:
            for scheme, width in (("light", 1280), ("light", 320), ("dark", 1280)):
                self.b.look(scheme)
                self.b.resize(width)
                self.assertEqual(checks.axe(self.b) + checks.reflow(self.b), [])
            self.b.look("light")
            self.assertEqual(checks.keyboard(self.b), [])
            self.b.run("window.scrollTo(0, 0)")

    def value(self, name):
        return self.site.get(f"/objects/airline/{self.airline}.json")[name]

    def change(self, name):
        self.site.send("PATCH", f"/objects/airline/{self.airline}.json", {"airline": {"name": name}})

    def test_deleted_found_among_the_deleted_and_restored(self):
        self.b.open(self.site.pages + self.object)
        self.b.click(self.b.link("Delete"))
        self.b.click(self.b.one("main form button"))
        notice = self.b.one(".notice.good").text
        self.assertIn("was deleted.", notice)
        self.assertIn("Sojourn <b> Air", notice)
        self.check()
        self.b.click(self.b.link("Deleted"))
        self.check()
        self.b.click(self.b.one(f'main a[href*="{self.airline}/restore"]'))
        self.assertIn("It comes back with these values", self.b.text)
        self.check()
        self.b.click(self.b.one('main button[value="restore"]'))
        self.assertEqual(self.b.path, self.object)
        self.assertIn("was restored as it was", self.b.one(".notice.good").text)
        self.assertEqual(self.value("name"), "Sojourn <b> Air")
        self.b.click(self.b.link("History"))
        self.assertEqual(
            [each.text.split(" ")[0] for each in self.b.all("main section[id^=e] h2")], ["Restored", "Deleted", "Created"])
        self.check()

    def test_back_from_the_notice_of_the_deletion(self):
        self.b.open(self.site.pages + self.object + "/delete")
        self.b.click(self.b.one("main form button"))
        self.b.click(self.b.link("Restore it"))
        self.b.click(self.b.button("Cancel"))
        self.assertTrue(self.b.path.endswith("/history"))
        self.b.go(self.b.driver.back)
        self.b.click(self.b.one('main button[value="restore"]'))
        self.assertEqual(self.value("carrier"), "QX")

    def test_an_earlier_state_and_somebody_who_writes_meanwhile(self):
        self.change("Second Air")
        self.b.open(self.site.pages + self.object + "/history")
        self.b.click(self.b.link("Restore"))
        self.check()
        self.change("Third Air")
        self.b.click(self.b.one('main button[value="restore"]'))
        self.assertTrue(self.b.title.startswith("Error: "))
        self.assertIn("Changed by somebody else meanwhile", self.b.text)
        self.assertIn("Third Air", self.b.one("main table").text)
        self.assertEqual(self.value("name"), "Third Air")
        self.check()
        self.b.click(self.b.one('main button[value="restore"]'))
        self.assertEqual(self.value("name"), "Sojourn <b> Air")


class WithScript(Restores, unittest.TestCase):
    @property
    def b(self):
        return self.browser


class WithoutScript(Restores, unittest.TestCase):
    @property
    def b(self):
        return self.plain
