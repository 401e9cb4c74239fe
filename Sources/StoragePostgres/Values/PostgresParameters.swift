import Storage
import Wire

/// The values of statements in PostgreSQL's binary form, `$1` first. Their types go with them, so that SQL needs no
/// casts, and a value that does not fit is an error of the server's and never another value.
package struct PostgresParameters: Sendable {
  struct Value: Sendable {
    let type: UInt32
    /// Where its bytes begin; negative for null.
    let start: Int
    let count: Int32
  }

  private(set) var bytes: [UInt8] = []
  private(set) var values: [Value] = []

  package mutating func add(integer: Int64) { add(.integer) { $0.append(bigEndian: integer) } }
  package mutating func add(real: Double) { add(.real) { $0.append(bigEndian: real.bitPattern) } }
  package mutating func add(isTrue: Bool) { add(.truth) { $0.append(isTrue ? 1 : 0) } }
  package mutating func add(id: ObjectID) { add(.id) { bytes in id.withBytes { bytes.append(contentsOf: $0) } } }
  package mutating func add(text: String) { add(.text) { $0.append(contentsOf: text.utf8) } }
  package mutating func add(text: UnsafeRawBufferPointer) { add(.text) { $0.append(contentsOf: text) } }
  package mutating func add(bytes: UnsafeRawBufferPointer) { add(.bytes) { $0.append(contentsOf: bytes) } }
  package mutating func add(bytes: [UInt8]) { add(.bytes) { $0.append(contentsOf: bytes) } }
  package mutating func addNull(_ type: PostgresType) { values.append(Value(type: type.number, start: -1, count: 0)) }

  package mutating func add(integer: Int64?) { if let integer { add(integer: integer) } else { addNull(.integer) } }
  package mutating func add(real: Double?) { if let real { add(real: real) } else { addNull(.real) } }
  package mutating func add(id: ObjectID?) { if let id { add(id: id) } else { addNull(.id) } }
  package mutating func add(text: String?) { if let text { add(text: text) } else { addNull(.text) } }
  package mutating func add(bytes: [UInt8]?) { if let bytes { add(bytes: bytes) } else { addNull(.bytes) } }

  /// The type is that of a null.
  package mutating func add(_ value: StoredValue, as type: ColumnType) {
    switch value {
    case .null: addNull(PostgresType(type))
    case .integer(let integer): add(integer: integer)
    case .real(let real): add(real: real)
    case .text(let text): add(text: text)
    case .id(let id): add(id: id)
    }
  }

  /// An array of one dimension, for `unnest` and `= ANY`.
  package mutating func addArray<E: Error>(
    _ type: PostgresType, _ fill: (inout PostgresArray) throws(E) -> Void
  ) throws(E) {
    let start = bytes.count
    var array = PostgresArray(of: type, behind: &bytes)
    // The bytes come back also where the caller's closure throws: what was added before stays whole.
    let outcome = Result { () throws(E) in try fill(&array) }
    array.finish(into: &bytes)
    try outcome.get()
    values.append(Value(type: type.arrayNumber, start: start, count: Int32(clamping: bytes.count - start)))
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }

  /// Takes back what came behind so many values and bytes.
  mutating func cut(values count: Int, bytes size: Int) {
    values.removeLast(values.count - count)
    bytes.removeLast(bytes.count - size)
  }

  private mutating func add(_ type: PostgresType, _ write: (inout [UInt8]) -> Void) {
    let start = bytes.count
    write(&bytes)
    values.append(Value(type: type.number, start: start, count: Int32(clamping: bytes.count - start)))
  }
}
