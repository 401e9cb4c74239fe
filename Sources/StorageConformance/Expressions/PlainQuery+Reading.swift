// What api.md section 13 says of expressions, sorts and pages, put down once more and as plainly as it
// goes: tests hold the query language and the engine to it, so nothing here is shared with either.

extension PlainQuery {
  /// The ids of the answer in their order, and how many match.
  func read(_ objects: [PlainObject]) -> (ids: [String], total: Int) {
    let matching = objects.filter { object in filter.map { Self.holds($0, object) } ?? true }
    let ordered = matching.sorted { left, right in
      for key in sort {
        let sign = key.hasOrder ? Self.order(left[key.field], right[key.field]) : Self.presence(left, right, key.field)
        if sign != 0 { return key.descending ? sign > 0 : sign < 0 }
      }
      // Ties by order of creation, in the direction of the last key.
      return sort.last?.descending == true ? left.index > right.index : left.index < right.index
    }
    let limit = limit ?? 0
    return (
      ordered.dropFirst(skip ?? 0).prefix(limit == 0 ? 1000 : min(limit, 1000)).map(\.id), matching.count
    )
  }

  /// Null comes first.
  private static func order(_ left: PlainValue, _ right: PlainValue) -> Int {
    switch (left, right) {
    case (.null, .null): 0
    case (.null, _): -1
    case (_, .null): 1
    default: left.order(to: right) ?? 0
    }
  }

  /// Where values have no order, there is one of null and the rest.
  private static func presence(_ left: PlainObject, _ right: PlainObject, _ field: String) -> Int {
    (left[field] == .null ? 0 : 1) - (right[field] == .null ? 0 : 1)
  }

  static func holds(_ node: Node, _ object: PlainObject) -> Bool {
    switch node {
    case .all(let parts): parts.allSatisfy { holds($0, object) }
    case .any(let parts): parts.contains { holds($0, object) }
    case .wrapped(let inner): holds(inner, object)
    case .term(let term): holds(term.word, object[term.field], term.argument)
    }
  }

  private static func holds(_ word: String, _ value: PlainValue, _ argument: Argument) -> Bool {
    switch word {
    case "!=": return !holds("=", value, argument)
    case "not in": return !holds("in", value, argument)
    case "in":
      guard case .list(let items) = argument else { return false }
      return items.contains { item in
        if item.value == .null { return value == .null }
        if let keys = value.keys { return item.value.key.map(keys.contains) ?? false }
        return value.isEqual(to: item.value)
      }
    case "=":
      switch argument {
      case .one(let item): return item.value == .null ? value == .null : value.isEqual(to: item.value)
      case .list(let items): return value.keys.map { $0 == Set(items.compactMap(\.value.key)) } ?? false
      }
    case "contains":
      if let keys = value.keys {
        switch argument {
        case .one(let item): return item.value.key.map(keys.contains) ?? false
        case .list(let items): return Set(items.compactMap(\.value.key)).isSubset(of: keys)
        }
      }
      guard let (text, part) = folded(value, argument) else { return false }
      return (0...text.count).contains { text[$0...].starts(with: part) }
    case "starts with":
      guard let (text, part) = folded(value, argument) else { return false }
      return text.starts(with: part)
    default:
      guard case .one(let item) = argument, let sign = value.order(to: item.value) else { return false }
      switch word {
      case "<": return sign < 0
      case "<=": return sign <= 0
      case ">": return sign > 0
      default: return sign >= 0
      }
    }
  }

  private static func folded(
    _ value: PlainValue, _ argument: Argument
  ) -> (text: [Unicode.Scalar], part: [Unicode.Scalar])? {
    guard case .one(let item) = argument, let part = item.text, let text = value.printed else { return nil }
    return (LetterCase.folded(text), LetterCase.folded(part))
  }
}

extension Spelled {
  /// What is looked for in a text: what was written, also where it is no id.
  fileprivate var text: String? {
    switch value {
    case .text(let text), .id(let text), .noID(let text): text
    default: nil
    }
  }
}

extension PlainValue {
  /// What a text is looked for in.
  fileprivate var printed: String? {
    switch self {
    case .text(let text), .id(let text): text
    default: nil
    }
  }

  /// One key of a list, in the form in which `keys` has them.
  fileprivate var key: [Unicode.Scalar]? {
    switch self {
    case .text(let text): Array(text.unicodeScalars)
    case .number(let number): Array(String(Int(number)).unicodeScalars)
    default: nil
    }
  }
}

extension PlainObject {
  subscript(field: String) -> PlainValue {
    switch field {
    case "id": .id(id)
    case "updated_at": .datetime(updatedAt)
    case "type": .text(model)
    case "$natural": .number(Double(index))
    default: values[field]?.value ?? .null
    }
  }
}
