import CSQLite
import Storage
import Synchronization
import Wire

/// A prepared statement: bind from 1, step, read columns from 0, reset.
final class Statement {
  private let pointer: OpaquePointer
  private unowned let connection: Connection
  let sql: String
  /// The first value that SQLite did not take (no memory, too long): it would be stored as null.
  private var refusedBinding = SQLITE_OK
  /// Whether it is kept ready for the next time.
  var isKept = false
  private var planned: Planned?

  /// The indexes of its plan, and how often SQLite had prepared it anew by then, as it does when indexes come or go.
  private struct Planned {
    let preparations: Int32
    let counts: [IndexUses.Count]
  }

  init(_ sql: String, on connection: Connection) throws {
    var pointer: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
    guard code == SQLITE_OK, let pointer else { throw connection.error(code, in: sql) }
    self.pointer = pointer
    self.connection = connection
    self.sql = sql
  }

  deinit { sqlite3_finalize(pointer) }

  // MARK: Binding. SQLite copies texts and ids, so that callers may forget them.

  private func note(_ code: Int32) {
    if code != SQLITE_OK, refusedBinding == SQLITE_OK { refusedBinding = code }
  }

  func bind(_ parameter: Int32, integer: Int64) { note(sqlite3_bind_int64(pointer, parameter, integer)) }

  func bind(_ parameter: Int32, id: ObjectID) {
    id.withBytes { note(sqlite3_bind_blob(pointer, parameter, $0.baseAddress, 16, sojourn_sqlite_transient())) }
  }

