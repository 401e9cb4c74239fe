import CSQLite
import Storage

/// The functions by which SQL reads values that were written while their field had another type: one for
/// each `ValueConversion`, under its name.
///
/// Also for those that are superseded: without them SQLite could not even read the schema of a file that has
/// indexes on them, and until `IndexBuilder` has dropped these, writes keep them up to date.
///
/// They are deterministic, and innocuous, so that indexes can be built on them although the schema of a
/// file is not trusted.
enum ConversionFunctions {
  private static let conversions = ValueConversion.all + ValueConversion.superseded

  static func register(on handle: OpaquePointer) throws {
    let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
    for (index, conversion) in conversions.enumerated() {
      // The index travels as the function's own pointer, from 1: it points at nothing.
      let code = sqlite3_create_function_v2(
        handle, conversion.functionName, 1, flags, UnsafeMutableRawPointer(bitPattern: index + 1), convert, nil, nil,
        nil)
      guard code == SQLITE_OK else {
        throw StorageError.unavailable(
          "the function \(conversion.functionName) cannot be registered: \(String(cString: sqlite3_errmsg(handle)))")
      }
    }
  }

  private static let convert: @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void = {
    context, count, arguments in
    guard let context, count == 1, let argument = arguments?[0] else { return }
    let conversion = conversions[Int(bitPattern: sqlite3_user_data(context)) - 1]
    let value: StoredValue
    switch sqlite3_value_type(argument) {
    case SQLITE_INTEGER: value = .integer(sqlite3_value_int64(argument))
    case SQLITE_FLOAT: value = .real(sqlite3_value_double(argument))
    case SQLITE_TEXT:
      let base = sqlite3_value_blob(argument)
      let bytes = UnsafeRawBufferPointer(start: base, count: Int(sqlite3_value_bytes(argument)))
      value = .text(String(decoding: bytes, as: UTF8.self))
    default: return
    }
    switch conversion.value(value) {
    case .integer(let integer): sqlite3_result_int64(context, integer)
    case .real(let real): sqlite3_result_double(context, real)
    case .text(var text):
      text.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) {
          // An empty buffer may have no address, which SQLite would take for null.
          if let base = $0.baseAddress {
            sqlite3_result_text(context, base, Int32(clamping: $0.count), sojourn_sqlite_transient())
          } else {
            sqlite3_result_text(context, "", 0, sojourn_sqlite_transient())
          }
        }
      }
    case .null, .id: break
    }
  }
}
