"""Pictures of pages: eight that are kept to be looked at, two for the README."""

import pathlib

from site_under_test import PASSWORD, ROOT

# Width and height of a window, and how many windows below each other a picture shows at most.
WINDOWS = {360: (780, 1.5), 1024: (768, 1.5), 1920: (1080, 1)}
LOOKS = ("light", "dark")
PAGES = ["overview", "filtered table", "object with related", "edit", "query console", "changes", "app users"]
# Only for who has just shown the password again.
ELEVATED = "manage API"
# Of the README: what of which look, in a window of 1200 × 750.
README = {"table-light.png": ("filtered table", "light"), "object-dark.png": ("object with related", "dark")}
FOLDER = ROOT / "docs" / "pictures"
KEPT = FOLDER / "pages"
MOST_BYTES = 200_000
MOST_BYTES_KEPT = 1_500_000


def files():
    """The names of the pictures of all pages."""
    return [file(page, width, look) for page in [*PAGES, ELEVATED] for width in WINDOWS for look in LOOKS]


def file(page, width, look):
    return f"{page.lower().replace(' ', '-')}-{width}-{look}.webp"


def take_all(site, browser, folder):
    """Eight pages in three widths and two looks."""
    addresses = site.addresses()
    take(browser, folder, {page: site.pages + addresses[page] for page in PAGES})
    manage = f"/databrowser/{site.id}/api"
    browser.elevate(site, PASSWORD, manage)
    take(browser, folder, {ELEVATED: site.pages + manage})
    browser.click(browser.one(".elevated button"))


def take(browser, folder, pages):
    for width, (height, windows) in WINDOWS.items():
        browser.resize(width, height)
        for look in LOOKS:
            browser.look(look)
            for page, address in pages.items():
                browser.open(address)
                browser.picture(pathlib.Path(folder, file(page, width, look)), windows)


def take_those_of_the_readme(site, browser):
    browser.resize(1200, 750)
    for name, (page, look) in README.items():
        browser.look(look)
        browser.open(site.pages + site.addresses()[page])
        browser.picture(FOLDER / name)
