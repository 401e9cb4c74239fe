#!/usr/bin/env bash
# libpq: a refused connection has no SQLSTATE, unless errors are made verbose before it is refused.
#
# The server sends a code with each refusal: 28P01 for a wrong password, 3D000 for a database that is not there, 53300
# for too many connections. libpq keeps no result of a connection that failed, so PQresultErrorField cannot be asked;
# what is left is the text of PQerrorMessage, in the language of the server, without the code. Texts do not tell a
# program what to do: another password mends one, waiting the other.
#
# PQsetErrorVerbosity(PQERRORS_VERBOSE) between PQconnectStartParams and the first PQconnectPoll puts the code into the
# text ("FATAL:  3D000: …"). PQconnectdbParams gives no chance to call it. Needs Debian's postgresql-15 and libpq5.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
postgres_server
libpq_module
cat >"$folder/refused.py" <<'PROGRAM'
import sys

from libpq import VERBOSE, connect, pq

before = (lambda connection: pq.PQsetErrorVerbosity(connection, VERBOSE)) if sys.argv[2] == "verbose" else (lambda _: None)
connection = connect(before, host=sys.argv[1], user="me", dbname="nowhere")
print("has the code" if b"3D000" in pq.PQerrorMessage(connection) else "has no code")
PROGRAM
refused() { python3 "$folder/refused.py" "$folder" "$1"; }
tell "$version, no such database" 'has the code' "$(refused plain)" 'has no code'
tell "$version, verbose from the start" 'has the code' "$(refused verbose)" 'has the code'
