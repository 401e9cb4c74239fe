"""The data model: looked at, checked, deployed and gone back from."""

import tempfile
import unittest

import checks
from site_under_test import PASSWORD, VAULT


class DataModel:
    """`self.b` is the browser."""

    def setUp(self):
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        self.base = f"/databrowser/{self.site.vault}/data-model"

    def tearDown(self):
        for give_up in self.b.all(".elevated button"):
            self.b.click(give_up)
        self.assertEqual(self.b.complaints(expected=(422,)), [])

    def check(self, keys=True):
        """Whether everybody can use the page; what looks needs a script. Where the focus is on what is wrong, keys do not
        begin at the top."""
        if self.b is self.browser:
            self.assertEqual(checks.axe(self.b) + (checks.keyboard(self.b) if keys else []), [])
            # Else what is to be clicked may lie under the band.
            self.b.run("scrollTo(0, 0)")

    def send(self, document):
        self.b.open(self.site.pages + self.base + "/check")
        self.b.fill("document", document)
        self.b.click(self.b.button("Check"))

    def elevate(self):
        if self.b.path == "/databrowser/elevate":
            self.b.fill("password", PASSWORD)
            self.b.click(self.b.button("Go on"))

    def version(self):
        self.b.open(self.site.pages + self.base)
        return int(self.b.one("tbody th a").text.split()[1])

    def test_a_document_is_checked_deployed_and_gone_back_from(self):
        before = self.version()
        self.check()
        self.send(VAULT.replace('type="text"', 'type="txt"'))
        self.assertIn("It cannot be deployed", self.b.text)
        if self.b is self.browser:
            numbers = self.b.run("return document.querySelector('.numbered > pre').textContent")
            self.assertEqual(numbers.split(), [str(1 + index) for index in range(len(VAULT.splitlines()))])
        self.check(keys=False)
        self.send(VAULT.replace("<display>", '<field name="site" label="Site" type="text:url"/><display>'))
        self.assertIn("login.site is added", self.b.text)
        self.check()
        self.b.click(self.b.link("Deploy it…"))
        self.elevate()
        self.check()
        self.b.fill("note", "sites <b>")
        self.b.click(self.b.button(f"Deploy version {before + 1}"))
        self.assertIn(f"Version {before + 1} was deployed.", self.b.text)
        self.assertIn("sites <b>", self.b.text)
        self.b.click(next(link for link in self.b.all("a") if link.text == "What changed since"))
        self.assertIn("login.site is added", self.b.text)
        self.check()
        self.b.open(self.site.pages + f"{self.base}/{before}")
        self.check()
        self.b.click(self.b.link("Go back to it"))
        self.elevate()
        self.b.click(self.b.button(f"Deploy version {before + 2}"))
        self.assertEqual(self.version(), before + 2)
        self.assertIn(f"Back to version {before}", self.b.text)

    def test_a_file_is_checked_in_the_place_of_what_is_typed(self):
        good = VAULT.replace('label="Name"', 'label="Näme"')
        for text, encoding, said in (
                (good.replace("<display>", "<displya>"), "utf-8", "It cannot be deployed"),
                (good, "utf-16", "is UTF-16"), (good, "utf-8-sig", "It can be deployed")):
            with tempfile.NamedTemporaryFile(suffix=".xml") as file:
                file.write(text.encode(encoding))
                file.flush()
                self.b.open(self.site.pages + self.base + "/check")
                self.b.one("input[type=file]").send_keys(file.name)
                self.b.click(self.b.button("Check"))
            self.assertIn(said, self.b.text)
            self.check(keys=said == "It can be deployed")


class WithScript(DataModel, unittest.TestCase):
    @property
    def b(self):
        return self.browser


class WithoutScript(DataModel, unittest.TestCase):
    @property
    def b(self):
        return self.plain
