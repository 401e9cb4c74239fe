import Storage
import Wire

/// Many values as one JSON text, and the SQL that makes rows of it again, each the value to the last bit.
///
/// | values | in the text | read back by |
/// |---|---|---|
/// | integers | as they are | `json_each` |
/// | texts | as they are | `json_each` |
/// | reals | the integer with the same 64 bits, since digits may be read back inexactly | `real_of_bits` |
/// | ids | their 36 characters | `id_of_text` |
///
/// What no column can hold is left out: it equals nothing.
struct ValueList {
  let json: String
  /// A query with one parameter, for the JSON text.
  let rows: String

  /// To be compared with a column of this type.
  init(_ values: [StoredValue], like type: ColumnType) {
    var writer = ByteWriter(capacity: 16 + values.count * 8)
    var isFirst = true
    func separate(_ writer: inout ByteWriter) {
      if !isFirst { writer.append(UInt8(ascii: ",")) }
      isFirst = false
    }
    writer.append(UInt8(ascii: "["))
    for value in values {
      switch (type, value) {
      case (.integer, .integer(let integer)):
        separate(&writer)
        writer.append(integer: integer)
      case (.integer, .real(let real)):
        guard let integer = Int64(exactly: real) else { continue }
        separate(&writer)
        writer.append(integer: integer)
      case (.real, .real(let real)):
        separate(&writer)
        writer.append(integer: Int64(bitPattern: real.bitPattern))
      case (.real, .integer(let integer)):
        guard let real = Double(exactly: integer) else { continue }
        separate(&writer)
        writer.append(integer: Int64(bitPattern: real.bitPattern))
      case (.text, .text(let text)):
        // SQLite would end the text there, and find what is shorter.
        if text.utf8.contains(0) { continue }
        separate(&writer)
        writer.append(quoted: text)
      case (.id, .id(let id)):
        separate(&writer)
        writer.append(UInt8(ascii: "\""))
        writer.append(id: id)
        writer.append(UInt8(ascii: "\""))
      default: continue
      }
    }
    writer.append(UInt8(ascii: "]"))
    json = writer.string
    rows =
      switch type {
      case .integer, .text: "SELECT value FROM json_each(?)"
      case .real: "SELECT real_of_bits(value) FROM json_each(?)"
      case .id: "SELECT id_of_text(value) FROM json_each(?)"
      }
  }

  /// To be compared with the keys of a list.
  init(keys: [StoredValue]) {
    let isText = if case .text = keys.first { true } else { false }
    self.init(keys, like: isText ? .text : .integer)
  }
}
