"""People who are signed in to the pages. A person may open 20 pages a second, so a load needs many of them."""

import http.client
import json
import re
import subprocess
import urllib.parse

PASSWORD = "twelve characters and more"
FIRST = "operator@example.org"


class Visitors:
    """So many operators of a server that runs; `cookies` has what each one's browser would send."""

    def __init__(self, server, count):
        self.server = server
        subprocess.run(
            [server.binary, "person", "create", "--data-dir", server.folder, "--email", FIRST, "--name", "Operator",
             "--operator", "--password-stdin"], input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
        self.cookies = [self.sign_in()]
        while len(self.cookies) < count:
            number = len(self.cookies)
            made = json.loads(server.command(
                "person", "create", "--email", f"visitor{number}@example.org", "--name", f"Visitor {number}",
                "--operator", "--json"))
            path = urllib.parse.urlsplit(made["link"]).path
            self.cookies.append(self._send(path, {"name": f"Visitor {number}", "password": PASSWORD}))

    def sign_in(self):
        """A new session of the first of them."""
        return self._send("/databrowser/sign-in", {"email": FIRST, "password": PASSWORD})

    def _send(self, path, form):
        """Sends a form as a page of the server's own would, and returns the session's cookie."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request("POST", path, urllib.parse.urlencode(form), {
            "Host": f"localhost:{self.server.port}", "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        text = answer.read().decode()
        cookies = session_cookie(answer.headers.get_all("Set-Cookie", []))
        connection.close()
        if answer.status != 303 or cookies is None:
            raise RuntimeError(f"{path}: {answer.status} {re.sub('<[^>]*>', ' ', text)[-600:]}")
        return cookies

    @property
    def headers(self):
        return {"Cookie": self.cookies[0]}


def session_cookie(lines):
    """Name and value of the session among what `Set-Cookie` brought; the browser's mark is another."""
    pairs = [line.partition(";")[0] for line in lines]
    return next((pair for pair in pairs if "known" not in pair.partition("=")[0]), None)
