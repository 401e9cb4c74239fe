"""Webhooks and app users: the main path of their pages."""

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
        self.assertEqual(checks.axe(self.b), [])
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


class AppUsers(unittest.TestCase):
    def setUp(self):
        self.b = self.browser
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()

    def test_a_user_is_locked_unlocked_and_enrolled(self):
        self.b.open(f"{self.site.pages}/databrowser/{self.site.id}/users")
        self.b.click(self.b.one("main tbody th a"))
        self.b.click(self.b.button("Lock the user"))
        self.assertIn("locked", self.b.one(".heading").text)
        self.b.click(self.b.button("Unlock the user"))
        self.b.click(self.b.button("Make an enrolment link"))
        self.assertIn("/enroll/", self.b.one("#enrolment").text)
        self.assertEqual(checks.axe(self.b) + checks.keyboard(self.b), [])
        self.b.look("dark")
        self.assertEqual(checks.axe(self.b), [])
        self.assertEqual(self.b.complaints(), [])

    def test_cards_are_made_for_users_that_are_ticked(self):
        self.b.open(f"{self.site.pages}/databrowser/{self.site.id}/users")
        self.b.one('main input[type="checkbox"]').click()
        self.b.click(self.b.button("Make cards for those ticked"))
        self.assertTrue(self.b.path.endswith("/users/cards"), self.b.path)
        self.assertIn("/enroll/", self.b.one(".enrolment").text)
        self.assertEqual(checks.axe(self.b), [])
        self.assertEqual(self.b.complaints(), [])
