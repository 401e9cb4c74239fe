import DataModel
import Wire

/// Data models, objects and queries by chance, out of few values so that they meet, and each in one of the
/// ways in which clients write it.
struct RandomQueries {
  var generator: SplitMix

  init(seed: UInt64) { generator = SplitMix(seed: seed &* 7919) }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
  mutating func once(in count: Int) -> Bool { generator.once(in: count) }
  mutating func pick<Element>(_ first: Element, _ rest: Element...) -> Element {
    generator.pick([first] + rest) ?? first
  }
  mutating func pick<Element>(of elements: [Element], or other: Element) -> Element {
    generator.pick(elements) ?? other
  }

  // MARK: The data model.

  /// A field or relationship of the model that is queried.
  struct Member {
    var name: String
    /// Nil for a relationship.
    var type: FieldType?
  }

  private static let types: [FieldType?] = [
    .text, .text, .integer, .number, .date, .datetime, .boolean, .singleChoice, .singleChoiceInteger,
    .multipleChoice, .multipleChoiceInteger, .location, .track, .photo, nil, nil,
  ]
  static let textKeys = ["late", "b", "caf\u{E9}", "a\"b", "LATE"]
  static let numberKeys = [1, 2, -5, 11]
  /// Keys whose options the second data model no longer has.
  private static let removedKeys: Set = ["b", "2", "-5"]

  mutating func members() -> [Member] {
    Self.types.shuffled(using: &generator).prefix(number(3...9)).enumerated().map {
      Member(name: ($1 == nil ? "r" : "f") + String($0), type: $1)
    }
  }

