#pragma once
// Files for a writing connection to SQLite: what it writes to its write-ahead log goes to the kernel in
// large pieces.

#ifdef __cplusplus
extern "C" {
#endif

/// Registers a VFS under `name`, on top of the one called `beneath`, or of the default one where that is
/// NULL. Answers SQLite's code.
///
/// SQLite writes each page of the log in two calls, and a commit of a hundred objects has a thousand of
/// them. Here they gather in memory, and the kernel gets them before anyone can need them:
///
/// 1. When the log is synced: what `xSync` has returned OK for is on disk, gathered or not.
/// 2. Before anything else is done with the file, reading it included: SQLite never sees a difference.
/// 3. When 128 KiB have gathered.
///
/// Only for connections at `synchronous=FULL` or above: there, and only there, SQLite syncs the log at
/// each commit before it says in the log's index that there is more to read. Other connections, which read
/// the file past this memory, look at nothing beyond that.
///
/// A piece that the kernel does not take fails the call that it was due at, and is forgotten: SQLite takes
/// the failure for one of the transaction at hand, and all that had gathered was that transaction's, or of
/// one that was rolled back. Every other file (the database, journals, temporary ones) is opened by the VFS
/// beneath, as if this were not there.
int sojourn_log_files_register(const char *name, const char *beneath);

#ifdef __cplusplus
}
#endif
