#!/usr/bin/env bash
# libpq: a session that the server has ended still looks well after its last words were read.
#
# An administrator ends a backend (pg_terminate_backend), and a FATAL and the end of the connection lie in the socket of
# a client that rests in pipeline mode. A pool that looks before it lends calls PQconsumeInput, which answers 1, and
# PQstatus, which answers CONNECTION_OK: the bytes are in libpq's memory, and nobody has read what they say. Only
# PQisBusy or PQnotifies reads them: then the notice arrives. A pool that lends on PQstatus alone hands out a session
# that is gone, once for each connection, after each restart of the server.
#
# Look with PQconsumeInput, then PQisBusy, then PQstatus, and hear notices. Needs Debian's postgresql-15 and libpq5.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
postgres_server
libpq_module
cat >"$folder/ended.py" <<'PROGRAM'
import ctypes
import subprocess
import sys
import time

from libpq import connect, pq

heard = []
LISTEN = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)
listen = LISTEN(lambda _, text: heard.append(text))
connection = connect(host=sys.argv[1], user="me", dbname="postgres")
pq.PQsetNoticeProcessor(connection, listen, None)
assert pq.PQsetnonblocking(connection, 1) == 0 and pq.PQenterPipelineMode(connection) == 1
subprocess.run(["psql", "-X", "-q", "-h", sys.argv[1], "-U", "me", "-c",
                f"SELECT pg_terminate_backend({pq.PQbackendPID(connection)})", "postgres"],
               check=True, stdout=subprocess.DEVNULL)
time.sleep(0.3)
consumed, status = pq.PQconsumeInput(connection), pq.PQstatus(connection)
first = len(heard)
pq.PQisBusy(connection)
print(f"consumed {consumed}, status {status}, heard {first}; after PQisBusy heard {len(heard)}")
PROGRAM
tell "$version, ended while it rested" 'consumed 0 or status 1' "$(python3 "$folder/ended.py" "$folder")" \
  'consumed 1, status 0, heard 0; after PQisBusy heard 1'
