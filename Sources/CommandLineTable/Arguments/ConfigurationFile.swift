import Wire

/// A settings file: lines of `key = value`.
///
/// `#` begins a comment at the start of a line or after a blank. A value in double quotes is taken as
/// it stands between them. A key of a repeated setting may stand on several lines.
package struct ConfigurationFile: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package let key: String
    package let value: String
    /// From 1.
    package let line: Int
  }

  /// More than this is refused.
  package static let sizeLimit = 1 << 20

  package let path: String
  package let entries: [Entry]

  /// Reads the file's text. Checks the form alone; keys are checked against a table.
  package init(path: String, text: String) throws(UsageError) {
    self.path = path
    guard text.utf8.count <= Self.sizeLimit else { throw UsageError("\(path) is larger than 1 MiB") }
    var entries: [Entry] = []
    var number = 0
    // Swift takes CR LF as one character.
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
      number += 1
      let line = Self.trimmed(line)
      if line.isEmpty || line.hasPrefix("#") { continue }
      guard let equals = line.firstIndex(of: "=") else {
        throw UsageError("\(path):\(number): '\(CutText.cut(String(line)))' is not 'key = value'")
      }
      let key = Self.trimmed(line[..<equals])
      guard !key.isEmpty else { throw UsageError("\(path):\(number): no key before '='") }
      let value = try Self.value(
        of: Self.trimmed(line[line.index(after: equals)...]), at: "\(path):\(number)")
      entries.append(Entry(key: String(key), value: value, line: number))
    }
    self.entries = entries
  }

  private static func value(of text: Substring, at line: String) throws(UsageError) -> String {
    if text.first == "\"" {
      let inside = text.dropFirst()
      guard let end = inside.firstIndex(of: "\"") else {
        throw UsageError("\(line): the quote is not closed")
      }
      let rest = trimmed(inside[inside.index(after: end)...])
      guard rest.isEmpty || rest.hasPrefix("#") else {
        throw UsageError("\(line): '\(CutText.cut(String(rest)))' stands after the closing quote")
      }
      return String(inside[..<end])
    }
    var previous: Character = " "
    for index in text.indices {
      if text[index] == "#", previous == " " || previous == "\t" { return String(trimmed(text[..<index])) }
      previous = text[index]
    }
    return String(text)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
    return text
  }

  /// Each entry's key is known to the table, its value can be read, and only repeated settings stand
  /// twice; also for settings of other commands, so that one file serves them all.
  func check(against table: CommandTable) throws(UsageError) {
    var seen: [String: Int] = [:]
    let known = table.settings.filter { $0.configurationKey != nil }
    for entry in entries {
      let line = "\(path):\(entry.line)"
      guard let option = known.first(where: { $0.configurationKey == entry.key }) else {
        let question = NearestName.question(entry.key, among: known.compactMap(\.configurationKey))
        throw UsageError("\(line): unknown setting '\(CutText.cut(entry.key))'\(question)")
      }
      if let first = seen[entry.key], !option.isRepeated {
        throw UsageError("\(line): '\(entry.key)' already stands on line \(first)")
      }
      seen[entry.key] = entry.line
      if case .failure(let fault) = option.kind.value(of: entry.value) {
        throw UsageError("\(line): \(entry.key): \(fault.message)")
      }
    }
  }
}
