"""FastAPI with asyncpg on the same flights: two workers, the indexes that the server's indexes.json names."""

import os
import subprocess
import sys

import psycopg

from nginx import free_port
from others import await_answer, ended
from postgresql.floor import index_keys

DATABASE = "fastapi"
TYPES = {"number": "integer", "flight_date": "date", "scheduled_departure": "timestamptz", "departure_delay": "integer",
         "scheduled_arrival": "timestamptz", "arrival_delay": "integer", "air_time": "integer",
         "distance": "double precision", "diverted": "boolean"}
MODELS = ("airline", "airport", "plane", "flight")


def column_type(name):
    return "uuid" if name.endswith("_id") else TYPES.get(name, "text")


class FastAPI:
    """Runs inside a `with`. `fill` makes the database and comes before."""

    headers = {}

    def __init__(self, cluster, folder, python=sys.executable):
        self.cluster, self.folder, self.python = cluster, folder, python

    def fill(self, files, shape):
        """`files` has the CSV file of each model; `shape` says which indexes flights have."""
        self.cluster.drop(DATABASE)
        with psycopg.connect(self.cluster.database(DATABASE), autocommit=True) as connection:
            for model in MODELS:
                with open(files[model], encoding="utf-8") as file:
                    header = file.readline().strip().split(",")
                    columns = "".join(f', "{name}" {column_type(name)}' for name in header[1:])
                    connection.execute(
                        f"CREATE TABLE {model} (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id uuid NOT NULL, "
                        f"updated_at timestamptz NOT NULL DEFAULT now(){columns})")
                    names = ", ".join(f'"{name}"' for name in header)
                    with connection.cursor().copy(f"COPY {model} ({names}) FROM STDIN (FORMAT csv)") as copy:
                        while block := file.read(1 << 20):
                            copy.write(block)
                connection.execute(f"CREATE UNIQUE INDEX ON {model} (id)")
            for keys in shape.indexes:
                if all(key.removesuffix(" DESC") in {*header, "updated_at"} for key in keys):
                    connection.execute(f"CREATE INDEX ON flight ({index_keys(keys)})")
            connection.execute("VACUUM ANALYZE")

    def __enter__(self):
        port = free_port()
        self.origin = f"http://127.0.0.1:{port}"
        environment = {**os.environ, "BENCH_DATABASE": self.cluster.address(DATABASE),
                       "PYTHONPATH": os.path.dirname(os.path.dirname(os.path.abspath(__file__)))}
        with open(os.path.join(self.folder, "fastapi.log"), "wb") as log:
            self.process = subprocess.Popen(
                [self.python, "-m", "uvicorn", "postgresql.fastapi_app:app", "--port", str(port), "--workers", "2",
                 "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"],
                env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            await_answer(self.process, self.origin + "/flight.json?limit=1")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        ended(self.process)
