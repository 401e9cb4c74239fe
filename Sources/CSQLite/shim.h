#pragma once
#include <sqlite3.h>

/// Swift cannot see function-like casts: SQLite copies a value bound with this destructor.
static inline sqlite3_destructor_type sojourn_sqlite_transient(void) { return SQLITE_TRANSIENT; }
/// The bytes stay valid until the statement is reset: SQLite need not copy them.
static inline sqlite3_destructor_type sojourn_sqlite_static(void) { return SQLITE_STATIC; }

// sqlite3_db_config is variadic, which Swift cannot call.
static inline int sojourn_sqlite_db_config(sqlite3 *db, int option, int value) {
  return sqlite3_db_config(db, option, value, (int *)0);
}

// Macros with arithmetic in them, which Swift cannot see.
static const int sojourn_sqlite_failed_sync = SQLITE_IOERR_FSYNC;
static const int sojourn_sqlite_constraint_unique = SQLITE_CONSTRAINT_UNIQUE;
