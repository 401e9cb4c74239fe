import Wire

/// Cells of comma-separated values (RFC 4180), as one writes them into a buffer.
enum CSVCells {
  /// As it is: what spreadsheets do with it is their reader's concern.
  static func append(_ text: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    if text.isEmpty {
      // Told from no value, of which nothing stands there.
      writer.append("\"\"")
    } else if isPlain(text) {
      writer.append(text)
    } else {
      appendQuoted(text, guarded: false, to: &writer)
    }
  }

  /// For a spreadsheet: a text that it would take for a formula has a `'` before it.
  static func append(guarded text: UnsafeRawBufferPointer, to writer: inout ByteWriter) {
    guard let first = text.first else { return }
    let isFormula = formulas.contains(first)
    if isPlain(text) {
      if isFormula { writer.append("'") }
      writer.append(text)
    } else {
      appendQuoted(text, guarded: isFormula, to: &writer)
    }
  }

  static func append(_ text: String, to writer: inout ByteWriter) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0), to: &writer) }
  }

  static func append(guarded text: String, to writer: inout ByteWriter) {
    var text = text
    text.withUTF8 { append(guarded: UnsafeRawBufferPointer($0), to: &writer) }
  }

  private static let formulas: [UInt8] = [
    UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "\t"), UInt8(ascii: "\r"),
  ]

  private static func isPlain(_ text: UnsafeRawBufferPointer) -> Bool {
    !text.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
    }
  }

  private static func appendQuoted(
    _ text: UnsafeRawBufferPointer, guarded isGuarded: Bool, to writer: inout ByteWriter
  ) {
    writer.append("\"")
    if isGuarded { writer.append("'") }
    var rest = text
    while let quote = rest.firstIndex(of: UInt8(ascii: "\"")) {
      writer.append(UnsafeRawBufferPointer(rebasing: rest[...quote]))
      writer.append("\"")
      rest = UnsafeRawBufferPointer(rebasing: rest[(quote + 1)...])
    }
    writer.append(rest)
    writer.append("\"")
  }
}
