// statx hides behind this, and so Swift's module of the C library does not have it.
#define _GNU_SOURCE
#include "CStat.h"
#include <fcntl.h>
#include <sys/stat.h>

int sojourn_file_identity(int descriptor, uint64_t *inode, int64_t *birth) {
  struct statx found;
  if (statx(descriptor, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &found) != 0) return -1;
  *inode = found.stx_ino;
  *birth = found.stx_mask & STATX_BTIME
    ? (int64_t)found.stx_btime.tv_sec * 1000000000 + (int64_t)found.stx_btime.tv_nsec
    : -1;
  return 0;
}
