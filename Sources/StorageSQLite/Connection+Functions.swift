import CSQLite
import Wire

extension Connection {
  /// Registers the functions that SQLite lacks.
  ///
  /// | function | what it gives |
  /// |---|---|
  /// | `casefold(text)` | the text's simple case folding (`CaseFolding`); anything else unchanged |
  /// | `printed_contains(form, value, text)` | whether the value as the API prints it holds the folded text |
  ///
  /// They give the same for the same arguments and touch nothing, so SQLite may use them in indexes.
  func registerFunctions() -> Int32 {
    let code = registerPrintedContains()
    guard code == SQLITE_OK else { return code }
    return sqlite3_create_function_v2(
      handle, "casefold", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nil,
      { context, _, arguments in
        if let argument = arguments?[0] { Connection.caseFold(context, argument) }
      }, nil, nil, nil)
  }

  private static func caseFold(_ context: OpaquePointer?, _ argument: OpaquePointer) {
    // The pointer first: asking for the length first could give that of another encoding.
    guard sqlite3_value_type(argument) == SQLITE_TEXT, let base = sqlite3_value_text(argument) else {
      return sqlite3_result_value(context, argument)
    }
    let source = UnsafeRawBufferPointer(start: base, count: Int(sqlite3_value_bytes(argument)))
    if CaseFolding.isFolded(ascii: source) { return sqlite3_result_value(context, argument) }
    let capacity = CaseFolding.mostBytes(of: source.count)
    guard let target = sqlite3_malloc64(UInt64(capacity)) else { return sqlite3_result_error_nomem(context) }
    let count = CaseFolding.fold(source, into: UnsafeMutableRawBufferPointer(start: target, count: capacity))
    sqlite3_result_text64(
      context, target.assumingMemoryBound(to: CChar.self), UInt64(count), sqlite3_free, UInt8(SQLITE_UTF8))
  }
}
