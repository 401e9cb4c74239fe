#!/usr/bin/env bash
# libpq: in a pipeline, a deferred constraint is refused after every statement has answered that it is done.
#
# Without BEGIN a pipeline is one transaction up to its Sync, and PostgreSQL commits at the Sync. What fails only then,
# such as a constraint that is INITIALLY DEFERRED, has no statement of its own: each statement's result has come with
# COMMAND_OK, and behind the last of them comes one more result, an error, before PIPELINE_SYNC. A program that reads as
# many results as it sent statements, and takes the next for the Sync, acknowledges what was rolled back, and is out of
# step with every answer from there on.
#
# With an explicit COMMIT in the pipeline the error is that statement's. Read until PIPELINE_SYNC, whatever comes. Needs
# Debian's postgresql-15 and libpq5.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
postgres_server
libpq_module
psql -X -q -h "$folder" -U me -c \
  'CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t DEFERRABLE INITIALLY DEFERRED)' postgres
cat >"$folder/late.py" <<'PROGRAM'
import sys

from libpq import COMMAND_OK, FATAL_ERROR, PIPELINE_SYNC, connect, pq, result, send

words = {COMMAND_OK: "done", FATAL_ERROR: "refused", PIPELINE_SYNC: "sync"}
connection = connect(host=sys.argv[1], user="me", dbname="postgres")
assert pq.PQenterPipelineMode(connection) == 1
for sql in sys.argv[2:]:
    send(connection, sql)
assert pq.PQpipelineSync(connection) == 1
told = []
while "sync" not in told:
    found = result(connection)
    if found:
        told.append(words[pq.PQresultStatus(found)])
print(", ".join(told))
PROGRAM
late() { python3 "$folder/late.py" "$folder" "$@"; }
insert='INSERT INTO t VALUES (1, 99)'
tell "$version, one statement" 'refused, sync' "$(late "$insert")" 'done, refused, sync'
tell "$version, with BEGIN and COMMIT" 'done, done, refused, sync' "$(late BEGIN "$insert" COMMIT)" 'done, done, refused, sync'
