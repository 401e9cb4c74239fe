"""Objects that a person changes: with a script and without."""

import base64
import unittest

import checks
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

# One pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


class Edits:
    """`self.b` is the browser."""

    def setUp(self):
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        self.models = f"/databrowser/{self.site.id}/models"
        self.flight = self.site.first("flight", "sort[number]=1")
        self.object = f"{self.models}/flight/{self.flight}"

    def tearDown(self):
        self.assertEqual(self.b.complaints(expected=(422, 409)), [])

    def check(self):
        """Whether everybody can use the page; what looks needs a script."""
        if self.b is self.browser:
            self.assertEqual(checks.looks(self.b), [])

    def value(self, name):
        return self.site.get(f"/objects/flight/{self.flight}.json")[name]

    def test_a_field_is_corrected_and_one_is_back_in_the_view(self):
        view = f"{self.models}/flight?q[status]=landed&size=100"
        self.b.open(self.site.pages + view)
        self.b.open(self.site.pages + self.object)
        before = self.site.get(f"/objects/flight/{self.flight}.json")
        self.b.click(self.b.link("Edit"))
        self.check()
        self.b.fill("v[distance]", "far")
        self.b.click(self.b.button("Save"))
        self.assertTrue(self.b.title.startswith("Error: "))
        self.assertEqual(self.b.run("return document.activeElement.id"), "faults")
        self.check()
        self.b.fill("v[distance]", "1234")
        self.b.click(self.b.button("Save"))
        self.assertEqual(self.b.path, self.object)
        self.assertIn("was saved", self.b.text)
        after = self.site.get(f"/objects/flight/{self.flight}.json")
        self.assertEqual(after["distance"], 1234)
        for kept in (before, after):
            kept.pop("distance"), kept.pop("updated_at")
        self.assertEqual(after, before)
        self.check()

    def test_a_conflict_is_decided_by_who_saves(self):
        self.b.open(self.site.pages + self.object + "/edit")
        self.site.send("PATCH", f"/objects/flight/{self.flight}.json", {"flight": {"distance": 77}})
        self.b.fill("v[distance]", "88")
        self.b.click(self.b.button("Save"))
        self.assertIn("Changed by somebody else meanwhile", self.b.text)
        self.assertEqual(self.value("distance"), 77)
        self.check()
        self.b.one('[name="x[distance]"][value="mine"]').click()
        self.b.click(self.b.button("Save"))
        self.assertEqual(self.value("distance"), 88)

    def test_an_airport_is_found_for_a_flight(self):
        self.b.open(self.site.pages + self.object + "/edit")
        self.b.fill("v[distance]", "99")
        button = next(each for each in self.b.all(".related button") if each.get_attribute("value") == "pick:origin")
        if self.b.script:
            button.click()
            self.b.one("dialog.picker input").send_keys("JFK")
            self.b.await_page(lambda: len(self.b.all("dialog.picker li")) == 1)
            self.assertEqual(checks.axe(self.b), [])
            self.b.one("dialog.picker li button").click()
            self.b.await_page(lambda: not self.b.all("dialog.picker"))
            self.assertIn("not saved", self.b.one("#unsaved").text)
        else:
            self.b.click(button)
            self.b.fill("find", "JFK")
            self.b.click(self.b.button("Find"))
            self.b.click(self.b.one("ul.rows button"))
        self.assertEqual(self.b.one("#field-origin-name").text, "JFK")
        self.b.click(self.b.button("Save"))
        self.assertEqual(self.value("origin_id"), self.site.first("airport", "q[faa]=JFK"))
        self.assertEqual(self.value("distance"), 99)

    def test_a_file_is_sent_with_the_form(self):
        airline = self.site.first("airline")
        self.b.open(self.site.pages + f"{self.models}/airline/{airline}/edit")
        picture = self.site.directory.name + "/Badge 1.PNG"
        with open(picture, "wb") as file:
            file.write(PNG)
        self.b.one('[type="file"]').send_keys(picture)
        self.b.click(self.b.button("Save"))
        self.assertIn("was saved", self.b.text)


class WithScript(Edits, unittest.TestCase):
    @property
    def b(self):
        return self.browser

    def test_unsaved_changes_are_marked_and_guarded_and_saved_by_a_key(self):
        self.b.open(self.site.pages + self.object + "/edit")
        self.b.fill("v[distance]", "321")
        self.assertEqual(self.b.one("#unsaved").text, "1 field not saved")
        self.assertEqual(len(self.b.all(".field.changed")), 1)
        self.b.go(lambda: ActionChains(self.b.driver).key_down(Keys.CONTROL).send_keys("s").key_up(Keys.CONTROL).perform())
        self.assertEqual(self.value("distance"), 321)


class WithoutScript(Edits, unittest.TestCase):
    @property
    def b(self):
        return self.plain
