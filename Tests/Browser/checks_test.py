"""The checks find what they are for."""

import unittest

import checks
import faulty


class TheChecks(unittest.TestCase):
    def setUp(self):
        server = faulty.server()
        self.origin = server.__enter__()
        self.addCleanup(server.__exit__, None, None, None)
        self.browser.resize(1280)
        self.browser.look("light")
        self.browser.complaints()

    def finds(self, path, check, words):
        self.browser.open(self.origin + path)
        found = "\n".join(check(self.browser))
        self.assertIn(words, found)

    def test_a_sound_page_has_no_findings(self):
        for width, look in ((1280, "light"), (320, "dark")):
            self.browser.resize(width)
            self.browser.look(look)
            self.browser.open(self.origin + "/sound")
            for check in (checks.axe, checks.reflow, checks.keyboard, checks.heads):
                self.assertEqual(check(self.browser), [])
        self.assertEqual(self.browser.complaints(), [])

    def test_axe_finds_labels_contrast_and_small_targets(self):
        self.finds("/label", checks.axe, "axe label")
        self.finds("/pale", checks.axe, "axe color-contrast")
        self.finds("/small", checks.axe, "axe target-size")

    def test_axe_looks_at_the_look_that_is_set(self):
        self.browser.look("dark")
        self.finds("/dark", checks.axe, "axe color-contrast")
        self.browser.look("light")
        self.browser.open(self.origin + "/dark")
        self.assertEqual(checks.axe(self.browser), [])

    def test_a_page_that_is_too_wide(self):
        self.browser.resize(320)
        self.finds("/wide", checks.reflow, "px wide in a window of 320")

    def test_the_keyboard_is_trapped_unmarked_or_covered(self):
        self.finds("/trap", checks.keyboard, "Tab does not reach <a")
        self.finds("/unmarked", checks.keyboard, "not marked")
        self.finds("/hidden", checks.keyboard, "under something else")

    def test_the_console_and_the_policy(self):
        for path, words in (("/console", "something is wrong"), ("/policy", "Content Security Policy")):
            self.browser.open(self.origin + path)
            self.assertIn(words, "\n".join(self.browser.complaints()))
        self.browser.open(self.origin + "/nothing")
        self.assertIn("404", "\n".join(self.browser.complaints()))
        self.browser.open(self.origin + "/nothing")
        self.assertEqual(self.browser.complaints(expected=[404]), [])
