#pragma once
#include <stdint.h>

/// What tells an open file from every copy of it: its inode, and when that came to be, in nanoseconds
/// since 1970; the birth is -1 where the file system does not know it. 0, or -1 with errno.
int sojourn_file_identity(int descriptor, uint64_t *inode, int64_t *birth);
