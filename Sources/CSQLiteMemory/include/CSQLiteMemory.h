#pragma once
// Memory for SQLite's small blocks, which Debian's build (OMIT_LOOKASIDE) takes from malloc each time.

#ifdef __cplusplus
extern "C" {
#endif

/// Has SQLite take its memory here, uncounted. To be called before SQLite is first used. Answers SQLite's code.
///
/// Each run of a statement gives the values in its registers new blocks: 22 for a page of a list, 14 for one object.
/// A thread keeps what it gives back of these, up to 1 KiB a block and 32 KiB in all, and takes from there first,
/// without lock or counter; larger blocks, and those beyond that, are malloc's. A thread that ends gives back what it
/// kept. A build with a sanitizer keeps nothing, so that it sees each block as it is.
int sojourn_sqlite_memory_use(void);

#ifdef __cplusplus
}
#endif
