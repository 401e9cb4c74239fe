"""Signing in, joining, elevation, the second factor, and what becomes of forms when a session ends."""

import re
import time
import unittest
import urllib.parse

import checks
import totp
from site_under_test import OPERATOR, PASSWORD


class People(unittest.TestCase):
    """Each test begins with nobody signed in; afterwards the browser has the session that it had."""

    def setUp(self):
        self.b = self.browser
        self.b.resize(1280)
        self.b.look("light")
        self.b.complaints()
        self.kept = self.b.cookies()
        self.b.take_cookies([])

    def tearDown(self):
        self.b.take_cookies(self.kept)
        self.assertEqual(self.b.complaints(expected=[401, 403, 404, 422, 429]), [])

    def open(self, path):
        self.b.open(self.site.pages + path)

    def join(self, email, name, *options):
        self.b.open(self.site.link_of(email, name, *options))
        self.b.fill("name", name)
        self.b.fill("password", PASSWORD)
        self.b.click(self.b.button("Join"))

    def prove(self, code=None):
        self.b.fill("password", PASSWORD)
        if code:
            self.b.fill("code", code)
        self.b.click(self.b.button("Go on"))

    def sign_out(self):
        self.b.one("header.band > details.menu > summary").click()
        self.b.click(self.b.button("Sign out"))

    # MARK: Signing in.

    def test_sign_in_leads_to_what_was_asked_for(self):
        path = f"/databrowser/{self.site.id}/models/airport?sort%5Bfaa%5D=1"
        self.open(path)
        self.assertEqual(self.b.path, "/databrowser/sign-in")
        self.assertEqual(checks.axe(self.b) + checks.keyboard(self.b), [])
        self.b.fill("email", OPERATOR)
        self.b.fill("password", PASSWORD)
        self.b.click(self.b.button("Sign in"))
        self.assertEqual(self.b.address, self.site.pages + path)
        self.sign_out()
        self.open(path)
        self.assertEqual(self.b.path, "/databrowser/sign-in")

    def test_what_is_wrong_does_not_tell_what_it_was_and_keeps_the_address(self):
        said = []
        for email, password in ((OPERATOR, "not the password"), ("nobody@example.org", PASSWORD)):
            self.open("/databrowser/sign-in")
            self.b.fill("email", email)
            self.b.fill("password", password)
            self.b.click(self.b.button("Sign in"))
            self.assertTrue(self.b.title.startswith("Error:"), self.b.title)
            self.assertEqual(self.b.one('[name="email"]').get_attribute("value"), email)
            self.assertEqual(self.b.one('[name="password"]').get_attribute("value"), "")
            said.append(self.b.one('[role="alert"]').text)
        self.assertIn("wrong", said[0])
        self.assertEqual(said[0], said[1])
        self.assertEqual(checks.axe(self.b), [])

    # MARK: Links.

    def test_a_joining_link_is_good_once_and_opening_it_uses_nothing_up(self):
        link = self.site.link_of("grace@example.org", "Grace")
        for _ in range(2):
            self.b.open(link)
            self.assertTrue(self.b.all('[name="password"]'))
        self.assertEqual(checks.axe(self.b) + checks.keyboard(self.b), [])
        self.b.fill("name", "Grace Hopper")
        self.b.fill("password", "grace")
        self.b.click(self.b.button("Join"))
        self.assertTrue(self.b.title.startswith("Error:"), self.b.title)
        self.b.fill("password", PASSWORD)
        self.b.click(self.b.button("Join"))
        self.assertEqual(self.b.path, "/databrowser")
        self.assertIn("Grace Hopper", self.b.text)
        self.b.take_cookies([])
        self.b.open(link)
        self.assertEqual(self.b.all('[name="password"]'), [])

    def test_somebody_without_a_role_sees_no_deployment(self):
        self.join("hedy@example.org", "Hedy")
        self.assertNotIn("flights", self.b.one("main").text)
        self.open(f"/databrowser/{self.site.id}/models/flight")
        self.assertNotIn("Flight", self.b.text)

    # MARK: Elevation and the second factor.

    def test_the_whole_way_of_a_second_factor(self):
        self.join("emmy@example.org", "Emmy")
        self.open("/databrowser/me")
        self.b.click(self.b.link("Set up a second factor"))
        self.prove()
        self.assertEqual(self.b.path, "/databrowser/me/factor")
        self.b.click(self.b.button("Set it up"))
        secret = self.b.one("pre code").text
        self.assertEqual(checks.axe(self.b), [])
        step = int(time.time()) // 30
        self.b.fill("code", totp.code(secret, step))
        self.b.click(self.b.button("Take it"))
        codes = [each.text for each in self.b.all("main ul code")]
        self.assertEqual((len(codes), len(set(codes))), (10, 10))
        self.assertEqual(checks.axe(self.b), [])
        self.sign_out()
        # The code that proved it is used up; the next one is good. Few failures, as an address has five at once.
        for code, good in ((totp.code(secret, step), False), (totp.code(secret, step + 1), True),
                           (codes[0], True), (codes[0], False)):
            self.b.take_cookies([])
            self.b.sign_in(self.site, "emmy@example.org", PASSWORD, code)
            self.assertEqual(self.b.path != "/databrowser/sign-in", good, code)

    def test_elevation_shows_and_can_be_given_up(self):
        self.join("maria@example.org", "Maria")
        self.open("/databrowser/me/password")
        self.assertEqual(self.b.path, "/databrowser/elevate")
        self.prove()
        self.assertEqual(self.b.path, "/databrowser/me/password")
        self.assertTrue(self.b.all(".elevated"))
        self.assertEqual(checks.axe(self.b), [])
        self.b.click(self.b.one(".elevated button"))
        self.open("/databrowser/me/password")
        self.assertEqual(self.b.path, "/databrowser/elevate")

    # MARK: Other people.

    def open_all(self):
        """Shows what stands behind each summary of the page."""
        self.b.run("for (const each of document.querySelectorAll('main details')) each.open = true")

    def check_whole(self):
        """All that the page has, open and at two widths. It is loaded anew, as Tab begins where the last click was."""
        self.b.open(self.b.address)
        self.open_all()
        self.assertEqual(checks.heads(self.b) + checks.axe(self.b) + checks.keyboard(self.b), [])
        self.b.resize(320, 800)
        self.b.look("dark")
        self.assertEqual(checks.reflow(self.b) + checks.axe(self.b), [])
        self.b.resize(1280)
        self.b.look("light")

    def as_operator(self, to):
        self.b.take_cookies([])
        self.b.sign_in(self.site, OPERATOR, PASSWORD)
        self.b.elevate(self.site, PASSWORD, to)
        self.assertEqual(self.b.path, to)

    def shown_link(self):
        """The link that the page shows, at the address that this browser has for the pages."""
        self.assertEqual(self.b.complaints(), [])
        return self.site.pages + urllib.parse.urlsplit(self.b.one("#link-0").text.strip()).path

    def test_somebody_is_invited_joins_and_has_the_role_until_it_is_taken_away(self):
        people = f"/databrowser/{self.site.id}/people"
        self.as_operator(people)
        self.b.fill("email", "lise@example.org")
        self.b.fill("name", "Lise")
        self.b.one('#field-editor').click()
        self.b.click(self.b.button("Make the link"))
        link = self.shown_link()
        self.b.one("[data-copy-from=link-0]").click()
        self.check_whole()
        self.b.take_cookies([])
        self.b.open(link)
        self.b.fill("password", PASSWORD)
        self.b.click(self.b.button("Join"))
        self.assertEqual(self.b.path, f"/databrowser/{self.site.id}")
        hers = self.b.cookies()
        self.open(people)
        self.assertIn("Not for your role", self.b.text)

        self.as_operator(people)
        self.assertIn("lise@example.org", self.b.text)
        self.check_whole()
        self.b.click(self.b.button("Take all roles away"))
        self.assertNotIn("lise@example.org", self.b.text)
        self.b.take_cookies(hers)
        self.open(f"/databrowser/{self.site.id}")
        self.assertIn("Not found", self.b.text)

    def test_who_lost_the_password_gets_a_link_and_signs_in_again(self):
        self.join("chien@example.org", "Chien")
        self.as_operator("/databrowser/operators")
        self.check_whole()
        self.open("/databrowser/operators?q=chien")
        self.open_all()
        self.b.click(self.b.one("article form:has([value=reset])").find_element("css selector", "button"))
        link = self.shown_link()
        self.b.take_cookies([])
        self.b.open(link)
        self.b.fill("password", "another engine in the fog")
        self.b.click(self.b.button("Set the password"))
        self.b.sign_in(self.site, "chien@example.org", "another engine in the fog")
        self.assertIn("was renewed", self.b.text)

    def test_a_deployment_is_made_and_deleted(self):
        self.as_operator("/databrowser/operators")
        self.b.fill("deployment_name", "spare")
        self.b.click(self.b.button("Make the deployment"))
        self.assertTrue(self.b.path.endswith("/api"), self.b.path)
        self.assertTrue(self.b.one("#secret").text)
        self.assertEqual(checks.axe(self.b), [])
        spare = self.b.path.split("/")[2]
        self.open(f"/databrowser/operators?q={spare}")
        for typed, rest in (("spare", "Nothing was deleted"), (spare, "Operators administer the server")):
            self.open_all()
            form = self.b.one(f'form:has([name=deployment][value="{spare}"])')
            form.find_element("name", "confirm").send_keys(typed)
            self.b.click(form.find_element("css selector", "button"))
            self.assertIn(rest, self.b.text)
            self.assertEqual(checks.axe(self.b), [])
        self.assertNotIn(spare, self.b.text)

    # MARK: When a session ends.

    def test_a_form_that_comes_after_the_session_is_kept_and_can_be_sent_again(self):
        self.b.sign_in(self.site, OPERATOR, PASSWORD)
        self.open(f"/databrowser/{self.site.id}/models/flight/filter?add=distance")
        self.b.fill("f[0][value]", "2000")
        self.b.take_cookies([])
        self.b.click(self.b.button("Show"))
        self.assertEqual(self.b.path, "/databrowser/sign-in")
        self.b.fill("email", OPERATOR)
        self.b.fill("password", PASSWORD)
        self.b.click(self.b.button("Sign in"))
        self.assertIn("/databrowser/held/", self.b.path)
        self.assertEqual(checks.axe(self.b), [])
        self.assertEqual(self.b.one('[name="f[0][value]"]').get_attribute("value"), "2000")
        self.b.click(self.b.button("Send"))
        self.assertEqual(self.b.path, f"/databrowser/{self.site.id}/models/flight")
        self.assertIn("2000", self.b.address)

    def test_the_look_that_one_chooses_is_the_one_that_one_gets(self):
        self.join("rosa@example.org", "Rosa")
        self.open("/databrowser/me")
        self.b.one('[name="look"][value="dark"]').click()
        self.b.click(self.b.button("Keep this look"))
        self.open("/databrowser")
        dark = self.b.run("return getComputedStyle(document.body).backgroundColor")
        self.assertLess(sum(map(int, re.findall(r"\d+", dark)[:3])), 200)
        self.assertEqual(checks.axe(self.b), [])
