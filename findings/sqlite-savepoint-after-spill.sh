#!/usr/bin/env bash
# SQLite before 3.50.2: a commit can be missing after a crash.
#
# In WAL mode, a transaction that is larger than the cache writes pages into the log before it commits. When a
# savepoint in it is then rolled back, and the transaction commits, the log can hold pages that do not fit the
# checksums of those before them. The commit is there for all who have the log open; whoever opens the files
# afterwards, as one does after a crash, finds the log's end before it. All commits behind it are missing, too.
#
# We switch the spill off (PRAGMA cache_spill=OFF) and do without savepoints where they are not needed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cat >"$folder/run.py" <<'PROGRAM'
import apsw, random, shutil, sys

path = sys.argv[1]
random.seed(1)
database = apsw.Connection(path)
database.execute("PRAGMA journal_mode=WAL").fetchall()
database.execute("PRAGMA wal_autocheckpoint=0").fetchall()
database.execute("PRAGMA cache_size=64")
database.execute("CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a)")

def insert(count):
    for _ in range(count):
        text = f"{random.getrandbits(64)}{'x' * random.randrange(1000)}"
        database.execute("INSERT INTO t VALUES (?)", (text,))

missing = 0
for turn in range(40):
    database.execute("BEGIN")
    insert(60)
    database.execute("SAVEPOINT s")
    insert(200)
    database.execute("ROLLBACK TO s")
    database.execute("RELEASE s")
    insert(1)
    database.execute("COMMIT")
    # What a crash would leave at this moment.
    copy = f"{path}-{turn}"
    for suffix in ("", "-wal"):
        shutil.copy(path + suffix, copy + suffix)
    (found,), = apsw.Connection(copy).execute("SELECT count(*) FROM t")
    missing += found != 61 * (turn + 1)
print(f"{'no copy' if missing == 0 else 'copies'} without committed rows")
PROGRAM

for version in 3.40.1.0 3.50.1.0 3.50.2.0; do
  rm -rf "$folder/python"
  python_with "apsw==$version"
  known='copies without committed rows'
  [[ $version == 3.50.2.0 ]] && known='no copy without committed rows'
  tell "SQLite ${version%.0} (apsw $version)" 'no copy without committed rows' \
    "$("$python" "$folder/run.py" "$folder/$version")" "$known"
done
