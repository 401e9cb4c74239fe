"""What must hold of every page, each as a list of findings in words."""

import importlib.util
import json
import pathlib

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

# The package is there for this file alone: it is not imported, as it would import playwright.
_PACKAGE = importlib.util.find_spec("axe_playwright_python").submodule_search_locations[0]
AXE = pathlib.Path(_PACKAGE, "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What Enter alone presses is no stop.
FOCUSABLE = "a[href], button:not([tabindex='-1'][aria-hidden='true']), input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])"
# Radio buttons of one name are one stop.
MARK_STOPS = f"""
  const names = new Set(); let count = 0;
  for (const each of document.querySelectorAll("{FOCUSABLE}")) {{
    if (each.disabled || !each.checkVisibility({{visibilityProperty: true}}) || each.closest('[inert]')) continue;
    if (each.type === 'radio') {{ if (names.has(each.name)) continue; names.add(each.name); }}
    each.dataset.stop = count++;
  }}
  return count;"""
STOP = """
  const it = document.activeElement;
  if (!it || it === document.body || it === document.documentElement) return null;
  const style = getComputedStyle(it), box = it.getBoundingClientRect();
  const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
  const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
  const top = document.elementFromPoint(x, y);
  const first = it.getClientRects()[0];
  const onTop = top && (it.contains(top) || top.contains(it) && !/fixed|sticky/.test(getComputedStyle(top).position));
  const stop = it.type === 'radio' ? document.querySelector(`input[type=radio][name="${it.name}"][data-stop]`) : it;
  return {
    stop: stop && stop.dataset.stop, what: it.outerHTML.slice(0, 120),
    inSight: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    onTop: Boolean(onTop || !first || it.tabIndex === 0 && it.tagName === 'DIV'),
    marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1 || style.boxShadow !== 'none'};"""


def axe(browser, within="html"):
    """What axe-core finds against WCAG 2.2 AA and its own good practice, in a part of the page."""
    options = json.dumps({
        "runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"],
        # Off unless it is asked for.
        "rules": {"target-size": {"enabled": True}}})
    found = browser.isolated(AXE, f"axe.run({json.dumps(within)}, {options}).then(r => JSON.stringify(r.violations))")
    return [
        f"axe {rule['id']}: {rule['help']} at {node['target']}: {node['html'][:160]}"
        for rule in json.loads(found) for node in rule["nodes"]]


def looks(browser):
    """What is found in a wide and in a narrow window, and in the dark."""
    findings = []
    for width in (1280, 320):
        browser.resize(width)
        findings += axe(browser) + reflow(browser)
    browser.look("dark")
    findings += axe(browser)
    browser.look("light")
    browser.resize(1280)
    return findings


OVERFLOW = """
  const page = document.scrollingElement, found = [];
  if (page.scrollWidth <= innerWidth) return [];
  for (const each of document.querySelectorAll('body *')) {
    if (each.getBoundingClientRect().right > innerWidth + 0.5) found.push(each.cloneNode().outerHTML.slice(0, 100));
  }
  return [page.scrollWidth, ...found];"""


def reflow(browser):
    """Nobody scrolls in two directions to read a page."""
    found = browser.run(OVERFLOW)
    return found and [f"the page is {found[0]} px wide in a window of {browser.run('return innerWidth')}: {found[1:6]}"]


def keyboard(browser, most=600):
    """Tab reaches everything that can be used, shows where it is, and leaves the page again."""
    count = browser.run(MARK_STOPS)
    assert count <= most, f"{browser.address} has {count} stops: look at a page with fewer"
    # From the top, also where the page has put the focus on what is wrong.
    browser.run(
        "const top = document.createElement('span'); top.tabIndex = -1; document.body.prepend(top); top.focus();"
        "top.remove(); scrollTo(0, 0)")
    findings, reached = [], set()
    # A stop more for each region that the browser lets one scroll by keyboard.
    for _ in range(2 * count + 20):
        ActionChains(browser.driver).send_keys(Keys.TAB).perform()
        stop = browser.run(STOP)
        if stop is None or stop["stop"] in reached and len(reached) == count:
            break
        reached.add(stop["stop"])
        for key, words in (("inSight", "out of sight"), ("onTop", "under something else"), ("marked", "not marked")):
            if not stop[key]:
                findings.append(f"the focus is {words} at {stop['what']}")
    missed = set(map(str, range(count))) - reached
    for stop in sorted(missed, key=int)[:5]:
        what = browser.run("return document.querySelector(`[data-stop='${arguments[0]}']`).outerHTML", stop)
        findings.append(f"Tab does not reach {what[:120]}")
    return list(dict.fromkeys(findings))


def heads(browser):
    """One main heading, a title, a language."""
    findings = []
    if len(browser.all("h1")) != 1:
        findings.append(f"there are {len(browser.all('h1'))} elements h1")
    if not browser.title.strip():
        findings.append("there is no title")
    return findings
