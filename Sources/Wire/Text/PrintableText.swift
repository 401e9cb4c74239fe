/// What came from outside, made fit to be shown: in a terminal or a file some characters do something, and others
/// change the order in which the rest is read. These are written out (`\x1b`, `\u{202e}`).
package enum PrintableText {
  /// Control characters (C0, DEL, C1), line and paragraph separators, and what directs or hides text: marks,
  /// embeddings, overrides and isolates of direction, zero-width characters, the byte order mark.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xFFF9...0xFFFB:
      true
    default: false
    }
  }

  package static func hasHidden(_ text: String) -> Bool {
    !isPlain(text) && text.unicodeScalars.contains(where: isHidden)
  }

  /// The first hidden character of a text as `U+202E`; nil where there is none.
  package static func firstHidden(in text: String) -> String? {
    guard !isPlain(text), let scalar = text.unicodeScalars.first(where: isHidden) else { return nil }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
  }

  /// The text with hidden characters written out. With `keepingLines` line ends and tabs stay.
  package static func escaped(_ text: String, keepingLines: Bool = false) -> String {
    rewritten(text) { scalar in
      if keepingLines, scalar == "\n" || scalar == "\t" { return nil }
      let digits = String(scalar.value, radix: 16)
      return scalar.value < 0x100 ? "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits : "\\u{\(digits)}"
    }
  }

  /// The same for a JSON text, which stays one of the same meaning.
  package static func escapedJSON(_ json: String) -> String {
    rewritten(json) { scalar in
      // Outside of strings there are blanks and line ends, and inside them none that are not escaped.
      if scalar.value < 0x20 { return nil }
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
  }

  /// Printable ASCII, which most texts are.
  private static func isPlain(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { utf8 in
      // Counted to the end, which takes many bytes at a time.
      var others = 0
      for byte in utf8 { others &+= byte &- 0x20 < 0x5F ? 0 : 1 }
      return others == 0
    }
  }

  private static func rewritten(_ text: String, _ write: (Unicode.Scalar) -> String?) -> String {
    if isPlain(text) { return text }
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if isHidden(scalar), let written = write(scalar) {
        result += written
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension ByteWriter {
  /// A JSON text as `append(quoted:)` writes it, with hidden characters escaped too.
  package mutating func append(quotedPrintable text: String) {
    guard PrintableText.hasHidden(text) else { return append(quoted: text) }
    var writer = ByteWriter(capacity: text.utf8.count + 16)
    writer.append(quoted: text)
    append(text: PrintableText.escapedJSON(writer.string))
  }
}
