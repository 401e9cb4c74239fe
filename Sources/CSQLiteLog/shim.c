#define _GNU_SOURCE
#include "CSQLiteLog.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

// Thirty-one frames of 4 KiB pages. SQLite's own VFS writes 2^17 - 1 bytes in a call at most, and takes
// multiples of 2^17 for nothing: which it reports as a full disk.
static const size_t most = 128 * 1024 - 1;

// The log's file. The one beneath lies right behind it, in the same memory of SQLite's.
struct log_file {
  sqlite3_file base;
  // What has gathered: `count` bytes that belong at `offset`. The memory is there from the first write on.
  unsigned char *bytes;
  size_t count;
  sqlite3_int64 offset;
};

static sqlite3_file *beneath(struct log_file *log) { return (sqlite3_file *)(log + 1); }

// Gives the kernel what has gathered. Whatever comes of it, nothing is gathered afterwards.
static int give(struct log_file *log) {
  if (log->count == 0) return SQLITE_OK;
  sqlite3_file *file = beneath(log);
  const size_t count = log->count;
  log->count = 0;
  return file->pMethods->xWrite(file, log->bytes, (int)count, log->offset);
}

static int log_close(sqlite3_file *base) {
  struct log_file *log = (struct log_file *)base;
  sqlite3_file *file = beneath(log);
  const int given = give(log);
  free(log->bytes);
  log->bytes = NULL;
  const int closed = file->pMethods->xClose(file);
  return given == SQLITE_OK ? closed : given;
}

static int log_read(sqlite3_file *base, void *into, int count, sqlite3_int64 offset) {
  struct log_file *log = (struct log_file *)base;
  sqlite3_file *file = beneath(log);
  const int given = give(log);
  return given == SQLITE_OK ? file->pMethods->xRead(file, into, count, offset) : given;
}

static int log_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 offset) {
  struct log_file *log = (struct log_file *)base;
  sqlite3_file *file = beneath(log);
  const size_t count = size < 0 ? 0 : (size_t)size;
  if (log->count > 0 && (offset != log->offset + (sqlite3_int64)log->count || log->count + count > most)) {
    const int given = give(log);
    if (given != SQLITE_OK) return given;
  }
  if (log->bytes == NULL) log->bytes = malloc(most);
  if (log->bytes == NULL || count > most) return file->pMethods->xWrite(file, bytes, size, offset);
  if (log->count == 0) log->offset = offset;
  memcpy(log->bytes + log->count, bytes, count);
  log->count += count;
  return SQLITE_OK;
}

static int log_truncate(sqlite3_file *base, sqlite3_int64 size) {
  struct log_file *log = (struct log_file *)base;
  sqlite3_file *file = beneath(log);
  const int given = give(log);
  return given == SQLITE_OK ? file->pMethods->xTruncate(file, size) : given;
}

static int log_sync(sqlite3_file *base, int flags) {
  struct log_file *log = (struct log_file *)base;
  sqlite3_file *file = beneath(log);
  const int given = give(log);
  return given == SQLITE_OK ? file->pMethods->xSync(file, flags) : given;
}

static int log_size(sqlite3_file *base, sqlite3_int64 *size) {
  struct log_file *log = (struct log_file *)base;
  sqlite3_file *file = beneath(log);
  const int given = give(log);
  return given == SQLITE_OK ? file->pMethods->xFileSize(file, size) : given;
}

static int log_lock(sqlite3_file *base, int level) {
  sqlite3_file *file = beneath((struct log_file *)base);
  return file->pMethods->xLock(file, level);
}

static int log_unlock(sqlite3_file *base, int level) {
  sqlite3_file *file = beneath((struct log_file *)base);
  return file->pMethods->xUnlock(file, level);
}

static int log_reserved(sqlite3_file *base, int *is_reserved) {
  sqlite3_file *file = beneath((struct log_file *)base);
  return file->pMethods->xCheckReservedLock(file, is_reserved);
}

