"""All that is measured on PostgreSQL, made and filled: a node, the same build on SQLite, pgbench's tables, FastAPI."""

import json
import os
import urllib.request
from contextlib import ExitStack

import flights
from floor import Shape
from postgresql.cluster import Cluster
from postgresql.fastapi_server import MODELS, FastAPI
from postgresql.node import DATABASE, Node
from postgresql.pgbench import YEAR_SCALE, Pgbench
from sojourn_server import Sojourn


class Sides:
    """To be used in a `with`. What is not `wanted` is not made."""

    def __init__(self, arguments, schema, rows, header, wants_sqlite):
        self.arguments, self.schema_file, self.rows, self.header = arguments, schema, rows, header
        self.wants_sqlite = wants_sqlite
        self.size = len(rows)
        self.folder = os.path.join(os.path.abspath(arguments.work_dir), "postgresql")
        os.makedirs(self.folder, exist_ok=True)
        self.questions = flights.Questions(header, rows)
        self.files = {model: os.path.join(os.path.abspath(arguments.year), f"{model}s.csv") for model in MODELS}
        self.files["flight"] = os.path.join(self.folder, "flights.csv")
        self.cluster = Cluster(arguments.cluster)
        self.pgbench = Pgbench(self.cluster, max(1, round(YEAR_SCALE * self.size / 336_776)))
        self.node = Node(arguments.binary, os.path.join(self.folder, "node"), schema, self.cluster)
        self.sqlite = Sojourn(arguments.binary, os.path.join(self.folder, "sqlite"), schema)
        self.import_seconds = None

    def __enter__(self):
        self.stack = ExitStack()
        try:
            self._enter()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_):
        self.stack.close()

    def _enter(self):
        kept = os.path.join(self.folder, "filled")
        filled_with = f"{self.size} {self.arguments.cluster}"
        if not self.arguments.reuse or not os.path.exists(kept) or open(kept, encoding="utf-8").read() != filled_with:
            if os.path.exists(kept):
                os.remove(kept)
            self.cluster.remove()
        self.stack.enter_context(self.cluster)
        is_new = not os.path.exists(kept)
        if is_new:
            flights.write(self.files["flight"], self.header, self.rows)
            self.node.create()
        self.stack.enter_context(self.node)
        self.node_address, self.schema = self.cluster.address(DATABASE), self.node.deployment_schema()
        if is_new:
            self.import_seconds = self.fill(self.node)
            self.node.settle()
            self.pgbench.make()
        if self.wants_sqlite:
            if is_new or not os.path.exists(self.sqlite.folder):
                self.sqlite.create()
                with self.sqlite:
                    self.fill(self.sqlite)
            self.stack.enter_context(self.sqlite)
        declared = json.loads(self.node.get("/indexes.json"))["models"]["flight"]["indexes"]
        self.shape = Shape(self.schema_file, "flight", declared)
        self.fastapi = FastAPI(self.cluster, self.folder)
        if is_new:
            self.fastapi.fill(self.files, self.shape)
        self.stack.enter_context(self.fastapi)
        self.bodies = self.lines("bodies", self.questions.bodies)
        with open(kept, "w", encoding="utf-8") as file:
            file.write(filled_with)
        self.cluster.checkpoint()

    def fill(self, server):
        """How many seconds the flights took."""
        for model in MODELS[:-1]:
            server.load(model, self.files[model])
        seconds = server.load("flight", self.files["flight"])
        if server.count() != self.size:
            raise RuntimeError(f"the server holds {server.count()} flights after importing {self.size}")
        return seconds

    def lines(self, name, lines):
        """A file for wrk with one request's part in each line."""
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return path

    def check_list(self, path, fastapi_path):
        """All sides must answer with the same flights and the same total: else they are not measured beside each other."""
        answers = [json.loads(self.node.get(path))]
        if self.wants_sqlite:
            answers.append(json.loads(self.sqlite.get(path)))
        with urllib.request.urlopen(self.fastapi.origin + fastapi_path, timeout=30) as answer:
            answers.append(json.loads(answer.read()))
        found = [(len(each["objects"]), each["total"]) for each in answers]
        if len(set(found)) != 1 or found[0][0] != 100:
            raise RuntimeError(f"the list of 100 holds {found}")
