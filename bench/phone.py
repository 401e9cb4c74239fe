"""When a table's first row can be opened on a slow phone: a Chromium with a quarter of the processor and a slow line.

    python bench/phone.py

reads {"address", "cookie": {"name", "value"}, "loads"} as JSON from standard input and writes the milliseconds of each
load, from the request on. It needs what the browser tests need (Tests/Browser/requirements.txt).
"""

import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SLOWER, BITS_PER_SECOND, LATENCY_MS = 4, 1_600_000, 150
WIDTH, HEIGHT = 360, 780

# The link is seen where it would be touched, nothing lies over it, its frame is painted, and a task of the page's runs.
WATCH = """
(() => {
  const isThere = () => {
    const link = document.querySelector("table.data tbody th a");
    if (!link) return false;
    const box = link.getClientRects()[0];
    return link.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2));
  };
  const look = () => {
    if (!isThere()) return requestAnimationFrame(look);
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => { window.firstRow = performance.now(); };
      painted.port2.postMessage(0);
    });
  };
  requestAnimationFrame(look);
})();
"""


def loads_ms(python, wanted):
    """Runs this file with the Python that has a browser's driver."""
    finished = subprocess.run([python, os.path.abspath(__file__)], input=json.dumps(wanted), capture_output=True,
                              text=True, timeout=300, check=False)
    if finished.returncode != 0:
        raise RuntimeError(f"Chromium did not show the table: {finished.stderr.strip()[-600:]}")
    return json.loads(finished.stdout)


def measure(wanted):
    sys.path.insert(0, os.path.join(ROOT, "Tests", "Browser"))
    from chromium import Browser  # pylint: disable=import-outside-toplevel

    with Browser() as browser:
        cdp = browser.driver.execute_cdp_cmd
        # The process that shows the site is there before the processor is slowed down.
        browser.open(wanted["address"])
        browser.take_cookies([{**wanted["cookie"], "domain": "localhost", "path": "/"}])
        cdp("Network.enable", {})
        cdp("Network.emulateNetworkConditions", {
            "offline": False, "latency": LATENCY_MS, "downloadThroughput": BITS_PER_SECOND / 8,
            "uploadThroughput": BITS_PER_SECOND / 8})
        cdp("Emulation.setDeviceMetricsOverride", {
            "width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 2, "mobile": True})
        cdp("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        cdp("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        return [load(browser, wanted["address"]) for _ in range(wanted["loads"])]


def load(browser, address):
    """One load with nothing in the browser's cache."""
    browser.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    browser.open(address)
    return browser.await_page(lambda: browser.run("return window.firstRow"), seconds=30)


if __name__ == "__main__":
    print(json.dumps(measure(json.load(sys.stdin))))
