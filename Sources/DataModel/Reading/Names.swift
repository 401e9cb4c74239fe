/// The rules for names (data-model.md «Models»).
enum Names {
  static let reservedForModels: Set<String> = ["object", "account", "id", "type"]

  /// For fields and relationships: what objects of the API carry, or what clients have of their own.
  static let reservedForMembers: Set<String> = [
    "object", "account", "id", "type", "_id", "_type", "account_id", "attribute",
    "updated_at", "display", "display_attachments",
  ]

  /// Words that JavaScript (strict mode and modules included) or TypeScript do not take as the name of
  /// a class, which is what apps make of a model.
  static let wordsOfScripts: Set<String> = [
    "arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default",
    "delete", "do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function",
    "if", "implements", "import", "in", "instanceof", "interface", "let", "new", "null", "package",
    "private", "protected", "public", "return", "static", "super", "switch", "this", "throw", "true",
    "try", "typeof", "var", "void", "while", "with", "yield",
    "any", "bigint", "boolean", "never", "number", "string", "symbol", "undefined", "unknown",
  ]

  static let rule =
    "a letter first, then letters, digits and _ (all ASCII), at most \(DataModelLimits.nameLength) characters"

  /// `[A-Za-z][A-Za-z0-9_]*`.
  static func hasPattern(_ name: String) -> Bool {
    guard let first = name.utf8.first, isLetter(first) else { return false }
    return name.utf8.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") }
  }

  static func isValid(_ name: String) -> Bool {
    hasPattern(name) && name.utf8.count <= DataModelLimits.nameLength
  }

  /// The text with `_` for each character that no name has.
  static func replacing(_ text: String) -> String {
    var name = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isKept = UInt8(exactly: scalar.value).map { isLetter($0) || isDigit($0) } ?? false
      name.append(isKept ? scalar : "_")
    }
    return String(name)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

extension FindingList {
  /// Says what is wrong with a name as such; whether it may be used for anything.
  mutating func checkName(_ name: String, of element: XMLElement) {
    guard !Names.isValid(name) else { return }
    add(.invalidName, at: element.position, "\(quoted(name)) is no name. A name is \(Names.rule).")
  }
}
