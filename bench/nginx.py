"""The reference for reading: Debian's nginx, which serves fixed bytes from its own folder. It is also who
receives webhooks, at /hooks: it answers each with 200 and writes down which it was."""

import os
import shutil
import socket
import subprocess
import time

# Two workers for two cores, everything that costs and is not sending left out, files kept open.
CONFIGURATION = """\
{user}daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  keepalive_timeout 75s;
  open_file_cache max=100 inactive=1h;
  open_file_cache_valid 1h;
  types {{ }}
  default_type application/json;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  log_format delivery '$msec $http_x_sojourn_delivery';
  server {{
    listen 127.0.0.1:{port};
    root {folder}/files;
    location = /hooks {{
      access_log {folder}/deliveries.log delivery buffer=64k flush=100ms;
      return 200;
    }}
  }}
}}
"""


def free_port():
    """A port of 127.0.0.1 on which nothing listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx:
    """A running nginx; `serve` gives it a file. To be used in a `with`."""

    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.hooks = self.origin + "/hooks"
        self.deliveries = os.path.join(self.folder, "deliveries.log")
        self.process = None

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(os.path.join(self.folder, "files"))
        configuration = os.path.join(self.folder, "nginx.conf")
        with open(configuration, "w", encoding="utf-8") as file:
            # As root, nginx would give its workers a user who may not read this folder.
            user = "user root;\n" if os.geteuid() == 0 else ""
            file.write(CONFIGURATION.format(folder=self.folder, port=self.port, user=user))
        self.process = subprocess.Popen(
            [shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin"), "-p", self.folder,
             "-c", configuration, "-e", os.path.join(self.folder, "error.log")],
            stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__()
                    raise RuntimeError(f"nginx did not start; see {self.folder}/error.log") from None
                time.sleep(0.05)

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=10)

    def serve(self, name, content):
        """Puts `content` under the path /`name`. To be called before the first request for it."""
        with open(os.path.join(self.folder, "files", name), "wb") as file:
            file.write(content)
