"""The reference for writing: what this disk and PostgreSQL allow to one connection that only writes.

A table with the columns of the model `flight`, in the types that the server gives them, and the indexes that its
indexes.json names; one row of an oplog for each of its rows. psycopg writes both, each by one
INSERT … SELECT FROM unnest, as statements that it keeps prepared, with binary values.
"""

import os
import time
import uuid

import psycopg

TYPES = {"INTEGER": "bigint", "REAL": "double precision", "TEXT": 'text COLLATE "C"', "BLOB": "uuid"}
ARRAYS = {"INTEGER": "int8[]", "REAL": "float8[]", "TEXT": "text[]", "BLOB": "uuid[]"}
DATABASE = "floor"


def index_keys(keys):
    """An index's keys as PostgreSQL takes them, ending in the order of creation as the server's do."""
    names = [(key.removesuffix(" DESC"), key.endswith(" DESC")) for key in keys]
    columns = [f'"{name}"' + (" DESC NULLS LAST" if descending else " ASC NULLS FIRST") for name, descending in names]
    return ", ".join([*columns, "n DESC" if names[-1][1] else "n"])


def statements(shape):
    """What makes the tables of a `Shape`."""
    columns = "".join(f', "{name}" {TYPES[kind]}' for name, kind in shape.columns.items())
    yield (f"CREATE TABLE object (n bigint PRIMARY KEY, id uuid NOT NULL, updated_at bigint NOT NULL, "
           f"sequence bigint NOT NULL{columns})")
    yield "CREATE UNIQUE INDEX object_id ON object (id)"
    for number, keys in enumerate(shape.indexes):
        yield f"CREATE INDEX object_{number} ON object ({index_keys(keys)})"
    yield ("CREATE TABLE oplog (sequence bigint PRIMARY KEY, model bigint, operation bigint, id uuid, "
           "updated_at bigint, state bytea)")


class Floor:
    """A database of that shape with rows in it. To be used in a `with`."""

    def __init__(self, cluster, shape, header, rows):
        self.cluster, self.shape = cluster, shape
        self.kinds = list(shape.columns.values())
        self.prepared = [(self._values(header, row), "\x1f".join(row).encode()) for row in rows]
        self.sequence = 0

    def _values(self, header, row):
        values = self.shape.values(header, row)
        return [uuid.UUID(bytes=value) if kind == "BLOB" and value is not None else value
                for value, kind in zip(values, self.kinds)]

    def __enter__(self):
        self.cluster.drop(DATABASE)
        self.connection = psycopg.connect(self.cluster.database(DATABASE), autocommit=True, prepare_threshold=0)
        for statement in statements(self.shape):
            self.connection.execute(statement)
        names = ", ".join(f'"{name}"' for name in ["n", "id", "updated_at", "sequence", *self.shape.columns])
        arrays = ["int8[]", "uuid[]", "int8[]", "int8[]", *(ARRAYS[kind] for kind in self.kinds)]
        marks = ", ".join(f"%b::{each}" for each in arrays)
        self.insert_object = f"INSERT INTO object ({names}) SELECT * FROM unnest({marks})"
        self.insert_entry = ("INSERT INTO oplog (sequence, model, operation, id, updated_at, state) "
                             "SELECT u.sequence, 4, 0, u.id, u.at, u.state "
                             "FROM unnest(%b::int8[], %b::uuid[], %b::int8[], %b::bytea[]) AS u(sequence, id, at, state)")
        for start in range(0, len(self.prepared), 1000):
            self.transaction(self.prepared[start:start + 1000])
        self.connection.execute("ANALYZE")
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.cluster.drop(DATABASE)

    def transaction(self, rows):
        """Writes the rows and their oplog entries in one round trip, and returns when they are on the disk."""
        now = int(time.time())
        sequences = range(self.sequence + 1, self.sequence + len(rows) + 1)
        self.sequence += len(rows)
        numbers = list(sequences)
        ids = [uuid.UUID(bytes=os.urandom(16)) for _ in rows]
        times = [now] * len(rows)
        columns = [list(column) for column in zip(*(values for values, _ in rows))]
        with self.connection.pipeline(), self.connection.transaction():
            self.connection.execute(self.insert_object, [numbers, ids, times, numbers, *columns])
            self.connection.execute(self.insert_entry, [numbers, ids, times, [state for _, state in rows]])

    def rate(self, rows_per_transaction, seconds):
        """Rows a second over `seconds` of transactions of that size."""
        began = time.perf_counter()
        last, count, position = began, 0, 0
        while last - began < seconds:
            if position + rows_per_transaction > len(self.prepared):
                position = 0
            self.transaction(self.prepared[position:position + rows_per_transaction])
            position += rows_per_transaction
            count += rows_per_transaction
            last = time.perf_counter()
        return count / (last - began)
