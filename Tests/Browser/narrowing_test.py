"""«Only these» and «not these»: on the page of a row's values, and where a cell stands."""

import unittest
import urllib.parse

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

import checks


class Narrowing:
    """`self.b` is the browser."""

    def setUp(self):
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        self.flights = f"/databrowser/{self.site.id}/models/flight"
        self.b.open(self.site.pages + f"{self.flights}?q[distance.gte]=500&sort[distance]=1&columns=distance,tail_number")

    def tearDown(self):
        self.assertEqual(self.b.complaints(), [])

    def chips(self):
        return [each.text for each in self.b.all(".chip > span")]

    def cell(self):
        return self.b.one("table.data tbody td")


class WithScript(Narrowing, unittest.TestCase):
    @property
    def b(self):
        return self.browser

    def opened(self):
        self.b.await_page(lambda: self.b.all("dialog.values[open]"))
        return self.b.one("dialog.values[open]")

    def test_a_click_on_a_cell_offers_its_value(self):
        distance = self.cell().text
        self.cell().click()
        dialog = self.opened()
        self.assertEqual(len(dialog.find_elements("css selector", "tbody tr")), 1)
        self.assertEqual(checks.axe(self.b), [])
        self.b.click(dialog.find_element("link text", "only these"))
        self.assertCountEqual(self.chips(), ["Distance (miles) ≥ 500", f"Distance (miles) = {distance}"])

    def test_the_link_of_a_row_offers_all_values_by_keyboard(self):
        self.b.one("table.data tbody a.more").send_keys(Keys.ENTER)
        dialog = self.opened()
        self.assertGreater(len(dialog.find_elements("css selector", "tbody tr")), 10)
        for look in ("light", "dark"):
            self.b.look(look)
            self.assertEqual(checks.axe(self.b), [])
        ActionChains(self.b.driver).send_keys(Keys.ESCAPE).perform()
        self.b.await_page(lambda: not self.b.all("dialog.values"))
        self.assertEqual(self.b.driver.switch_to.active_element.get_attribute("class"), "more")

    def test_a_double_click_selects_a_word(self):
        ActionChains(self.b.driver).double_click(self.b.one("table.data tbody td .cell")).perform()
        self.assertEqual(self.b.run("return new Promise((done) => setTimeout(() => done("
                                    "document.querySelectorAll('dialog.values').length), 600))"), 0)
        self.assertNotEqual(self.b.run("return String(getSelection())").strip(), "")


class WithoutScript(Narrowing, unittest.TestCase):
    @property
    def b(self):
        return self.plain

    def test_the_link_of_a_row_opens_the_page_of_its_values(self):
        table = self.b.address
        distance = self.cell().text
        self.b.click(self.b.one("table.data tbody a.more"))
        self.assertIn("Distance (miles) ≥ 500", self.b.text)
        self.b.click(self.b.one('a[aria-label="Distance (miles): not these"]'))
        self.assertCountEqual(self.chips(), ["Distance (miles) ≥ 500", f"Distance (miles) ≠ {distance}"])
        self.b.go(self.b.driver.back)
        self.b.click(self.b.link("Back to the table"))
        self.assertEqual(urllib.parse.unquote(self.b.address), table)
