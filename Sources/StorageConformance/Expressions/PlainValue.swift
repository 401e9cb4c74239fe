/// A value as api.md speaks of it, of no engine's making.
enum PlainValue: Hashable, Sendable {
  case null
  case text(String)
  case number(Double)
  /// Days since 1970-01-01.
  case day(Int)
  /// Seconds since 1970.
  case datetime(Int)
  /// Days since 1970-01-01, given for a time: stored it is its midnight, and what is equal to it is all of it.
  case wholeDay(Int)
  case truth(Bool)
  case textKeys([String])
  case numberKeys([Int])
  case id(String)
  /// A text that is given for an id and is none.
  case noID(String)
  /// A location or a track: all that can be asked is whether it is there.
  case opaque

  /// Below, equal or above; nil where either is null.
  func order(to other: PlainValue) -> Int? {
    switch (midnight, other.midnight) {
    case (.text(let a), .text(let b)): Self.order(Array(a.unicodeScalars), Array(b.unicodeScalars))
    case (.id(let a), .id(let b)): Self.order(Array(a.unicodeScalars), Array(b.unicodeScalars))
    case (.number(let a), .number(let b)): a < b ? -1 : a > b ? 1 : 0
    case (.day(let a), .day(let b)), (.datetime(let a), .datetime(let b)): a < b ? -1 : a > b ? 1 : 0
    case (.truth(let a), .truth(let b)): (a ? 1 : 0) - (b ? 1 : 0)
    default: nil
    }
  }

  private var midnight: PlainValue {
    if case .wholeDay(let day) = self { .datetime(day * 86_400) } else { self }
  }

  /// Whether it is what `=` asks for.
  func isEqual(to asked: PlainValue) -> Bool {
    guard case .wholeDay(let day) = asked else { return order(to: asked) == 0 }
    guard case .datetime(let seconds) = midnight else { return false }
    return seconds >= day * 86_400 && seconds < (day + 1) * 86_400
  }

  private static func order(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    a.lexicographicallyPrecedes(b) ? -1 : b.lexicographicallyPrecedes(a) ? 1 : 0
  }

  /// A multiple-choice field's keys, as a set; nil for what has none.
  var keys: Set<[Unicode.Scalar]>? {
    switch self {
    case .textKeys(let keys): Set(keys.map { Array($0.unicodeScalars) })
    case .numberKeys(let keys): Set(keys.map { Array(String($0).unicodeScalars) })
    default: nil
    }
  }
}

/// A value and how a client writes it in JSON.
struct Spelled: Sendable {
  var value: PlainValue
  var json: String

  init(_ value: PlainValue, _ json: String) {
    self.value = value
    self.json = json
  }
}

/// An object by the names of its fields and relationships; what is not there is null.
struct PlainObject: Sendable {
  var id: String
  var model: String
  /// Seconds since 1970.
  var updatedAt: Int
  /// Counts the creations.
  var index: Int
  var values: [String: Spelled]
}
