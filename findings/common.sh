# What the findings share: a temporary folder that goes when they end, and how they tell. Sourced, never run.
# shellcheck shell=bash
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

# python_with PACKAGE==VERSION...: a virtual environment with exactly these, as $python.
python_with() {
  python3 -m venv "$folder/python"
  "$folder/python/bin/pip" install --quiet --disable-pip-version-check "$@"
  python="$folder/python/bin/python"
}

# tell VERSIONS EXPECTED REAL AS-KNOWN: prints the three, and fails when the real is not as known.
tell() {
  printf 'with:     %s\nexpected: %s\nreal:     %s\n' "$1" "$2" "$3"
  [[ $3 == "$4" ]] && return
  printf 'known:    %s\nThis has changed. Look at what we do because of it.\n' "$4" >&2
  exit 1
}

# postgres_server [OPTION...]: a server of Debian's PostgreSQL 15 of its own on a socket in $folder, for the superuser
# «me», with these -c options; $version says which it is. It stops when the script ends.
postgres_server() {
  local binaries=/usr/lib/postgresql/15/bin as=() options="-c listen_addresses='' -c unix_socket_directories='$folder'" each
  # It does not run as root.
  if [[ $(id -u) == 0 ]]; then
    chown nobody "$folder"
    as=(setpriv --reuid nobody --regid nogroup --clear-groups)
  fi
  for each in "$@"; do options+=" -c $each"; done
  "${as[@]}" "$binaries/initdb" -D "$folder/data" -U me -A trust --no-locale -E UTF8 >/dev/null
  "${as[@]}" "$binaries/pg_ctl" -D "$folder/data" -l "$folder/log" -w start -o "$options" >/dev/null
  stop_postgres=("${as[@]}" "$binaries/pg_ctl" -D "$folder/data" -m immediate stop)
  trap '"${stop_postgres[@]}" >/dev/null; rm -rf "$folder"' EXIT
  version="$("$binaries/postgres" --version)"
}

# libpq_module: $folder/libpq.py, with Debian's libpq as `pq`, its constants, and `connect` as a program connects that
# does not want to be blocked.
libpq_module() {
  cat >"$folder/libpq.py" <<'PROGRAM'
import ctypes
import select

pq = ctypes.CDLL("libpq.so.5")
for name in ("PQconnectStartParams", "PQgetResult"):
    getattr(pq, name).restype = ctypes.c_void_p
pq.PQerrorMessage.restype = ctypes.c_char_p
WANTS_READ, WANTS_WRITE = 1, 2
COMMAND_OK, FATAL_ERROR, PIPELINE_SYNC = 1, 7, 10
VERBOSE = 2


def connect(before=lambda connection: None, **words):
    names = (ctypes.c_char_p * (len(words) + 1))(*(word.encode() for word in words), None)
    values = (ctypes.c_char_p * (len(words) + 1))(*(word.encode() for word in words.values()), None)
    connection = ctypes.c_void_p(pq.PQconnectStartParams(names, values, 0))
    before(connection)
    step = WANTS_WRITE
    while step in (WANTS_READ, WANTS_WRITE):
        socket = pq.PQsocket(connection)
        select.select([socket] if step == WANTS_READ else [], [socket] if step == WANTS_WRITE else [], [], 10)
        step = pq.PQconnectPoll(connection)
    return connection


def send(connection, sql):
    assert pq.PQsendQueryParams(connection, sql.encode(), 0, None, None, None, None, 0) == 1


def result(connection):
    found = pq.PQgetResult(connection)
    return ctypes.c_void_p(found) if found else None
PROGRAM
}
