"""Webhooks: the main path of their pages."""

import unittest

import checks
from site_under_test import PASSWORD


class Webhooks(unittest.TestCase):
    def setUp(self):
        self.b = self.browser
        self.b.resize(1280)
        self.b.look("light")
        self.b.elevate(self.site, PASSWORD)
        self.b.complaints()

    def test_a_webhook_is_switched_on_once_its_endpoint_is_one_that_may_be_reached(self):
        self.b.open(f"{self.site.pages}/databrowser/{self.site.id}/webhooks")
        self.b.click(self.b.one('a[href$="/webhooks/flight_status"]'))
        self.b.fill("url", "https://127.0.0.1/hooks")
        self.b.click(self.b.one('main form button.main'))
        self.assertTrue(self.b.title.startswith("Error:"), self.b.title)
        self.assertIn("not public", self.b.one("#field-url-fault").text)
        self.assertEqual(checks.axe(self.b) + checks.keyboard(self.b), [])
        self.b.fill("url", "https://93.184.216.34/hooks")
        self.b.click(self.b.one('main form button.main'))
        self.assertIn("on", self.b.one("h1").text)
        self.b.click(self.b.button("Reveal the secret"))
        self.assertTrue(self.b.one("#secret").text)
        self.assertEqual(checks.axe(self.b), [])
        self.b.click(self.b.one('a[href$="/deliveries"]'))
        self.assertEqual(checks.axe(self.b), [])
        self.b.open(f"{self.site.pages}/databrowser/{self.site.id}/webhooks/flight_status")
        self.b.click(self.b.button("Switch it off"))
        self.assertIn("off", self.b.one("h1").text)
        self.assertEqual(self.b.complaints(expected=[422]), [])