static int log_control(sqlite3_file *base, int operation, void *argument) {
  struct log_file *log = (struct log_file *)base;
  sqlite3_file *file = beneath(log);
  const int given = give(log);
  return given == SQLITE_OK ? file->pMethods->xFileControl(file, operation, argument) : given;
}

static int log_sector(sqlite3_file *base) {
  sqlite3_file *file = beneath((struct log_file *)base);
  return file->pMethods->xSectorSize(file);
}

static int log_device(sqlite3_file *base) {
  sqlite3_file *file = beneath((struct log_file *)base);
  return file->pMethods->xDeviceCharacteristics(file);
}

// The first version: a log has no shared memory and is not mapped; those are the database file's.
static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_reserved,
    .xFileControl = log_control,
    .xSectorSize = log_sector,
    .xDeviceCharacteristics = log_device,
};

static sqlite3_vfs *under(sqlite3_vfs *vfs) { return vfs->pAppData; }

static int files_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
  sqlite3_vfs *real = under(vfs);
  if ((flags & SQLITE_OPEN_WAL) == 0) return real->xOpen(real, name, file, flags, out);
  struct log_file *log = (struct log_file *)file;
  memset(log, 0, sizeof *log);
  memset(beneath(log), 0, (size_t)real->szOsFile);
  const int code = real->xOpen(real, name, beneath(log), flags, out);
  // SQLite closes what has methods, also when opening failed.
  if (beneath(log)->pMethods != NULL) log->base.pMethods = &log_methods;
  return code;
}

static int files_delete(sqlite3_vfs *vfs, const char *name, int sync) {
  return under(vfs)->xDelete(under(vfs), name, sync);
}

static int files_access(sqlite3_vfs *vfs, const char *name, int flags, int *answer) {
  return under(vfs)->xAccess(under(vfs), name, flags, answer);
}

static int files_full_name(sqlite3_vfs *vfs, const char *name, int size, char *into) {
  return under(vfs)->xFullPathname(under(vfs), name, size, into);
}

static int files_random(sqlite3_vfs *vfs, int count, char *into) {
  return under(vfs)->xRandomness(under(vfs), count, into);
}

static int files_sleep(sqlite3_vfs *vfs, int microseconds) {
  return under(vfs)->xSleep(under(vfs), microseconds);
}

static int files_time(sqlite3_vfs *vfs, double *now) { return under(vfs)->xCurrentTime(under(vfs), now); }

static int files_time64(sqlite3_vfs *vfs, sqlite3_int64 *now) {
  return under(vfs)->xCurrentTimeInt64(under(vfs), now);
}

static int files_last_error(sqlite3_vfs *vfs, int size, char *into) {
  return under(vfs)->xGetLastError(under(vfs), size, into);
}

int sojourn_log_files_register(const char *name, const char *under_name) {
  sqlite3_vfs *real = sqlite3_vfs_find(under_name);
  if (real == NULL) return SQLITE_NOTFOUND;
  sqlite3_vfs *vfs = calloc(1, sizeof *vfs);
  char *copy = strdup(name);
  if (vfs == NULL || copy == NULL) {
    free(vfs);
    free(copy);
    return SQLITE_NOMEM;
  }
  // The second version ends with the time in milliseconds; no extension is ever loaded through this.
  vfs->iVersion = real->iVersion >= 2 ? 2 : 1;
  vfs->szOsFile = (int)sizeof(struct log_file) + real->szOsFile;
  vfs->mxPathname = real->mxPathname;
  vfs->zName = copy;
  vfs->pAppData = real;
  vfs->xOpen = files_open;
  vfs->xDelete = files_delete;
  vfs->xAccess = files_access;
  vfs->xFullPathname = files_full_name;
  vfs->xRandomness = files_random;
  vfs->xSleep = files_sleep;
  vfs->xCurrentTime = files_time;
  vfs->xGetLastError = files_last_error;
  if (vfs->iVersion >= 2) vfs->xCurrentTimeInt64 = files_time64;
  const int code = sqlite3_vfs_register(vfs, 0);
  if (code != SQLITE_OK) {
    free(vfs);
    free(copy);
  }
  return code;
}
