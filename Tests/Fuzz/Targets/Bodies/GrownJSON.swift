import JSON
import Wire

/// JSON texts that are made by the grammar, so that they must be read, and as what they were made.
enum GrownJSON {
  static func check(_ input: FuzzInput) throws(BrokenPromise) {
    var decisions = Decisions(input)
    let limits = JSONLimits(depth: decisions.below(6), nodes: 1 + decisions.below(40))
    var growth = Growth(decisions: decisions)
    growth.value(depth: 0)
    let (text, plain) = (growth.text, growth.plain)
    let document = try? JSONDocument.read(text)
    try promise(document.map { JSONTexts.printed($0.root) }, is: plain, "\(text) is read as it was made")
    switch Result(catching: { () throws(JSONError) in try JSONDocument.read(text, limits: limits) }) {
    case .success:
      try promise(growth.deepest <= limits.depth, "a depth of \(growth.deepest) is refused: \(text)")
      try promise(growth.count <= limits.nodes, "\(growth.count) values are refused: \(text)")
    case .failure(let error):
      try promise(
        growth.deepest > limits.depth || growth.count > limits.nodes, "within \(limits) it is read: \(error), \(text)")
      try Words.check(error.description, about: FuzzInput(Array(text.utf8)))
    }
    guard let opening = plain.utf8.first, "{[\"".utf8.contains(opening) else { return }
    let cut = Array(text.utf8.prefix(text.utf8.count - growth.trail - 1))
    try promise((try? JSONDocument.read(cut)) == nil, "without its last character it is none: \(text)")
  }
}

extension GrownJSON {
  /// A text, and the same as `JSONTexts` prints it.
  private struct Growth {
    var decisions: Decisions
    var text = ""
    var plain = ""
    var deepest = 0
    /// Values and keys.
    var count = 0
    /// Blanks behind the last value.
    var trail = 0

    mutating func value(depth: Int) {
      blank()
      count += 1
      switch depth < 20 && text.utf8.count < 20_000 ? decisions.below(8) : decisions.below(4) {
      case 0, 1:
        word(decisions.one(of: ["0", "null", "true", "false", "-0", "1e400", "2.5E-3", "9223372036854775808"]))
      case 2, 3: string()
      case 4, 5: container("[", "]", depth) { $0.value(depth: $1) }
      default:
        var keys: Set<String> = []
        container("{", "}", depth) { growth, depth in
          growth.blank()
          growth.count += 1
          growth.string(unlike: &keys)
          growth.blank()
          growth.word(":")
          growth.value(depth: depth)
        }
      }
      blank()
    }

    private mutating func container(
      _ open: String, _ close: String, _ depth: Int, _ element: (inout Growth, _ depth: Int) -> Void
    ) {
      deepest = max(deepest, depth + 1)
      word(open)
      for index in 0..<decisions.below(5) {
        if index > 0 { word(",") }
        element(&self, depth + 1)
      }
      blank()
      word(close)
    }

    private mutating func word(_ token: String) {
      text += token
      plain += token
      trail = 0
    }

    private mutating func blank() {
      guard decisions.once(in: 8) else { return }
      text += decisions.one(of: [" ", "\n", "\t", "\r", "  "])
      trail = text.utf8.reversed().prefix { $0 <= 0x20 }.count
    }

    private mutating func string(unlike keys: inout Set<String>) {
      var key = decisions.text(most: 6)
      while !keys.insert(key).inserted { key += "\(keys.count)" }
      write(key)
    }

    private mutating func string() { write(decisions.text(most: 12)) }

    private mutating func write(_ string: String) {
      var writer = ByteWriter()
      writer.append(quoted: string)
      plain += writer.string
      text += "\""
      for scalar in string.unicodeScalars { text += written(scalar) }
      text += "\""
      trail = 0
    }

    /// Escaped where it must be, and at times where it need not.
    private mutating func written(_ scalar: Unicode.Scalar) -> String {
      if scalar.value >= 0x20, scalar != "\"", scalar != "\\", !decisions.once(in: 6) { return String(scalar) }
      if scalar == "/" || scalar == "\"" || scalar == "\\" { return "\\\(scalar)" }
      return String(scalar).utf16.reduce(into: "") { text, unit in
        let digits = String(unit, radix: 16, uppercase: unit & 1 == 0)
        text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
    }
  }
}
