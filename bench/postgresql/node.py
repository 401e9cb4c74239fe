"""Nodes of the build that is measured, on one database."""

import os
import shutil

import psycopg

from sojourn_server import Sojourn

DATABASE = "sojourn"


class Node(Sojourn):
    """The first one; `beside` makes others on the same database."""

    def __init__(self, binary, folder, schema, cluster):
        super().__init__(binary, folder, schema)
        self.cluster = cluster
        self.key_file = os.path.join(self.folder, "node.key")

    def create(self):
        self.cluster.drop(DATABASE)
        self.cluster.database(DATABASE)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.command("storage", "init")
        self.make_deployment()

    def storage(self):
        return ["--storage", self.cluster.address(DATABASE), "--key-file", self.key_file]

    def serving(self):
        return [*self.storage(), "--temporary", self.folder]

    def beside(self, name):
        """Another node, with a folder of its own."""
        other = Node(self.binary, os.path.join(self.folder, name), self.schema, self.cluster)
        os.makedirs(other.folder, exist_ok=True)
        other.key_file = self.key_file
        shutil.copy(os.path.join(self.folder, "bench.json"), other.folder)
        return other

    def settle(self):
        """Vacuums and analyzes, as the server does by itself when it has rested for a while."""
        with psycopg.connect(self.cluster.address(DATABASE), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")

    def deployment_schema(self):
        """The schema of the one deployment that the database has."""
        with psycopg.connect(self.cluster.address(DATABASE), autocommit=True) as connection:
            (name,), = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'd\\_%'").fetchall()
        return f'"{name}"'
