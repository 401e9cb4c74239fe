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

  package static func append(column: Int, value: StoredValue, to writer: inout ByteWriter) {
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

  /// Reads a state back; nil where the bytes are not one.
  package static func values(in bytes: UnsafeRawBufferPointer) -> [(column: Int, value: StoredValue)]? {
    var values: [(column: Int, value: StoredValue)] = []
    var position = 0
    func varint() -> UInt64? {
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
    func take(_ count: Int) -> UnsafeRawBufferPointer? {
      guard count >= 0, bytes.count - position >= count else { return nil }
      defer { position += count }
      return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }
    while position < bytes.count {
      guard let key = varint(), let column = Int(exactly: key >> 3) else { return nil }
      switch key & 7 {
      case Kind.integer:
        guard let zigzag = varint() else { return nil }
        values.append((column, .integer(Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1))))
      case Kind.real:
        guard let eight = take(8) else { return nil }
        let pattern = UInt64(littleEndian: eight.loadUnaligned(as: UInt64.self))
        values.append((column, .real(Double(bitPattern: pattern))))
      case Kind.text:
        guard let length = varint().flatMap(Int.init(exactly:)), let text = take(length) else { return nil }
        values.append((column, .text(String(decoding: text, as: UTF8.self))))
      case Kind.id:
        guard let sixteen = take(16), let id = ObjectID(bytes: sixteen) else { return nil }
        values.append((column, .id(id)))
      default: return nil
      }
    }
    return values
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