  func bind(_ parameter: Int32, text: String) {
    var text = text
    text.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) {
        // An empty buffer may have no address, which SQLite would take for null.
        if let base = $0.baseAddress {
          note(sqlite3_bind_text(pointer, parameter, base, Int32(clamping: $0.count), sojourn_sqlite_transient()))
        } else {
          note(sqlite3_bind_text(pointer, parameter, "", 0, sojourn_sqlite_transient()))
        }
      }
    }
  }

  /// The bytes are copied.
  func bind(_ parameter: Int32, blob: UnsafeRawBufferPointer) {
    if blob.isEmpty {
      note(sqlite3_bind_zeroblob(pointer, parameter, 0))
    } else {
      note(
        sqlite3_bind_blob(
          pointer, parameter, blob.baseAddress, Int32(clamping: blob.count), sojourn_sqlite_transient()))
    }
  }

  func bindNull(_ parameter: Int32) { note(sqlite3_bind_null(pointer, parameter)) }

  func bind(_ parameter: Int32, _ value: StoredValue) {
    switch value {
    case .null: bindNull(parameter)
    case .integer(let integer): bind(parameter, integer: integer)
    case .real(let real): note(sqlite3_bind_double(pointer, parameter, real))
    case .text(let text): bind(parameter, text: text)
    case .id(let id): bind(parameter, id: id)
    }
  }

  // MARK: Running.

  /// Whether it was stepped and is neither through nor reset.
  var isRunning: Bool { sqlite3_stmt_busy(pointer) != 0 }

  private func stepped() -> Int32 {
    guard refusedBinding == SQLITE_OK else {
      defer { refusedBinding = SQLITE_OK }
      return refusedBinding
    }
    return sqlite3_step(pointer)
  }

  /// True while there is a row to read.
  func step() throws -> Bool {
    let code = stepped()
    switch code {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      let failure = connection.error(code, in: sql)
      sqlite3_reset(pointer)
      throw failure
    }
  }

  /// Runs to the end and resets. True unless the statement hit a UNIQUE index; a primary key that is
  /// taken is a fault of ours, and an error.
  func runUnlessTaken() throws -> Bool {
    let code = stepped()
    switch code {
    case SQLITE_DONE, SQLITE_ROW:
      sqlite3_reset(pointer)
      return true
    case sojourn_sqlite_constraint_unique:
      sqlite3_reset(pointer)
      return false
    default:
      let failure = connection.error(code, in: sql)
      sqlite3_reset(pointer)
      throw failure
    }
  }

  /// Runs to the end and resets.
  func run() throws {
    while try step() {}
    reset()
  }

  /// Ends the run and forgets the values.
  func reset() {
    sqlite3_reset(pointer)
    sqlite3_clear_bindings(pointer)
  }

  /// Counts one query that it answered. A plan is read when a kept statement is counted for the first time; one that
  /// is used once would cost its preparation twice, and is not counted.
  func count(in uses: IndexUses?) {
    guard isKept, let uses else { return }
    let preparations = sqlite3_stmt_status(pointer, SQLITE_STMTSTATUS_REPREPARE, 0)
    if planned?.preparations != preparations {
      planned = Planned(preparations: preparations, counts: Set(indexNames()).map { uses.count(of: $0) })
    }
    for count in planned?.counts ?? [] { count.queries.add(1, ordering: .relaxed) }
  }

  /// The names of the indexes that its plan uses; none where the plan cannot be had.
  func indexNames() -> [String] {
    guard let rows = try? Statement("EXPLAIN QUERY PLAN " + sql, on: connection) else { return [] }
    var names: [String] = []
    while (try? rows.step()) == true { if let name = IndexUses.index(namedIn: rows.text(3)) { names.append(name) } }
    return names
  }

  // MARK: Reading the present row.

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(pointer, column) == SQLITE_NULL }
  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }

  func text(_ column: Int32) -> String {
    String(decoding: bytes(column), as: UTF8.self)
  }

  /// The bytes of a text or blob, good until the next step.
  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    let base = sqlite3_column_blob(pointer, column)
    return UnsafeRawBufferPointer(start: base, count: Int(sqlite3_column_bytes(pointer, column)))
  }

  func id(_ column: Int32) throws -> ObjectID {
    guard let id = ObjectID(bytes: bytes(column)) else {
      throw StorageError.broken("an id of \(bytes(column).count) bytes in: \(sql.prefix(200))")
    }
    return id
  }

  func value(_ column: Int32, as type: ColumnType) throws -> StoredValue {
    if isNull(column) { return .null }
    switch type {
    case .integer: return .integer(integer(column))
    case .real: return .real(sqlite3_column_double(pointer, column))
    case .text: return .text(text(column))
    case .id: return .id(try id(column))
    }
  }

  /// The value as it lies there, of whatever type.
  func value(_ column: Int32) throws -> StoredValue {
    switch sqlite3_column_type(pointer, column) {
    case SQLITE_INTEGER: .integer(integer(column))
    case SQLITE_FLOAT: .real(sqlite3_column_double(pointer, column))
    case SQLITE_TEXT: .text(text(column))
    case SQLITE_BLOB: .id(try id(column))
    default: .null
    }
  }

  /// Appends the present row: the four leading columns, then one of each type.
  ///
  /// A call of SQLite's costs more than a comparison: whether a value is null is asked only where what came could
  /// stand for null.
  func append(to page: inout RowFiller, types: [ColumnType]) throws {
    assert(Int(sqlite3_column_count(pointer)) == types.count + RowPage.Lead.count, "a column for each type")
    page.append(id: try id(0))
    page.append(integer: integer(1))
    page.append(integer: integer(2))
    page.append(integer: integer(3))
    var column: Int32 = 4
    for type in types {
      switch type {
      case .integer:
        let integer = sqlite3_column_int64(pointer, column)
        if integer == 0, isNull(column) { page.appendNull() } else { page.append(integer: integer) }
      case .real:
        let real = sqlite3_column_double(pointer, column)
        if real == 0, isNull(column) { page.appendNull() } else { page.append(real: real) }
      case .text:
        let base = sqlite3_column_blob(pointer, column)
        if base == nil, isNull(column) {
          page.appendNull()
        } else {
          page.append(
            text: UnsafeRawBufferPointer(start: base, count: Int(sqlite3_column_bytes(pointer, column))))
        }
      case .id:
        if let base = sqlite3_column_blob(pointer, column), sqlite3_column_bytes(pointer, column) == 16 {
          page.append(id: ObjectID(sixteenAt: base))
        } else if isNull(column) {
          page.appendNull()
        } else {
          page.append(id: try id(column))
        }
      }
      column &+= 1
    }
  }
}
