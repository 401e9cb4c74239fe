#!/usr/bin/env bash
# SQLite: a checkpoint that does not reach the end of the log writes pages and syncs none of them.
#
# sqlite3_wal_checkpoint_v2 on a thread beside the writer is meant to take the work from it. But the database
# file is synced only by the checkpoint that moves the log's last page. While others write, that is never the one
# beside them: it leaves its pages in the kernel, and whoever moves the last one, the writer as a rule, waits
# until all of them are on disk. `synchronous=FULL` changes nothing about it.
#
# We sync the file ourselves after each such checkpoint.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Writes down which of the process's calls write to and sync which file.
cat >"$folder/calls.c" <<'PROGRAM'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void note(const char *call, int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return;
  path[length] = 0;
  FILE *file = fopen(getenv("CALLS"), "a");
  if (!file) return;
  fprintf(file, "%s %s\n", call, path);
  fclose(file);
}

int fdatasync(int descriptor) {
  note("sync", descriptor);
  return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(descriptor);
}

int fsync(int descriptor) {
  note("sync", descriptor);
  return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
}

#define WRITE(name)                                                                       \
  ssize_t name(int descriptor, const void *bytes, size_t count, off_t offset) {           \
    note("write", descriptor);                                                            \
    return ((ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, #name))(       \
        descriptor, bytes, count, offset);                                                \
  }
WRITE(pwrite)
WRITE(pwrite64)
PROGRAM
compiler="$(command -v cc || command -v clang)"
"$compiler" -shared -fPIC -o "$folder/calls.so" "$folder/calls.c" -ldl

cat >"$folder/run.py" <<'PROGRAM'
import apsw, os, sys

path, calls = sys.argv[1], os.environ["CALLS"]

def opened():
    database = apsw.Connection(path)
    database.execute("PRAGMA synchronous=FULL")
    database.execute("PRAGMA wal_autocheckpoint=0").fetchall()
    return database

writer, reader, mover = apsw.Connection(path), None, None
writer.execute("PRAGMA journal_mode=WAL").fetchall()
writer.close()
writer, reader, mover = opened(), opened(), opened()
writer.execute("CREATE TABLE t (a)")

def write():
    writer.execute("BEGIN")
    for _ in range(200):
        writer.execute("INSERT INTO t VALUES (zeroblob(3000))")
    writer.execute("COMMIT")

def checkpoint(database):
    open(calls, "w").close()
    database.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
    made = open(calls).read().splitlines()
    return sum(f"write {path}" == call for call in made) > 0, sum(f"sync {path}" == call for call in made)

write()
# Whoever reads keeps the pages that come later from being moved, as a writer that never rests does.
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM t").fetchall()
write()
beside = checkpoint(mover)
reader.execute("COMMIT")
last = checkpoint(writer)
print(f"beside the writer: pages written {beside[0]}, syncs {beside[1]}; by the writer: syncs {last[1]}")
PROGRAM

python_with apsw==3.54.1.0
tell 'SQLite 3.54.1 (apsw 3.54.1.0)' \
  'beside the writer: pages written True, syncs 1; by the writer: syncs 1' \
  "$(CALLS="$folder/calls" LD_PRELOAD="$folder/calls.so" "$python" "$folder/run.py" "$folder/database")" \
  'beside the writer: pages written True, syncs 0; by the writer: syncs 1'
