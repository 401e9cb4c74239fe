import Wire

/// The compact form of an object's state in the oplog, keyed by column number so that it can be
/// rendered under any later data model. Nulls are left out.
///
/// An item is a varint `column << 3 | kind`, then the value: integers as zigzag varints, reals as
/// eight bytes, ids as sixteen, texts as a varint length and their bytes.
package enum StateCoding {
  private enum Kind {
    static let integer: UInt64 = 1
    static let real: UInt64 = 2
    static let text: UInt64 = 3
    static let id: UInt64 = 4
  }

  /// `column` is a number from 0 on; what is appended reads back as it was.
  package static func append(column: Int, value: StoredValue, to writer: inout ByteWriter) {
    let start = writer.count
    assert(column >= 0 && column < 1 << 60, "\(column) is no number of a column")
    defer { assert(readsBack(writer, from: start, column, value), "the column \(column) does not read back") }
    let key = UInt64(column) << 3
    switch value {
    case .null: break
    case .integer(let integer):
      append(varint: key | Kind.integer, to: &writer)
      append(varint: UInt64(bitPattern: integer << 1 ^ integer >> 63), to: &writer)
    case .real(let real):
      append(varint: key | Kind.real, to: &writer)
      withUnsafeBytes(of: real.bitPattern.littleEndian) { writer.append($0) }
    case .text(var text):
      append(varint: key | Kind.text, to: &writer)
      text.withUTF8 {
        append(varint: UInt64($0.count), to: &writer)
        writer.append(UnsafeRawBufferPointer($0))
      }
    case .id(let id):
      append(varint: key | Kind.id, to: &writer)
      id.withBytes { writer.append($0) }
    }
  }

  /// For assertions: whether the item behind `start` is this one, and nothing stands behind it.
  private static func readsBack(
    _ writer: borrowing ByteWriter, from start: Int, _ column: Int, _ value: StoredValue
  ) -> Bool {
    let bytes = UnsafeRawBufferPointer(start: writer.base + start, count: writer.count - start)
    guard let read = values(in: bytes), read.count <= 1 else { return false }
    switch (value, read.first) {
    case (.null, nil): return true
    // A NaN equals nothing, so its bits are compared.
    case (.real(let real), (column, .real(let other))?): return real.bitPattern == other.bitPattern
    case (_, (column, let other)?): return value == other
    default: return false
    }
  }

  /// Reads a state back; nil where the bytes are not one.
  package static func values(in bytes: UnsafeRawBufferPointer) -> [(column: Int, value: StoredValue)]? {
    var values: [(column: Int, value: StoredValue)] = []
    let isWhole = walk(bytes) { column, item in
      switch item {
      case .integer(let integer): values.append((column, .integer(integer)))
      case .real(let real): values.append((column, .real(real)))
      case .id(let id): values.append((column, .id(id)))
      case .text(let text): values.append((column, .text(String(decoding: text, as: UTF8.self))))
      }
      return true
    }
    return isWhole ? values : nil
  }

  /// A value as it lies in a state; a text is good as long as the state's bytes are.
  package enum Item {
    case integer(Int64)
    case real(Double)
    case id(ObjectID)
    case text(UnsafeRawBufferPointer)
  }

  /// Hands out the values of a state in their order, without allocating; false where the bytes are not a
  /// state, or where `body` says so.
  @inline(__always)
  package static func walk(_ bytes: UnsafeRawBufferPointer, _ body: (Int, Item) -> Bool) -> Bool {
    var position = 0
    @inline(__always) func varint() -> UInt64? {
      var result: UInt64 = 0
      var shift: UInt64 = 0
      while position < bytes.count, shift < 64 {
        let byte = bytes[position]
        position += 1
        result |= UInt64(byte & 0x7f) << shift
        if byte < 0x80 { return result }
        shift += 7
      }
      return nil
    }
    @inline(__always) func take(_ count: Int) -> UnsafeRawBufferPointer? {
      guard count >= 0, bytes.count - position >= count else { return nil }
      defer { position += count }
      return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
    while position < bytes.count {
      guard let key = varint(), let column = Int(exactly: key >> 3) else { return false }
      let item: Item
      switch key & 7 {
      case Kind.integer:
        guard let zigzag = varint() else { return false }
        item = .integer(Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1))
      case Kind.real:
        guard let eight = take(8) else { return false }
        item = .real(Double(bitPattern: UInt64(littleEndian: eight.loadUnaligned(as: UInt64.self))))
      case Kind.text:
        guard let length = varint().flatMap(Int.init(exactly:)), let text = take(length) else { return false }
        item = .text(text)
      case Kind.id:
        guard let sixteen = take(16), let id = ObjectID(bytes: sixteen) else { return false }
        item = .id(id)
      default: return false
      }
      guard body(column, item) else { return false }
    }
    assert(position == bytes.count, "nothing of a state is left over")
    return true
  }

  private static func append(varint: UInt64, to writer: inout ByteWriter) {
    var rest = varint
    while rest >= 0x80 {
      writer.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    writer.append(UInt8(truncatingIfNeeded: rest))
  }
}
