/// How a text begins, behind mark, blanks, comments and instructions: enough to tell HTML and RTF, which have
/// no signature. Of UTF-16 the ASCII is read, which is all that names need.
struct MarkupStart {
  /// In ASCII, as far as it is looked at.
  private let bytes: [UInt8]

  init(_ head: [UInt8]) {
    let text = Self.withoutLead(head)
    // Of text that is no UTF-16 a NUL only says that it is none.
    bytes = text.contains(0) ? Array(text.filter { $0 != 0 }.drop(while: Self.isBlank)) : Array(text)
  }

  /// Behind a byte order mark and blanks.
  static func withoutLead(_ head: [UInt8]) -> ArraySlice<UInt8> {
    let marks: [[UInt8]] = [[0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff]]
    let mark = marks.first { head.starts(with: $0) }?.count ?? 0
    return head.dropFirst(mark).drop(while: isBlank)
  }

  var isMarkup: Bool { bytes.first == UInt8(ascii: "<") }

  var isRTF: Bool { bytes.starts(with: "{\\rtf".utf8) }

  /// A document type or an element with which pages, and tables that are saved as `.xls`, begin.
  var isHTML: Bool {
    var rest = bytes[...]
    while rest.first == UInt8(ascii: "<") {
      if rest.starts(with: "<!--".utf8) {
        guard let end = rest.firstRange(of: Array("-->".utf8)) else { return false }
        rest = rest[end.upperBound...]
      } else if rest.starts(with: "<?".utf8) {
        guard let end = rest.firstRange(of: Array("?>".utf8)) else { return false }
        rest = rest[end.upperBound...]
      } else {
        let word = rest.dropFirst().prefix { $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") && !Self.isBlank($0) }
        let name = String(decoding: word.prefix(20), as: UTF8.self).lowercased()
        return Self.elements.contains(name) || (name == "!doctype" && Self.namesHTML(rest.dropFirst(9)))
      }
      rest = rest.drop(while: Self.isBlank)
    }
    return false
  }

  private static func namesHTML(_ rest: ArraySlice<UInt8>) -> Bool {
    String(decoding: rest.drop(while: isBlank).prefix(4), as: UTF8.self).lowercased() == "html"
  }

  private static let elements: Set<String> = [
    "html", "head", "title", "meta", "base", "link", "style", "script", "body", "table", "div", "p", "span", "center",
    "font", "b", "br", "pre", "h1", "h2", "h3",
  ]

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
