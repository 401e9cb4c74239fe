#!/usr/bin/env bash
# SQLite in Debian 12 takes each small block from malloc, and says OK to who sets up its lookaside memory.
#
# SQLite documents a lookaside memory for each connection, from which the short-lived values of a running statement
# come, and sqlite3_db_config(SQLITE_DBCONFIG_LOOKASIDE) to make it larger. Debian's build has OMIT_LOOKASIDE: the call
# answers SQLITE_OK, nothing is ever taken from there, and only `PRAGMA compile_options` says why. The build of the same
# version in apsw's wheel has it.
#
# A list of 100 objects took 22 blocks from malloc that way. We hand SQLite a memory of our own by
# sqlite3_config(SQLITE_CONFIG_MALLOC): Sources/CSQLiteMemory.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cat >"$folder/debian.py" <<'PROGRAM'
import ctypes, sys

lib = ctypes.CDLL(sys.argv[1])
lib.sqlite3_libversion.restype = ctypes.c_char_p
database, statement = ctypes.c_void_p(), ctypes.c_void_p()
assert lib.sqlite3_open(b":memory:", ctypes.byref(database)) == 0
LOOKASIDE, HIT = 1001, 4
code = lib.sqlite3_db_config(database, LOOKASIDE, None, 1200, 100)
sql = b"SELECT value || 'x' FROM json_each('[1,2,3]')"
assert lib.sqlite3_prepare_v2(database, sql, -1, ctypes.byref(statement), None) == 0
while lib.sqlite3_step(statement) == 100:
    pass
now, most = ctypes.c_int(), ctypes.c_int()
assert lib.sqlite3_db_status(database, HIT, ctypes.byref(now), ctypes.byref(most), 0) == 0
print(f"{lib.sqlite3_libversion().decode()}: answer {code}, taken from lookaside: {most.value > 0}")
PROGRAM

cat >"$folder/wheel.py" <<'PROGRAM'
import apsw

database = apsw.Connection(":memory:")
database.execute("SELECT value || 'x' FROM json_each('[1,2,3]')").fetchall()
hits = database.status(apsw.SQLITE_DBSTATUS_LOOKASIDE_HIT)[1]
print(f"{apsw.sqlitelibversion()}: taken from lookaside: {hits > 0}")
PROGRAM

package=libsqlite3-0=3.40.1-2+deb12u2
(cd "$folder" && apt-get download -q "$package" >/dev/null 2>&1 && dpkg-deb -x libsqlite3-0_*.deb debian)
library="$(find "$folder/debian" -name 'libsqlite3.so.0.*' | head -n 1)"
tell "Debian's $package" '3.40.1: answer 0, taken from lookaside: True' \
  "$(python3 "$folder/debian.py" "$library")" '3.40.1: answer 0, taken from lookaside: False'

python_with apsw==3.40.1.0
tell 'apsw 3.40.1.0' '3.40.1: taken from lookaside: True' "$("$python" "$folder/wheel.py")" \
  '3.40.1: taken from lookaside: True'
