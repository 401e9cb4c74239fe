"""The reference for lists: the two statements of a list with its total, on the server's own tables, by one psycopg
connection that makes Python's values of the rows."""

import random
import time

import psycopg


class Statements:
    """To be used in a `with`. The tables are those of one deployment."""

    def __init__(self, address, deployment_schema, model="flight"):
        self.address, self.schema, self.model = address, deployment_schema, model

    def __enter__(self):
        self.connection = psycopg.connect(self.address, autocommit=True, prepare_threshold=0)
        self.number, = self.connection.execute(
            f"SELECT number FROM {self.schema}.models WHERE name = %s", [self.model]).fetchone()
        found = self.connection.execute(
            f"SELECT name, number FROM {self.schema}.columns WHERE model = %s ORDER BY number", [self.number]).fetchall()
        self.columns = {name: f"c{number}" for name, number in found}
        self.selected = ", ".join(["id", "n", "updated_at", *self.columns.values()])
        self.table = f"{self.schema}.m{self.number}"
        return self

    def __exit__(self, *_):
        self.connection.close()

    def _both(self, rows, total, values):
        with self.connection.pipeline():
            found = self.connection.execute(rows, values, binary=True)
            counted = self.connection.execute(total, values, binary=True)
            if len(found.fetchall()) != 100 or counted.fetchone()[0] < 100:
                raise RuntimeError("the list of psycopg is not full")

    def _rate(self, seconds, once):
        once()
        began, count = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            once()
            count += 1
        return count / (time.perf_counter() - began)

    def unfiltered(self, seconds):
        """The total of all is the newest counter of the model."""
        rows = f"SELECT {self.selected} FROM {self.table} ORDER BY n LIMIT 100"
        total = f"SELECT count FROM {self.schema}.counters WHERE model = {self.number} ORDER BY number DESC LIMIT 1"
        return self._rate(seconds, lambda: self._both(rows, total, []))

    def by_plane(self, planes, seconds):
        plane, departure = self.columns["plane"], self.columns["scheduled_departure"]
        rows = (f"SELECT {self.selected} FROM {self.table} WHERE {plane} = %b "
                f"ORDER BY {departure} DESC NULLS LAST, n DESC LIMIT 100")
        total = f"SELECT count(*) FROM {self.table} WHERE {plane} = %b"
        return self._rate(seconds, lambda: self._both(rows, total, [random.choice(planes)]))
