import CPostgres
import Storage
import Wire

/// A row of a result. Columns count from 0.
/// - Throws: `StorageError.broken` where a value is null, or of another type, and that was not asked for.
package struct PostgresRow {
  let result: PostgresResult
  let row: Int32

  package func isNull(_ column: Int) -> Bool { PQgetisnull(result.pointer, row, Int32(column)) != 0 }

  /// An int8, int4 or int2.
  package func integer(_ column: Int) throws(StorageError) -> Int64 {
    guard let integer = try integerIfAny(column) else { throw null(column) }
    return integer
  }

  package func integerIfAny(_ column: Int) throws(StorageError) -> Int64? {
    guard let base = try base(column) else { return nil }
    switch PQftype(result.pointer, Int32(column)) {
    case 20: return Int64(bitPattern: UInt64(bigEndian: base.loadUnaligned(as: UInt64.self)))
    case 23: return Int64(Int32(bitPattern: UInt32(bigEndian: base.loadUnaligned(as: UInt32.self))))
    case 21: return Int64(Int16(bitPattern: UInt16(bigEndian: base.loadUnaligned(as: UInt16.self))))
    default: throw unfit(column, "integer")
    }
  }

  package func real(_ column: Int) throws(StorageError) -> Double {
    guard let real = try realIfAny(column) else { throw null(column) }
    return real
  }

  package func realIfAny(_ column: Int) throws(StorageError) -> Double? {
    guard let base = try base(column) else { return nil }
    guard isOf(.real, column) else { throw unfit(column, "number") }
    return Double(bitPattern: UInt64(bigEndian: base.loadUnaligned(as: UInt64.self)))
  }

  package func isTrue(_ column: Int) throws(StorageError) -> Bool {
    guard let base = try base(column) else { throw null(column) }
    guard isOf(.truth, column) else { throw unfit(column, "boolean") }
    return base.load(as: UInt8.self) != 0
  }

  package func id(_ column: Int) throws(StorageError) -> ObjectID {
    guard let id = try idIfAny(column) else { throw null(column) }
    return id
  }

  package func idIfAny(_ column: Int) throws(StorageError) -> ObjectID? {
    guard let base = try base(column) else { return nil }
    guard isOf(.id, column) else { throw unfit(column, "id") }
    return ObjectID(sixteenAt: base)
  }

  package func text(_ column: Int) throws(StorageError) -> String {
    guard let text = try textIfAny(column) else { throw null(column) }
    return text
  }

  package func textIfAny(_ column: Int) throws(StorageError) -> String? {
    try isNullChecked(column) ? nil : withBytes(column) { String(decoding: $0, as: UTF8.self) }
  }

  /// A copy of the bytes.
  package func bytes(_ column: Int) throws(StorageError) -> [UInt8] {
    guard let bytes = try bytesIfAny(column) else { throw null(column) }
    return bytes
  }

  package func bytesIfAny(_ column: Int) throws(StorageError) -> [UInt8]? {
    try isNullChecked(column) ? nil : withBytes(column) { Array($0) }
  }

  /// The bytes of a text or blob as they lie there; none of a null.
  package func withBytes<Value, E: Error>(_ column: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> Value) throws(E)
    -> Value
  {
    let base = PQgetvalue(result.pointer, row, Int32(column))
    let bytes = UnsafeRawBufferPointer(start: base, count: base == nil ? 0 : length(column))
    let outcome = Result { () throws(E) in try body(bytes) }
    return try withExtendedLifetime(result) { outcome }.get()
  }

  package func value(_ column: Int, as type: ColumnType) throws(StorageError) -> StoredValue {
    switch type {
    case .integer: try integerIfAny(column).map(StoredValue.integer) ?? .null
    case .real: try realIfAny(column).map(StoredValue.real) ?? .null
    case .text: try textIfAny(column).map(StoredValue.text) ?? .null
    case .id: try idIfAny(column).map(StoredValue.id) ?? .null
    }
  }

  /// Appends the row to a page: the leading columns (an id, then integers), then one of each type.
  package func append(to page: inout RowFiller, types: [ColumnType]) throws(StorageError) {
    guard result.columnCount == types.count + RowPage.Lead.count else {
      throw .broken("a row of \(result.columnCount) columns where \(types.count + RowPage.Lead.count) were asked for")
    }
    page.append(id: try id(0))
    for column in 1..<RowPage.Lead.count { page.append(integer: try integer(column)) }
    var column = RowPage.Lead.count
    for type in types {
      try append(column, as: type, to: &page)
      column &+= 1
    }
  }

  private func append(_ column: Int, as type: ColumnType, to page: inout RowFiller) throws(StorageError) {
    switch type {
    case .integer:
      if let integer = try integerIfAny(column) { page.append(integer: integer) } else { page.appendNull() }
    case .real: if let real = try realIfAny(column) { page.append(real: real) } else { page.appendNull() }
    case .id: if let id = try idIfAny(column) { page.append(id: id) } else { page.appendNull() }
    case .text:
      if try isNullChecked(column) { page.appendNull() } else { withBytes(column) { page.append(text: $0) } }
    }
  }

  private func length(_ column: Int) -> Int { Int(PQgetlength(result.pointer, row, Int32(column))) }

  /// A value of a type has that type's width: so nothing is read beside it.
  private func isOf(_ type: PostgresType, _ column: Int) -> Bool {
    PQftype(result.pointer, Int32(column)) == type.number
  }

  /// libpq answers a column that is not there with null.
  private func isNullChecked(_ column: Int) throws(StorageError) -> Bool {
    guard column >= 0, column < result.columnCount else {
      throw .broken("column \(column) of a result of \(result.columnCount)")
    }
    return isNull(column)
  }

  /// Where the value lies, which is as long as the row's result is held; nil for null.
  private func base(_ column: Int) throws(StorageError) -> UnsafeRawPointer? {
    try isNullChecked(column) ? nil : UnsafeRawPointer(PQgetvalue(result.pointer, row, Int32(column)))
  }

  private func null(_ column: Int) -> StorageError { .broken("column \(column) of a result is null") }

  private func unfit(_ column: Int, _ what: String) -> StorageError {
    .broken(
      "column \(column) of a result is of the type \(PQftype(result.pointer, Int32(column))), which is no \(what)")
  }
}
