"""Looks at the pages of the real binary with a real Chromium: script/test --browser runs it.

    run.py --binary PATH [--quick] [--only NAME] [--pictures FOLDER]

--quick leaves out what takes long, --only takes the tests whose name holds NAME. --pictures keeps pictures of pages at
three widths and in two looks, to be looked at (the repository has them in docs/pictures/pages), and changes those of the
README.
"""

import argparse
import contextlib
import pathlib
import signal
import sys
import unittest

import administration_test
import changes_test
import checks_test
import console_test
import data_model_test
import delete_test
import edit_test
import export_test
import history_test
import journeys_test
import keyboard_test
import narrowing_test
import pages_test
import people_test
import pictures
import pictures_test
import reveal_test
import views_test
from chromium import Browser
from site_under_test import OPERATOR, PASSWORD, Site

MODULES = [
    administration_test, checks_test, pages_test, journeys_test, keyboard_test, pictures_test, people_test, reveal_test,
    data_model_test, narrowing_test, edit_test, console_test, changes_test,
    delete_test, history_test, export_test, views_test]


def cases(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from cases(each)
        else:
            yield each


def chosen(options):
    """The tests that are asked for."""
    load = unittest.defaultTestLoader.loadTestsFromModule
    found = [case for module in MODULES for case in cases(load(module))]
    return [
        case for case in found
        if options.only in case.id() and not (options.quick and getattr(type(case), "takes_long", False))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--pictures", type=pathlib.Path)
    options = parser.parse_args()
    # A signal ends the `with` below, and so server and browsers.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(Site(options.binary))
        browser = stack.enter_context(Browser())
        plain = stack.enter_context(Browser(script=False))
        for each in (browser, plain):
            each.sign_in(site, OPERATOR, PASSWORD)
        if options.pictures:
            pictures.take_all(site, browser, options.pictures)
            pictures.take_those_of_the_readme(site, browser)
        tests = chosen(options)
        for case in tests:
            type(case).site, type(case).browser, type(case).plain = site, browser, plain
        if not tests:
            sys.exit(f"There is no test whose name holds “{options.only}”.")
        result = unittest.TextTestRunner(verbosity=2).run(unittest.TestSuite(tests))
        if site.process.poll() is not None:
            sys.exit("The server ended during the tests.")
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
