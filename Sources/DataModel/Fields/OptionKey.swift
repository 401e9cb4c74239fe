/// The key of an option, in the type of its field: what is stored, filtered and sorted by.
package enum OptionKey: Sendable {
  case text(String)
  case integer(Int32)
  case boolean(Bool)
}

extension OptionKey: Hashable {
  /// Text keys are equal when their bytes are, as everywhere in storage: Swift's own `==` would take
  /// two Unicode spellings of one letter for the same key.
  package static func == (left: OptionKey, right: OptionKey) -> Bool {
    switch (left, right) {
    case (.text(let a), .text(let b)): a.utf8.count == b.utf8.count && a.utf8.elementsEqual(b.utf8)
    case (.integer(let a), .integer(let b)): a == b
    case (.boolean(let a), .boolean(let b)): a == b
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .text(let key): hasher.combine(key)
    case .integer(let key): hasher.combine(key)
    case .boolean(let key): hasher.combine(key)
    }
  }
}

extension OptionKey: CustomStringConvertible {
  /// The key as it stands in the XML.
  package var description: String {
    switch self {
    case .text(let key): key
    case .integer(let key): String(key)
    case .boolean(let key): key ? "true" : "false"
    }
  }
}
