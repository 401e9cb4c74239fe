import CSQLite
import ServerUnderTest
import Storage

/// What the database of either engine holds of one entry of the oplog.
struct LoggedEntry: Equatable {
  let sequence: Int64
  let updatedAt: Int64
  let change: Change
}

extension LoggedEntry {
  /// - Parameters:
  ///   - operation: as it is stored.
  ///   - state: as `StateCoding` writes it.
  ///   - column: of the field `number`.
  init(
    sequence: Int64, updatedAt: Int64, operation: Int64, id: String, state: UnsafeRawBufferPointer, column: Int?
  ) {
    let values = StateCoding.values(in: state) ?? []
    let number = values.first { $0.column == column }.flatMap { found -> Int64? in
      if case .integer(let number) = found.value { number } else { nil }
    }
    self.init(
      sequence: sequence, updatedAt: updatedAt,
      change: Change(
        id: id, operation: OplogEntry.Operation(rawValue: Int(operation)) ?? .create, number: number ?? -1))
  }
}

/// A deployment's file, read beside the server: what the oplog holds, and whether the file is sound.
final class OplogFile {
  private var handle: OpaquePointer?

  init(_ path: String) throws {
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else {
      throw TestFault("\(path) cannot be opened: \(String(cString: sqlite3_errmsg(handle)))")
    }
    sqlite3_busy_timeout(handle, 5000)
  }

  deinit { sqlite3_close(handle) }

  /// `ok`, or what SQLite found wrong.
  func integrity() throws -> String {
    try rows("PRAGMA integrity_check") { String(cString: sqlite3_column_text($0, 0)) }.joined(separator: "\n")
  }

  /// In the order of their sequences.
  func entries() throws -> [LoggedEntry] {
    let columns = try rows("SELECT number FROM columns WHERE name = 'number'") {
      Int(sqlite3_column_int64($0, 0))
    }
    let ids = Array("0123456789abcdef".utf8)
    return try rows("SELECT sequence, operation, id, updated_at, state FROM oplog ORDER BY sequence") { row in
      func blob(_ column: Int32) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
          start: sqlite3_column_blob(row, column), count: Int(sqlite3_column_bytes(row, column)))
      }
      var hex: [UInt8] = []
      for (index, byte) in blob(2).enumerated() {
        if [4, 6, 8, 10].contains(index) { hex.append(UInt8(ascii: "-")) }
        hex.append(ids[Int(byte >> 4)])
        hex.append(ids[Int(byte & 15)])
      }
      return LoggedEntry(
        sequence: sqlite3_column_int64(row, 0), updatedAt: sqlite3_column_int64(row, 3),
        operation: sqlite3_column_int64(row, 1), id: String(decoding: hex, as: UTF8.self), state: blob(4),
        column: columns.first)
    }
  }

  static func integer(_ row: OpaquePointer?, _ column: Int32) -> Int64 { sqlite3_column_int64(row, column) }

  func rows<Row>(_ sql: String, _ row: (OpaquePointer?) -> Row) throws -> [Row] {
    var statement: OpaquePointer?
    defer { sqlite3_finalize(statement) }
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
      throw TestFault("\(sql): \(String(cString: sqlite3_errmsg(handle)))")
    }
    var found: [Row] = []
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return found }
      guard code == SQLITE_ROW else { throw TestFault("\(sql): \(String(cString: sqlite3_errmsg(handle)))") }
      found.append(row(statement))
    }
  }
}
