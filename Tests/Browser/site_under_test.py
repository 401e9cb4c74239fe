"""A real server with flights, whose pages are looked at."""

import pathlib
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Contract"))

from server import Server  # noqa: E402  of the contract test

# All airports and airlines, so that every flight has names to show.
SAMPLE = [
    ("airline", "airlines.csv", 20),
    ("airport", "airports.csv", 2000),
    ("plane", "planes.csv", 400),
    ("flight", "flights-week1.csv", 600),
    ("weather", "weather-week1.csv", 100),
    ("user", "users.csv", 8),
]

OPERATOR = "ada@example.org"
# What only a password field says.
SECRET = "swordfish & <chips>"
VAULT = """<data-model>
  <model name="login" label="Login">
    <field name="name" label="Name" type="text"/>
    <field name="secret" label="Secret" type="text:password"/>
    <display>{name}</display>
  </model>
</data-model>"""

PASSWORD = "seven engines in the fog"


class Site(Server):
    """Browsers take `localhost` for a safe origin, also over plain HTTP."""

    sample = SAMPLE
    # Nobody but this machine reaches it.
    serve_options = ["--second-factor", "none"]

    @property
    def pages(self):
        return self.origin.replace("127.0.0.1", "localhost")

    def _make(self):
        super()._make()
        schema = pathlib.Path(self.directory.name, "vault.xml")
        schema.write_text(VAULT)
        made = self._command(
            "deployment", "create", "--name", "vault", "--environment", "staging", "--data-model", str(schema))
        self.vault = made["id"]
        self._passwords[self.vault] = made["password"]

    def _fill(self):
        super()._fill()
        login = {"name": "Back office", "secret": SECRET}
        self.login = self.send("POST", "/objects/login.json", {"login": login}, deployment=self.vault)["id"]
        self._command(
            "person", "create", "--email", OPERATOR, "--name", "Ada Lovelace", "--operator", "--password-stdin",
            told=PASSWORD)

    def link_of(self, email, name, *options):
        """The link with which somebody joins."""
        made = self._command("person", "create", "--email", email, "--name", name, *options)
        return self.pages + urllib.parse.urlsplit(made["link"]).path

    def addresses(self):
        """Name and address of each page that somebody who may see everything gets by GET."""
        flight, airport = self.first("flight"), self.first("airport", "q[faa]=JFK")
        models = f"/databrowser/{self.id}/models"
        filtered = "q[status]=landed&q[distance.gte]=500&sort[distance]=-1"
        found = {
            "account": "/databrowser/me",
            "sessions": "/databrowser/me/sessions",
            "elevate": "/databrowser/elevate?to=/databrowser",
            "not found": "/databrowser/nothing",
            "deployments": "/databrowser?all=1",
            "manage API": f"/databrowser/{self.id}/api",
            "people": f"/databrowser/{self.id}/people",
            "operators": "/databrowser/operators",
            "overview": f"/databrowser/{self.id}",
            "models": models,
            "find": f"/databrowser/{self.id}/find?q=JFK",
            "find nothing": f"/databrowser/{self.id}/find?q=nowhere",
            "table": f"{models}/flight",
            "filtered table": f"{models}/flight?{filtered}",
            "empty table": f"{models}/flight?q[distance.lt]=0",
            "filter": f"{models}/flight/filter?{filtered}",
            "columns": f"{models}/flight/columns",
            "views": f"/databrowser/{self.id}/views",
            "keep a view": f"{models}/flight/keep?{filtered}",
            "pick": f"{models}/flight/pick?relationship=origin",
            "about": f"{models}/flight/about",
            "object": f"{models}/flight/{flight}",
            "object with a password": f"/databrowser/{self.vault}/models/login/{self.login}",
            "masked json": f"/databrowser/{self.vault}/models/login/{self.login}/json",
            "object with related": f"{models}/airport/{airport}",
            "edit": f"{models}/flight/{flight}/edit",
            "new": f"{models}/airline/new",
            "peek": f"{models}/flight/{flight}/peek",
            "values of a row": f"{models}/flight/{flight}/peek?fields=all",
            "json": f"{models}/flight/{flight}/json",
            "manage API": f"/databrowser/{self.id}/api",
            "app users": f"/databrowser/{self.id}/users",
            "app user": f"/databrowser/{self.id}/users/{self.first('user')}",
            "webhooks": f"/databrowser/{self.id}/webhooks",
            "webhook": f"/databrowser/{self.id}/webhooks/flight_status?object={flight}",
            "deliveries": f"/databrowser/{self.id}/webhooks/flight_status/deliveries",
            "settings": f"/databrowser/{self.id}/settings",
            "setting": f"/databrowser/{self.id}/settings?change=cors_origins",
            "data model": f"/databrowser/{self.id}/data-model",
            "check a data model": f"/databrowser/{self.id}/data-model/check",
            "a version of the data model": f"/databrowser/{self.id}/data-model/1",
            "two versions of the data model": f"/databrowser/{self.id}/data-model/compare?from=1&to=1",
            "query console": f"/databrowser/{self.id}/query?model=flight&expression=distance+%3E+%3F&arguments=500",
            "a wrong query": f"/databrowser/{self.id}/query?model=flight&expression=distance+%3E",
            "changes": f"/databrowser/{self.id}/changes",
            "changes, filtered": f"/databrowser/{self.id}/changes?model=flight&what=created&who=token",
            "audit": f"/databrowser/{self.id}/audit",
            "audit, filtered": f"/databrowser/{self.id}/audit?action=refusal&from=2026-01-31",
            "server": "/databrowser/server",
            "audit of the server": "/databrowser/server/audit",
        }
        return found

    def first(self, model, query=""):
        """The id of an object of this model that fits."""
        return self.get(f"/objects/{model}.json?limit=1&{query}")["objects"][0]["id"]
