"""PocketBase on the same flights: a collection for each model, with its relations and their indexes."""

import json
import os
import shutil
import sqlite3
import subprocess
import urllib.request

import exporting
from nginx import free_port
from others import await_answer, ended

EMAIL, PASSWORD = "bench@example.org", "bench bench bench"
# As many as it gives at once.
MOST_RECORDS = 1000
NEEDED = '@request.auth.id != ""'


def collection_id(model):
    return f"pbc_{model:0<11}"


def record_id(identifier):
    """Its ids have 15 characters."""
    return identifier.replace("-", "")[:15]


def column(name):
    return name.replace(".", "_")


def collection(table):
    """As PocketBase imports it."""
    types = {"number": "number", "boolean": "bool", "text": "text"}
    fields = [{"name": "id", "type": "text", "system": True, "primaryKey": True, "required": True,
               "min": 15, "max": 15, "pattern": "^[a-z0-9]+$", "autogeneratePattern": "[a-z0-9]{15}"}]
    for name, kind in table.kinds.items():
        if kind == "relation":
            fields.append({"name": column(name), "type": "relation", "maxSelect": 1,
                           "collectionId": collection_id(table.targets[name])})
        else:
            fields.append({"name": column(name), "type": types[kind]})
    return {"id": collection_id(table.model), "name": table.model, "type": "base", "fields": fields,
            "listRule": NEEDED, "viewRule": NEEDED,
            "indexes": [f"CREATE INDEX `{table.model}_{name}` ON `{table.model}` (`{name}`)" for name in table.targets]}


class PocketBase:
    """Runs inside a `with`. `page` is what its own dashboard asks for to show records, 30 of them where it takes 40."""

    def __init__(self, tools, folder, tables):
        self.program, self.folder, self.tables = os.path.join(tools, "bin", "pocketbase"), folder, tables
        relations = ",".join(tables[-1].targets)
        self.page = f"/api/collections/flight/records?page=1&perPage=30&skipTotal=1&sort=-%40rowid&expand={relations}"

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self._run("superuser", "upsert", EMAIL, PASSWORD)
        self._serve()
        try:
            self._call("PUT", "/api/collections/import", {
                "collections": [collection(table) for table in self.tables], "deleteMissing": False})
            ended(self.process)
            self._fill()
            self._serve()
            answer = json.loads(await_answer(self.process, self.origin + self.page, self.headers))
            if len(answer["items"]) != 30 or len(answer["items"][0].get("expand", {})) == 0:
                raise RuntimeError(f"PocketBase's list has {len(answer['items'])} records, or none of what is related")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        ended(self.process)

    def exported(self):
        """It has no export: its list in pages as long as they may be, oldest first."""
        rows = len(self.tables[-1].rows)
        pages = range(1, -(-rows // MOST_RECORDS) + 1)
        paths = [f"/api/collections/flight/records?page={page}&perPage={MOST_RECORDS}&skipTotal=1&sort=%40rowid"
                 for page in pages]
        return exporting.run(self.origin, paths, self.headers, rows, lambda body: len(json.loads(body)["items"]))

    def _arguments(self, *words):
        return [self.program, *words, "--dir", os.path.join(self.folder, "data")]

    def _run(self, *words):
        subprocess.run(self._arguments(*words), check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def _serve(self):
        port = free_port()
        self.origin = f"http://127.0.0.1:{port}"
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                self._arguments("serve", "--http", f"127.0.0.1:{port}"), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log)
        await_answer(self.process, self.origin + "/api/health")
        answer = self._call("POST", "/api/collections/_superusers/auth-with-password",
                            {"identity": EMAIL, "password": PASSWORD}, {})
        self.headers = {"Authorization": answer["token"]}

    def _call(self, method, path, body, headers=None):
        request = urllib.request.Request(
            self.origin + path, json.dumps(body).encode(), method=method,
            headers={**(self.headers if headers is None else headers), "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def _fill(self):
        """Straight into its file while it does not run: its own import takes one request for each record."""
        empty = {"number": 0, "boolean": False, "text": "", "relation": ""}
        with sqlite3.connect(os.path.join(self.folder, "data", "data.db")) as database:
            for table in self.tables:
                names = ", ".join(f"`{column(name)}`" for name in table.header)
                rows = []
                for row in table.rows:
                    values = table.values(row)
                    values["id"] = record_id(values["id"])
                    for name, kind in table.kinds.items():
                        if values[name] is None:
                            values[name] = empty[kind]
                        elif kind == "relation":
                            values[name] = record_id(values[name])
                    rows.append(list(values.values()))
                database.executemany(
                    f"INSERT INTO `{table.model}` ({names}) VALUES ({', '.join('?' * len(table.header))})", rows)
        database.close()
