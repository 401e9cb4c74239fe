"""Pictures of pages: many to be looked at, two for the README."""

import pathlib

from site_under_test import ROOT

WIDTHS = {360: 780, 1024: 768, 1920: 1080}
LOOKS = ("light", "dark")
PAGES = ["deployments", "overview", "models", "find", "filtered table", "filter", "object with related", "about"]
# Of the README: what of which look, in a window of 1200 × 750.
README = {"table-light.png": ("filtered table", "light"), "object-dark.png": ("object with related", "dark")}
FOLDER = ROOT / "docs" / "pictures"
MOST_BYTES = 200_000


def take_all(site, browser, folder):
    """Eight pages in three widths and two looks."""
    addresses = site.addresses()
    for width, height in WIDTHS.items():
        browser.resize(width, height)
        for look in LOOKS:
            browser.look(look)
            for name in PAGES:
                browser.open(site.pages + addresses[name])
                browser.picture(pathlib.Path(folder, f"{name.replace(' ', '-')}-{width}-{look}.png"), whole=True)


def take_those_of_the_readme(site, browser):
    browser.resize(1200, 750)
    for file, (name, look) in README.items():
        browser.look(look)
        browser.open(site.pages + site.addresses()[name])
        browser.picture(FOLDER / file)
