"""Ways through the pages by keyboard alone."""

import unittest

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

MOST_TABS = 200


class ByKeyboardAlone(unittest.TestCase):
    def setUp(self):
        self.browser.resize(1280)
        self.browser.look("light")
        self.browser.complaints()
        self.models = f"/databrowser/{self.site.id}/models"

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])

    def press(self, *keys):
        for key in keys:
            ActionChains(self.browser.driver).send_keys(key).perform()

    def tab_to(self, text):
        """Presses Tab until what is named so has the focus."""
        for _ in range(MOST_TABS):
            self.press(Keys.TAB)
            now = self.browser.driver.switch_to.active_element
            if text in (now.text.strip(), now.get_attribute("aria-label"), now.get_attribute("name")):
                return
        self.fail(f"{MOST_TABS} times Tab do not reach “{text}” on {self.browser.address}")

    def enter(self):
        self.browser.go(lambda: self.press(Keys.ENTER))

    def test_the_first_stop_skips_to_the_content(self):
        self.browser.open(self.site.pages + f"{self.models}/airport")
        self.press(Keys.TAB)
        self.assertEqual(self.browser.driver.switch_to.active_element.text, "Skip to content")
        self.press(Keys.ENTER, Keys.TAB)
        self.assertTrue(self.browser.run("return document.querySelector('main').contains(document.activeElement)"))

    def test_enter_in_the_filter_form_shows_the_view(self):
        self.browser.open(self.site.pages + f"{self.models}/flight/filter?add=distance")
        self.tab_to("f[0][value]")
        self.press("2000")
        self.enter()
        self.assertEqual(self.browser.path, f"{self.models}/flight")

    def test_from_the_deployments_to_a_filtered_table_and_an_object(self):
        self.browser.open(self.site.pages + "/databrowser?all=1")
        self.tab_to("flights")
        self.enter()
        self.press("/")
        self.press("airport")
        self.enter()
        self.tab_to("Airport")
        self.enter()
        self.tab_to("Filter by FAA code")
        self.enter()
        self.tab_to("f[0][value]")
        self.press("JFK")
        self.tab_to("Show")
        self.enter()
        self.press("j")
        self.enter()
        self.assertEqual(self.browser.one("h1").text, "JFK")

    def test_keys_move_from_row_to_row_and_are_dead_in_inputs(self):
        self.browser.open(self.site.pages + f"{self.models}/airport")
        rows = [each.text for each in self.browser.all("table.data tbody th a:first-child")]
        self.press("j", "j", "j", "k")
        self.assertEqual(self.browser.driver.switch_to.active_element.text, rows[1])
        self.press("/", "j", "/")
        self.assertEqual(self.browser.one("#jump").get_attribute("value"), "j/")

    def test_the_list_of_keys_opens_and_closes(self):
        self.browser.open(self.site.pages + f"{self.models}/airport")
        self.press("?")
        self.assertTrue(self.browser.one("#keys").is_displayed())
        self.press(Keys.ESCAPE)
        self.assertFalse(self.browser.one("#keys").is_displayed())
