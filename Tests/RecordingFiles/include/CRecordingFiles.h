#pragma once
// SQLite's own files, with a record of what is written to write-ahead logs, and a disk that becomes full
// when asked to. For one test at a time.

struct recording {
  int writes;
  int largest;
  int syncs;
};

/// The name to register other files on top of, or NULL.
const char *recording_files_register(void);

/// Forgets the record. The disk takes `room` further bytes of logs, or any number where that is negative.
void recording_begin(long long room);
struct recording recording_now(void);
