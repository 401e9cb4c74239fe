"""A Chromium without a window, by WebDriver, and what it says of the page that it shows."""

import base64
import json
import pathlib
import tempfile
import urllib.parse

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

WIDTH, HEIGHT = 1280, 900
ARGUMENTS = [
    # In a container it has neither user namespaces nor shared memory to speak of.
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    # Nothing but this machine is there.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--lang=en-GB",
]


class Browser:
    """Runs inside a `with`. Looks and widths change while it runs, whether scripts run does not."""

    def __init__(self, script=True):
        self.script = script

    def __enter__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        self.downloads = tempfile.TemporaryDirectory(prefix="sojourn-browser-")
        for argument in [*ARGUMENTS, f"--window-size={WIDTH},{HEIGHT}"]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        preferences = {"download.default_directory": self.downloads.name, "credentials_enable_service": False}
        if not self.script:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_page_load_timeout(60)
        return self

    def __exit__(self, *_):
        self.driver.quit()
        self.downloads.cleanup()

    # MARK: Where it is.

    def open(self, address):
        self.driver.get(address)

    @property
    def address(self):
        return self.driver.current_url

    @property
    def path(self):
        return urllib.parse.urlsplit(self.address).path

    @property
    def title(self):
        return self.driver.title

    def resize(self, width, height=HEIGHT):
        self._cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def look(self, scheme, **features):
        """`scheme` is light or dark; others by name, as `forced-colors`."""
        wanted = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce", **features}
        self._cdp("Emulation.setEmulatedMedia", features=[{"name": k, "value": v} for k, v in wanted.items()])

    # MARK: What is on the page.

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def link(self, text):
        """The one link with this text."""
        found = [link for link in self.all("a") if link.is_displayed() and link.text.strip() == text]
        assert len(found) == 1, f"{self.address} has {len(found)} links “{text}”"
        return found[0]

    def button(self, text):
        found = [each for each in self.all("button") if each.is_displayed() and each.text.strip() == text]
        assert len(found) == 1, f"{self.address} has {len(found)} buttons “{text}”"
        return found[0]

    @property
    def text(self):
        return self.one("body").text

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def await_page(self, holds, seconds=20):
        return WebDriverWait(self.driver, seconds, poll_frequency=0.02).until(lambda _: holds())

    def go(self, act):
        """Does what opens another page, and waits for that page."""
        before = self.one("html")
        act()
        self.await_page(lambda: not _is_there(before) and self.run("return document.readyState") == "complete")

    def click(self, element):
        self.go(element.click)

    def fill(self, name, value):
        field = self.one(f'[name="{name}"]')
        field.clear()
        field.send_keys(value)

    def sign_in(self, site, email, password, code=""):
        """By the page, from wherever it leads to."""
        self.open(site.pages + "/databrowser/sign-in")
        for name, value in (("email", email), ("password", password), ("code", code)):
            self.fill(name, value)
        self.click(self.button("Sign in"))

    def elevate(self, site, password, to="/databrowser"):
        """Goes to a page that wants the password again, where that was not given a short time ago."""
        self.open(site.pages + "/databrowser/elevate?to=" + to)
        self.fill("password", password)
        self.click(self.button("Go on"))

    # MARK: What it says of it.

    def complaints(self, expected=()):
        """What stands in the console since the last call, violations of the page's policy with it. The browser's own
        line on an answer is left out where its status is expected, and its note that signing out cleared a cache."""
        lines = [line for line in self.driver.get_log("browser") if "Cleared data types:" not in line["message"]]
        return [
            line["message"] for line in lines
            if not (line["source"] == "network" and any(f"status of {status}" in line["message"] for status in expected))
        ]

    def isolated(self, *expressions):
        """What the last of these JavaScript expressions promises, run beside the page's scripts and free of its policy."""
        frame = self._cdp("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = self._cdp("Page.createIsolatedWorld", frameId=frame, worldName="checks")["executionContextId"]
        for expression in expressions:
            done = self._cdp(
                "Runtime.evaluate", expression=expression, contextId=world, awaitPromise=True, returnByValue=True)
            if "exceptionDetails" in done:
                raise AssertionError(f"{self.address}: {json.dumps(done['exceptionDetails'])[:500]}")
        return done["result"].get("value")

    def picture(self, path, windows=1):
        """Of what is in sight, or of as much as stands in so many windows below each other; PNG or WebP by the name."""
        path = pathlib.Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        width, height, page = self.run("return [innerWidth, innerHeight, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": width, "height": min(page, int(windows * height)), "scale": 1}
        form = {"format": "webp", "quality": 28} if path.suffix == ".webp" else {"format": "png"}
        path.write_bytes(base64.b64decode(self._cdp(
            "Page.captureScreenshot", captureBeyondViewport=windows > 1, clip=clip, **form)["data"]))

    # MARK: Whose session it has.

    def cookies(self):
        return self._cdp("Network.getAllCookies")["cookies"]

    def take_cookies(self, cookies):
        """Has these cookies and no others."""
        self._cdp("Network.clearBrowserCookies")
        keys = ("name", "value", "domain", "path", "secure", "httpOnly", "sameSite", "expires")
        kept = [{k: cookie[k] for k in keys if k in cookie and (k, cookie[k]) != ("expires", -1)} for cookie in cookies]
        if kept:
            self._cdp("Network.setCookies", cookies=kept)

    def _cdp(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)


def _is_there(element):
    try:
        element.is_enabled()
        return True
    except StaleElementReferenceException:
        return False
    except WebDriverException as fault:
        # What the driver says of an element whose page goes away at this very moment.
        if "does not belong to the document" in (fault.msg or ""):
            return False
        raise
