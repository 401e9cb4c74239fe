import Storage
import Wire

/// An array while its elements are added: the values of one column for many rows.
package struct PostgresArray: Sendable {
  private var bytes: [UInt8]
  private let start: Int
  private let type: PostgresType
  private(set) package var count: Int32 = 0
  private var hasNull = false

  // Dimensions, whether there are nulls, the type, then for the dimension its length and first index.
  private static let nullsOffset = 4
  private static let countOffset = 12

  /// Takes the bytes over, so that they are never copied.
  init(of type: PostgresType, behind bytes: inout [UInt8]) {
    self.type = type
    start = bytes.count
    self.bytes = []
    swap(&self.bytes, &bytes)
    self.bytes.append(bigEndian: Int32(1))
    self.bytes.append(bigEndian: Int32(0))
    self.bytes.append(bigEndian: type.number)
    self.bytes.append(bigEndian: Int32(0))
    self.bytes.append(bigEndian: Int32(1))
  }

  mutating func finish(into bytes: inout [UInt8]) {
    self.bytes.set(hasNull ? 1 : 0, at: start + Self.nullsOffset)
    self.bytes.set(count, at: start + Self.countOffset)
    swap(&self.bytes, &bytes)
  }

  package mutating func add(integer: Int64) {
    begin(.integer, 8)
    bytes.append(bigEndian: integer)
  }

  package mutating func add(real: Double) {
    begin(.real, 8)
    bytes.append(bigEndian: real.bitPattern)
  }

  package mutating func add(isTrue: Bool) {
    begin(.truth, 1)
    bytes.append(isTrue ? 1 : 0)
  }

  package mutating func add(id: ObjectID) {
    begin(.id, 16)
    id.withBytes { bytes.append(contentsOf: $0) }
  }

  package mutating func add(text: String) {
    begin(.text, text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  package mutating func add(text: UnsafeRawBufferPointer) {
    begin(.text, text.count)
    bytes.append(contentsOf: text)
  }

  package mutating func add(bytes blob: [UInt8]) {
    begin(.bytes, blob.count)
    bytes.append(contentsOf: blob)
  }

  package mutating func add(bytes blob: UnsafeRawBufferPointer) {
    begin(.bytes, blob.count)
    bytes.append(contentsOf: blob)
  }

  package mutating func addNull() {
    count += 1
    hasNull = true
    bytes.append(bigEndian: Int32(-1))
  }

  package mutating func add(_ value: StoredValue) {
    switch value {
    case .null: addNull()
    case .integer(let integer): add(integer: integer)
    case .real(let real): add(real: real)
    case .text(let text): add(text: text)
    case .id(let id): add(id: id)
    }
  }

  private mutating func begin(_ type: PostgresType, _ size: Int) {
    assert(type == self.type, "an element of another type than its array")
    count += 1
    bytes.append(bigEndian: Int32(clamping: size))
  }
}
