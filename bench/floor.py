"""The reference for writing: what this disk and SQLite allow, with nothing in between.

A table with the columns of the model `flight` and the indexes that the server declares for it, and one
row of an oplog for each of its rows, written by Python's sqlite3 in WAL mode with synchronous=FULL.
"""

import os
import re
import sqlite3
import time
import xml.etree.ElementTree
from datetime import datetime, timezone

SQL_TYPES = {"integer": "INTEGER", "number": "REAL", "date": "INTEGER", "datetime": "INTEGER",
             "boolean": "INTEGER", "single-choice-integer": "INTEGER"}


class Shape:
    """The table of one model: its columns with their SQL types, and its indexes as lists of columns."""

    def __init__(self, schema, model, declared=None):
        """`declared`: the model's part of indexes.json, or nothing: then it is read from the schema."""
        root = xml.etree.ElementTree.parse(schema).getroot()
        found = next(each for each in root.iter("model") if each.get("name") == model)
        self.columns = {}
        for field in found.iter("field"):
            # Fields without a type are those of a webhook.
            if field.get("type"):
                kind = field.get("type").split(":")[0]
                name = field.get("name")
                if kind in ("attachment", "photo", "signature"):
                    self.columns[f"{name}_id"] = "BLOB"
                else:
                    self.columns[name] = SQL_TYPES.get(kind, "TEXT")
        relationships = [each.get("name") or each.get("model") for each in found.iter("belongs-to")]
        for name in relationships:
            self.columns[f"{name}_id"] = "BLOB"
        self.indexes = []
        if declared is None:
            self.indexes = [["updated_at"]] + [[f"{name}_id"] for name in relationships]
            for index in found.iter("index"):
                self.indexes.append([self.key(part, relationships) for part in index.get("on").split(",")])
        else:
            for index in declared:
                keys = [re.sub("^_", "", name) + (" DESC" if direction == -1 else "")
                        for name, direction in index["key"].items()]
                # The one on id is unique and always there; order of creation is the table itself.
                if keys != ["id"] and all(self.has(key) for key in keys):
                    self.indexes.append(keys)

    def has(self, key):
        return key.removesuffix(" DESC") in {"id", "updated_at", *self.columns}

    @staticmethod
    def key(part, relationships):
        name, descending = part.strip().lstrip("-"), part.strip().startswith("-")
        return (f"{name}_id" if name in relationships else name) + (" DESC" if descending else "")

    def statements(self):
        columns = "".join(f', "{name}" {kind}' for name, kind in self.columns.items())
        yield f"CREATE TABLE object (rowid INTEGER PRIMARY KEY, id BLOB NOT NULL, updated_at INTEGER{columns})"
        yield "CREATE UNIQUE INDEX object_id ON object (id)"
        for number, keys in enumerate(self.indexes):
            quoted = ", ".join(re.sub(r"^(\w+)", r'"\1"', key) for key in keys)
            yield f"CREATE INDEX object_{number} ON object ({quoted})"
        yield ("CREATE TABLE oplog (sequence INTEGER PRIMARY KEY, operation INTEGER, model INTEGER, "
               "id BLOB, updated_at INTEGER, state BLOB)")

    def values(self, header, row):
        """A CSV row as the values of the columns, in their order, the way an engine would hold them."""
        cells = dict(zip(header, row))
        values = []
        for name, kind in self.columns.items():
            cell = cells.get(name) or None
            if cell is not None:
                if kind == "BLOB":
                    cell = bytes.fromhex(cell.replace("-", ""))
                elif kind == "REAL":
                    cell = float(cell)
                elif cell in ("true", "false"):
                    cell = int(cell == "true")
                elif kind == "INTEGER" and "T" in cell:
                    moment = datetime.strptime(cell, "%Y-%m-%dT%H:%M:%SZ")
                    cell = int(moment.replace(tzinfo=timezone.utc).timestamp())
                elif kind == "INTEGER" and re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
                    cell = datetime.strptime(cell, "%Y-%m-%d").toordinal()
                elif kind == "INTEGER":
                    cell = int(cell)
            values.append(cell)
        return values


class Floor:
    """A database of that shape with rows in it. To be used in a `with`; the file is removed at the end."""

    def __init__(self, path, shape, header, rows):
        self.path, self.shape = path, shape
        self.prepared = [(shape.values(header, row), "\x1f".join(row).encode()) for row in rows]
        self.sequence = 0

    def __enter__(self):
        self.remove()
        # Every commit is written out here: isolation_level None leaves transactions to us.
        self.database = sqlite3.connect(self.path, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = FULL")
        for statement in self.shape.statements():
            self.database.execute(statement)
        marks = ", ".join("?" * (2 + len(self.shape.columns)))
        names = ", ".join(f'"{name}"' for name in ["id", "updated_at", *self.shape.columns])
        self.insert_object = f"INSERT INTO object ({names}) VALUES ({marks})"
        self.insert_entry = "INSERT INTO oplog VALUES (?, 0, 4, ?, ?, ?)"
        for start in range(0, len(self.prepared), 1000):
            self.transaction(self.prepared[start:start + 1000])
        self.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self

    def __exit__(self, *_):
        self.database.close()
        self.remove()

    def remove(self):
        for suffix in ("", "-wal", "-shm"):
            if os.path.exists(self.path + suffix):
                os.remove(self.path + suffix)

    def transaction(self, rows):
        """Writes the rows and their oplog entries, and returns when they are on the disk."""
        now = int(time.time())
        execute = self.database.execute
        execute("BEGIN IMMEDIATE")
        for values, state in rows:
            identifier = os.urandom(16)
            self.sequence += 1
            execute(self.insert_object, (identifier, now, *values))
            execute(self.insert_entry, (self.sequence, identifier, now, state))
        execute("COMMIT")

    def rate(self, rows_per_transaction, seconds):
        """Rows a second over `seconds` of transactions of that size, and the 99th percentile of one in ms."""
        began = time.perf_counter()
        last, times, position = began, [], 0
        while last - began < seconds:
            if position + rows_per_transaction > len(self.prepared):
                position = 0
            self.transaction(self.prepared[position:position + rows_per_transaction])
            position += rows_per_transaction
            now = time.perf_counter()
            times.append(now - last)
            last = now
        times.sort()
        return len(times) * rows_per_transaction / (last - began), times[int(len(times) * 0.99)] * 1000
