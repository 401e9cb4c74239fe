"""Datasette on the same flights: tables with foreign keys, whose labels it shows, and an index for each. It
suggests no facets, which is a search through the table for each column."""

import os
import shutil
import sqlite3
import subprocess

import exporting
from others import await_answer, ended
from nginx import free_port


def write_database(path, tables):
    """One SQLite file as somebody would make it for Datasette."""
    types = {"number": "REAL", "boolean": "INTEGER", "text": "TEXT", "relation": "TEXT"}
    with sqlite3.connect(path) as database:
        for table in tables:
            columns = ["id TEXT PRIMARY KEY"]
            for name, kind in table.kinds.items():
                key = f" REFERENCES {table.targets[name]}(id)" if kind == "relation" else ""
                columns.append(f'"{name}" {types[kind]}{key}')
            database.execute(f"CREATE TABLE {table.model} ({', '.join(columns)})")
            places = ", ".join("?" * len(table.header))
            database.executemany(
                f"INSERT INTO {table.model} ({', '.join(map(quoted, table.header))}) VALUES ({places})",
                (list(table.values(row).values()) for row in table.rows))
            for name in table.targets:
                database.execute(f"CREATE INDEX {table.model}_{name} ON {table.model}({name})")
    database.close()


def quoted(name):
    return f'"{name}"'


class Datasette:
    """Runs inside a `with`. `page` is the HTML of 30 flights."""

    page = "/flights/flight?_size=30"
    # All rows as comma-separated values; with the names of other objects beside their ids.
    export = "/flights/flight.csv?_stream=on&_size=max"
    linked_export = export + "&_labels=on"

    def __init__(self, tools, folder, tables):
        self.program, self.folder, self.tables = os.path.join(tools, "bin", "datasette"), folder, tables

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        path = os.path.join(self.folder, "flights.db")
        write_database(path, self.tables)
        port = free_port()
        self.origin, self.headers = f"http://127.0.0.1:{port}", {}
        with open(os.path.join(self.folder, "log"), "wb") as log:
            self.process = subprocess.Popen(
                [self.program, "serve", path, "--port", str(port), "--setting", "suggest_facets", "off"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            html = await_answer(self.process, self.origin + self.page).decode()
            if html.count("<tr>") < 31:
                raise RuntimeError(f"Datasette's table has {html.count('<tr>') - 1} rows, not 30")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        ended(self.process)

    def exported(self, path):
        """One export of all flights."""
        return exporting.run(self.origin, [path], self.headers, len(self.tables[-1].rows),
                             lambda body: body.count(b"\n") - 1)
