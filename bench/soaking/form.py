"""A form of a page as a browser without scripts would send it."""

from html.parser import HTMLParser


class Form(HTMLParser):
    """`pairs` has what the form that is sent to an address with this end would send as it stands."""

    def __init__(self, page, end):
        super().__init__()
        self.found, self.now, self.select, self.area = [], None, None, None
        self.feed(page)
        self.pairs = next((pairs for address, pairs in self.found if address.endswith(end)), [])

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.now = []
            self.found.append((given.get("action") or "", self.now))
        elif self.now is None:
            return
        elif tag == "input":
            self.input(given)
        elif tag == "select":
            self.select = [given.get("name"), None]
        elif tag == "option" and self.select and (self.select[1] is None or "selected" in given):
            self.select[1] = given.get("value", "")
        elif tag == "textarea":
            self.area = [given.get("name"), ""]

    def input(self, given):
        kind, name = given.get("type", "text"), given.get("name")
        ticked = kind not in ("checkbox", "radio") or "checked" in given
        if name and ticked and kind not in ("submit", "button", "file", "image"):
            self.now.append((name, given.get("value") or ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self.now = None
        elif tag == "select" and self.select:
            self.add(self.select)
            self.select = None
        elif tag == "textarea" and self.area:
            self.add(self.area)
            self.area = None

    def add(self, pair):
        if self.now is not None and pair[0]:
            self.now.append((pair[0], pair[1] or ""))

    def handle_data(self, data):
        if self.area:
            self.area[1] += data
