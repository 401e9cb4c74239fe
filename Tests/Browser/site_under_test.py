"""A real server with flights, whose pages are looked at."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Contract"))

from server import Server  # noqa: E402  of the contract test


class Site(Server):
    """Browsers take `localhost` for a safe origin, also over plain HTTP."""

    serve_options = []

    @property
    def pages(self):
        return self.origin.replace("127.0.0.1", "localhost")

    def addresses(self):
        """Name and address of each page."""
        return {"documentation": f"/api/v4/{self.id}/docs", "errors": "/docs/errors"}
