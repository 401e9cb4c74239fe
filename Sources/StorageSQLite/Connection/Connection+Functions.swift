import CSQLite
import Wire

extension Connection {
  /// Registers the functions that SQLite lacks. They give the same for the same arguments and touch
  /// nothing, so SQLite may use them in indexes.
  ///
  /// | function | what it gives |
  /// |---|---|
  /// | `casefold(text)` | the text's simple case folding (`CaseFolding`); what is no text unchanged |
  /// | `real_of_bits(integer)` | the real with these 64 bits |
  /// | `id_of_text(text)` | the sixteen bytes of an id in its 36 characters; null for other texts |
  /// | `printed_contains(form, value, text)` | whether the value as the API prints it holds the folded text |
  ///
  /// They give the same for the same arguments and touch nothing, so SQLite may use them in indexes.
  func registerFunctions() throws {
    let code = registerPrintedContains()
    guard code == SQLITE_OK else { throw error(code, in: "printed_contains") }
    try register("casefold") { context, _, arguments in
      if let argument = arguments?[0] { Connection.caseFold(context, argument) }
    }
    try register("real_of_bits") { context, _, arguments in
      let bits = UInt64(bitPattern: sqlite3_value_int64(arguments?[0]))
      sqlite3_result_double(context, Double(bitPattern: bits))
    }
    try register("id_of_text") { context, _, arguments in
      if let argument = arguments?[0] { Connection.id(context, argument) }
    }
  }

  /// Registers `examined(n)`, which is true, and counts how often it was called: once for each row, where it is the
  /// first condition of a statement.
  func registerExamined(_ count: UnsafeMutablePointer<Int>) throws {
    let code = sqlite3_create_function_v2(
      handle, "examined", 1, SQLITE_UTF8 | SQLITE_INNOCUOUS, count,
      { context, _, _ in
        sqlite3_user_data(context)?.assumingMemoryBound(to: Int.self).pointee += 1
        sqlite3_result_int(context, 1)
      }, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, in: "examined") }
  }

  private func register(
    _ name: String,
    _ function: @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void
  ) throws {
    let code = sqlite3_create_function_v2(
      handle, name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nil, function, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, in: name) }
  }

  private static func text(_ argument: OpaquePointer) -> UnsafeRawBufferPointer? {
    // The pointer first: asking for the length first could give that of another encoding.
    guard sqlite3_value_type(argument) == SQLITE_TEXT, let base = sqlite3_value_text(argument) else { return nil }
    return UnsafeRawBufferPointer(start: base, count: Int(sqlite3_value_bytes(argument)))
  }

  private static func caseFold(_ context: OpaquePointer?, _ argument: OpaquePointer) {
    guard let source = text(argument), !CaseFolding.isFolded(ascii: source) else {
      return sqlite3_result_value(context, argument)
    }
    let capacity = CaseFolding.mostBytes(of: source.count)
    guard let target = sqlite3_malloc64(UInt64(capacity)) else { return sqlite3_result_error_nomem(context) }
    let count = CaseFolding.fold(source, into: UnsafeMutableRawBufferPointer(start: target, count: capacity))
    sqlite3_result_text64(
      context, target.assumingMemoryBound(to: CChar.self), UInt64(count), sqlite3_free, UInt8(SQLITE_UTF8))
  }

  private static func id(_ context: OpaquePointer?, _ argument: OpaquePointer) {
    guard let text = text(argument), let id = ObjectID(utf8: text) else { return sqlite3_result_null(context) }
    id.withBytes { sqlite3_result_blob(context, $0.baseAddress, 16, sojourn_sqlite_transient()) }
  }
}
