#include "CRecordingFiles.h"

#include <sqlite3.h>
#include <stddef.h>

static sqlite3_vfs *under;
static sqlite3_vfs files;
static const sqlite3_io_methods *real;
static sqlite3_io_methods methods;
static struct recording record;
static long long left = -1;

static int recording_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  record.writes++;
  if (count > record.largest) record.largest = count;
  if (left >= 0) {
    if (count > left) {
      // A disk takes what it has room for.
      if (left > 0) real->xWrite(file, bytes, (int)left, offset);
      left = 0;
      return SQLITE_FULL;
    }
    left -= count;
  }
  return real->xWrite(file, bytes, count, offset);
}

static int recording_sync(sqlite3_file *file, int flags) {
  record.syncs++;
  return real->xSync(file, flags);
}

static int recording_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
  (void)vfs;
  const int code = under->xOpen(under, name, file, flags, out);
  if (code == SQLITE_OK && (flags & SQLITE_OPEN_WAL) != 0) {
    real = file->pMethods;
    methods = *real;
    methods.xWrite = recording_write;
    methods.xSync = recording_sync;
    file->pMethods = &methods;
  }
  return code;
}

const char *recording_files_register(void) {
  if (under != NULL) return files.zName;
  sqlite3_vfs *found = sqlite3_vfs_find(NULL);
  if (found == NULL) return NULL;
  files = *found;
  files.pNext = NULL;
  files.zName = "recording";
  files.xOpen = recording_open;
  if (sqlite3_vfs_register(&files, 0) != SQLITE_OK) return NULL;
  under = found;
  return files.zName;
}

void recording_begin(long long room) {
  record = (struct recording){0, 0, 0};
  left = room;
}

struct recording recording_now(void) { return record; }