  /// `isLater`: without some of the options.
  mutating func xml(_ members: [Member], isLater: Bool, indexes: String) -> String {
    func options(_ keys: [String]) -> String {
      keys.filter { !isLater || !Self.removedKeys.contains($0) }.map { key in
        let escaped = key.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "&quot;")
        return "<option key=\"\(escaped)\">L</option>"
      }.joined()
    }
    let fields = members.map { member in
      guard let type = member.type else { return "<belongs-to model=\"airline\" name=\"\(member.name)\"/>" }
      let inner = type.isChoice ? options(type.hasIntegerKeys ? Self.numberKeys.map(String.init) : Self.textKeys) : ""
      return "<field name=\"\(member.name)\" label=\"A\" type=\"\(type.rawValue)\">\(inner)</field>"
    }
    // Fields first, then relationships, as the reader wants them.
    let ordered = fields.filter { $0.hasPrefix("<field") } + fields.filter { !$0.hasPrefix("<field") }
    return SampleModel.document(
      "<model name=\"airline\" label=\"A\"><display>A</display></model>"
        + SampleModel.flight(ordered.joined(), tail: indexes))
  }

  mutating func indexes(_ members: [Member]) -> String {
    let names = members.filter { $0.type?.isIndexable ?? true }.map(\.name)
    guard !names.isEmpty else { return "" }
    return (0..<number(0...3)).map { _ in
      let keys = names.shuffled(using: &generator).prefix(number(1...3))
      return "<index on=\"\(keys.map { (once(in: 2) ? "-" : "") + $0 }.joined(separator: ","))\"/>"
    }.joined()
  }

  // MARK: Objects.

  mutating func id() -> String { "0000000\(number(0...9))-0000-4000-8000-00000000000\(pick("a", "b", "0"))" }

  mutating func values(_ members: [Member]) -> [String: Spelled] {
    var values: [String: Spelled] = [:]
    for member in members where !once(in: 4) { values[member.name] = stored(member) }
    return values
  }

  private mutating func stored(_ member: Member) -> Spelled {
    switch member.type {
    case nil: return spelledID(id())
    case .photo: return spelledID(id())
    case .multipleChoice:
      let keys = Array(Self.textKeys.shuffled(using: &generator).prefix(number(0...3)))
      return Spelled(.textKeys(keys), list(keys.map { quoted($0) }))
    case .multipleChoiceInteger:
      let keys = Array(Self.numberKeys.shuffled(using: &generator).prefix(number(0...3)))
      return Spelled(.numberKeys(keys), list(keys.map(String.init)))
    case .singleChoice:
      let key = pick(of: Self.textKeys, or: "")
      return Spelled(.text(key), quoted(key))
    case .singleChoiceInteger:
      let key = pick(of: Self.numberKeys, or: 1)
      return Spelled(.number(Double(key)), String(key))
    case .location: return Spelled(.opaque, "[40.5, -73, null, null, null, null]")
    case .track: return Spelled(.opaque, "{\"points\": [1, 2]}")
    case .integer:
      let integer = pick(of: [-2_147_483_648, -2, -1, 0, 1, 2, 3, 10, 2_147_483_647], or: 0)
      return Spelled(.number(Double(integer)), String(integer))
    case let type?: return argument(type)
    }
  }

  // MARK: Values as arguments.

  /// A value of a field's type in one of its spellings, never null.
  mutating func argument(_ type: FieldType?) -> Spelled {
    switch type {
    case .text: return spelled(pick(of: Self.words, or: ""))
    case .integer, .number: return numeric()
    case .date:
      let datetime = RandomDatetime(&generator)
      return Spelled(.day(datetime.day), quoted(datetime.dateText(&generator)))
    case .datetime: return RandomDatetime(&generator).spelled(&generator)
    case .boolean:
      let truth = once(in: 2)
      return Spelled(.truth(truth), pick("\(truth)", "\"\(truth)\"", "{\"key\": \(truth), \"display\": \"Yes\"}"))
    case .singleChoice, .multipleChoice:
      let key = pick(of: Self.textKeys + ["never", "Late"], or: "")
      return Spelled(.text(key), pick(quoted(key), quoted(key), "{\"key\": \(quoted(key)), \"display\": \"L\"}"))
    case .singleChoiceInteger, .multipleChoiceInteger:
      let key = pick(of: Self.numberKeys + [7, 0], or: 1)
      return Spelled(.number(Double(key)), pick("\(key)", "\"\(key)\"", "\(key).0", "{\"key\": \(key)}"))
    case .photo, nil:
      // What is no id equals nothing and stands neither before nor behind any.
      if !once(in: 5) { return spelledID(id()) }
      let text = pick(of: Self.strangeIDs, or: "")
      return Spelled(.noID(text), quoted(text))
    case .location, .track, .attachment, .signature: return Spelled(.null, "null")
    }
  }

  /// A part of a value that is there, mostly its beginning, and at times in the other case.
  mutating func part(of type: FieldType?, in there: [Spelled]) -> Spelled {
    var scalars: [Unicode.Scalar] = []
    switch generator.pick(there)?.value {
    case .text(let text), .id(let text): scalars = Array(text.unicodeScalars)
    default: return argument(type)
    }
    let start = once(in: 2) ? 0 : number(0...scalars.count)
    var text = ""
    text.unicodeScalars += scalars[start...].prefix(number(0...scalars.count))
    if once(in: 3) { text = text.uppercased() }
    if type != nil { return spelled(text) }
    let isWhole = text.unicodeScalars.elementsEqual(scalars)
    return Spelled(isWhole ? .id(text) : .noID(text), quoted(text))
  }

  private static let strangeIDs = [
    "", "5", "nonsense", "00000001-0000-4000-8000-00000000000A", "00000001-0000-4000-8000-00000000000a ",
    "\u{0}", "caf\u{E9}",
  ]

  private static let words =
    LetterCase.words + [
      "", "", "abAB", "1", "10", "2", "%", "_", "'", "\"", "\\", "\u{1}", "\u{FFFD}", "\u{1F600}", "?",
    ]

  private mutating func spelled(_ text: String) -> Spelled { Spelled(.text(text), quoted(text)) }

  private mutating func spelledID(_ text: String) -> Spelled { Spelled(.id(text), quoted(text)) }

  private mutating func numeric() -> Spelled {
    let texts = [
      "-2147483648", "-2", "-1", "0", "-0.0", "1", "1.0", "2", "3", "10", "2147483647", "2147483648", "1e3", "0.1",
      "0.30000000000000004", "0.3", "3.5", "-1.5", "1e300", "5e-324", "9007199254740993", "1e18", "2.5",
    ]
    let text = pick(of: texts, or: "0")
    return Spelled(.number(Double(text) ?? 0), once(in: 4) ? "\"\(text)\"" : text)
  }

  func list(_ items: [String]) -> String { "[\(items.joined(separator: ","))]" }

  /// The text in JSON, some of it escaped though it need not be.
  private mutating func quoted(_ text: String) -> String {
    let isEscaped = once(in: 8)
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20 || isEscaped && scalar.value < 0x10000:
        let hex = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
