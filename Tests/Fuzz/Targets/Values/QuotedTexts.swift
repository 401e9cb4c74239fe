@testable import Administration
@testable import DataBrowser
import Wire

/// Texts quoted for shells, for Python and for spreadsheets: each reader ends where the quotes end, and has the text.
enum QuotedTexts {
  static func check(_ text: String) throws(BrokenPromise) {
    try promise(shell(ShellWord.quoted(text)), is: text, "a shell has one word of it: \(text)")
    let word = ShellWord.shortest(text)
    try promise(word == text || shell(word) == text, "a shell has one word of it: \(word)")
    try promise(python(APIExamples.pythonText(text)), is: text, "Python has one text of it: \(text)")
    try promise(doubled(APIExamples.powerShellText(text), "'"), is: text, "PowerShell has one text of it: \(text)")
    let cell = AuditCSV.quoted(text)
    guard cell.utf8.first == UInt8(ascii: "\"") else {
      return try promise(!cell.utf8.contains { ",\"\r\n".utf8.contains($0) }, "a cell without quotes is plain: \(cell)")
    }
    let read = doubled(cell, "\"")
    try promise(read == text || read == "'" + text, "a spreadsheet has one cell of it: \(cell)")
  }

  /// The one word that a shell makes of it; nil where there is more.
  private static func shell(_ quoted: String) -> String? {
    var (word, isInside) = ([UInt8](), false)
    var rest = Array(quoted.utf8)[...]
    while let byte = rest.popFirst() {
      switch (byte, isInside) {
      case (UInt8(ascii: "'"), _): isInside.toggle()
      case (UInt8(ascii: "\\"), false): if let next = rest.popFirst() { word.append(next) }
      case (_, true): word.append(byte)
      case (_, false): return nil
      }
    }
    return isInside ? nil : String(decoding: word, as: UTF8.self)
  }

  private static func python(_ quoted: String) -> String? {
    let bytes = Array(quoted.utf8)
    guard bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") else { return nil }
    var (text, rest) = ([UInt8](), bytes.dropFirst().dropLast())
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return nil
      case UInt8(ascii: "\\"):
        switch rest.popFirst() {
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case let next?: text.append(next)
        case nil: return nil
        }
      default: text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The text between quotes that are doubled inside it.
  private static func doubled(_ quoted: String, _ quote: Unicode.Scalar) -> String? {
    let (bytes, mark) = (Array(quoted.utf8), UInt8(ascii: quote))
    guard bytes.count >= 2, bytes.first == mark, bytes.last == mark else { return nil }
    var (text, rest) = ([UInt8](), bytes.dropFirst().dropLast())
    while let byte = rest.popFirst() {
      if byte == mark, rest.popFirst() != mark { return nil }
      text.append(byte)
    }
    return String(decoding: text, as: UTF8.self)
  }
}
