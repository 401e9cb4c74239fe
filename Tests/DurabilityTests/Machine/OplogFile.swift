import CSQLite
import ServerUnderTest
import Storage

/// A deployment's file, read beside the server: what the oplog holds, and whether the file is sound.
final class OplogFile {
  struct Entry: Equatable {
    let sequence: Int64
    let updatedAt: Int64
    let change: Change
  }

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
  func entries() throws -> [Entry] {
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
      let values = StateCoding.values(in: blob(4)) ?? []
      let number = values.first { $0.column == columns.first }.flatMap { found -> Int64? in
        if case .integer(let number) = found.value { return number }
        return nil
      }
      let operation = OplogEntry.Operation(rawValue: Int(sqlite3_column_int64(row, 1)))
      return Entry(
        sequence: sqlite3_column_int64(row, 0), updatedAt: sqlite3_column_int64(row, 3),
        change: Change(
          id: String(decoding: hex, as: UTF8.self), operation: operation ?? .create, number: number ?? -1))
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
