import CSQLite
import Storage
import Wire

extension Connection {
  /// Registers `printed_contains(form, value, text)`: whether the value, printed as that `PrintedForm` and
  /// case folded, holds the folded text; 0 for null.
  func registerPrintedContains() -> Int32 {
    sqlite3_create_function_v2(
      handle, "printed_contains", 3, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nil,
      { context, _, arguments in
        guard let form = arguments?[0], let value = arguments?[1], let text = arguments?[2] else { return }
        sqlite3_result_int(context, Connection.printed(form, value, contains: text) ? 1 : 0)
      }, nil, nil, nil)
  }

  private static func printed(_ form: OpaquePointer, _ value: OpaquePointer, contains text: OpaquePointer) -> Bool {
    guard let form = PrintedForm(rawValue: sqlite3_value_int64(form)), let base = sqlite3_value_text(text)
    else { return false }
    let wanted = UnsafeRawBufferPointer(start: base, count: Int(sqlite3_value_bytes(text)))
    var writer = ByteWriter(capacity: 64)
    switch sqlite3_value_type(value) {
    case SQLITE_INTEGER: form.append(integer: sqlite3_value_int64(value), to: &writer)
    case SQLITE_FLOAT: writer.append(number: sqlite3_value_double(value))
    case SQLITE_BLOB:
      let bytes = UnsafeRawBufferPointer(
        start: sqlite3_value_blob(value), count: Int(sqlite3_value_bytes(value)))
      guard let id = ObjectID(bytes: bytes) else { return false }
      writer.append(id: id)
    default: return false
    }
    return writer.withBytes { holds($0, wanted) }
  }

  /// Printed values are short ASCII: what is folded in them is the T and the Z of a time.
  private static func holds(_ printed: UnsafeRawBufferPointer, _ wanted: UnsafeRawBufferPointer) -> Bool {
    guard let first = wanted.first else { return true }
    guard wanted.count <= printed.count else { return false }
    for start in 0...(printed.count - wanted.count) where folded(printed[start]) == first {
      var length = 1
      while length < wanted.count, folded(printed[start + length]) == wanted[length] { length += 1 }
      if length == wanted.count { return true }
    }
    return false
  }

  private static func folded(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}
