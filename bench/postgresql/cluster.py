"""A PostgreSQL of the bench's own: Debian's, with the settings that it ships, at a socket in its folder."""

import glob
import os
import shutil
import subprocess

USER = "sojourn"


def programs():
    """The folder of the newest PostgreSQL's programs."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
    if not found:
        raise RuntimeError("there is no PostgreSQL in /usr/lib/postgresql: apt-get install postgresql")
    return found[-1]


class Cluster:
    """Runs inside a `with`, as an ordinary user even where root asks. fsync and synchronous_commit are on."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.data, self.socket = os.path.join(self.folder, "data"), os.path.join(self.folder, "socket")
        # PostgreSQL refuses root: then the files belong to somebody who has nothing else.
        self.prefix = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        # What Debian's pgbench and psql on the PATH run is a wrapper that looks for clusters of its own.
        self.programs = programs()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        os.makedirs(self.socket, exist_ok=True)
        if len(self.socket) > 85:
            raise RuntimeError(f"the path {self.socket} is too long for a socket; --cluster names another folder")
        if not os.path.exists(os.path.join(self.data, "PG_VERSION")):
            os.makedirs(self.data, exist_ok=True)
            if self.prefix:
                shutil.chown(self.data, "nobody", "nogroup")
                shutil.chown(self.socket, "nobody", "nogroup")
            self._run("initdb", "-D", self.data, "-U", USER, "-A", "trust", "--no-locale", "-E", "UTF8")
        self._control("start", "-l", os.path.join(self.socket, "log"), "-o",
                      f"-c listen_addresses='' -c unix_socket_directories='{self.socket}'")
        for setting in ("fsync", "synchronous_commit"):
            if self.query(f"SHOW {setting}") != "on":
                self.__exit__()
                raise RuntimeError(f"{setting} is off")
        return self

    def __exit__(self, *_):
        self._control("stop", "-m", "fast")

    def database(self, name):
        """Makes it where it is not there; its address."""
        if self.query(f"SELECT count(*) FROM pg_database WHERE datname = '{name}'") == "0":
            self.query(f'CREATE DATABASE "{name}"')
        return self.address(name)

    def drop(self, name):
        self.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def address(self, name):
        return f"postgresql:///{name}?host={self.socket}&user={USER}"

    def query(self, sql, database="postgres"):
        """Runs one statement; what came, without decoration."""
        return self._run("psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", *self.client(), "-c", sql, database).strip()

    def client(self):
        """How its programs are told where it is."""
        return ["-h", self.socket, "-U", USER]

    def version(self):
        return self.query("SHOW server_version")

    def checkpoint(self):
        """So that none falls into one side's run alone because of what was done before."""
        self.query("CHECKPOINT")

    def _control(self, action, *arguments):
        self._run("pg_ctl", "-D", self.data, "-w", "-s", action, *arguments)

    def _run(self, program, *arguments):
        # Not through pipes: the server that pg_ctl starts would keep them open.
        with open(os.path.join(self.folder, "output"), "w+b") as output:
            finished = subprocess.run([*self.prefix, os.path.join(self.programs, program), *arguments],
                                      stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                      cwd="/", check=False)
            output.seek(0)
            text = output.read().decode(errors="replace")
        if finished.returncode != 0:
            raise RuntimeError(f"{program} {arguments[-1]} failed: {text.strip()[-1000:]}")
        return text
