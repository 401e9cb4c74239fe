import DataModel

extension RandomQueries {
  /// A query over the members and the hidden fields; `objects` lend it values that are there.
  mutating func query(_ members: [Member], like objects: [PlainObject]) -> PlainQuery {
    var query = PlainQuery()
    if !once(in: 25) { query.filter = node(members, objects, depth: number(0...3)) }
    for _ in 0..<pick(0, 0, 1, 1, 2, 3) {
      let descending = once(in: 2)
      switch number(0...9) {
      case 0: query.sort.append(.init(name: pick("id", "_id"), field: "id", descending: descending))
      case 1:
        query.sort.append(
          .init(name: pick("updated_at", "_updated_at"), field: "updated_at", descending: descending))
      case 2: query.sort.append(.init(name: "$natural", field: "$natural", descending: descending))
      case 3: query.sort.append(.init(name: pick("type", "_type"), field: "type", descending: descending))
      default:
        let member = pick(of: members, or: Member(name: "id", type: .text))
        query.sort.append(
          .init(
            name: spelledName(member), field: member.name, descending: descending,
            hasOrder: Self.hasOrder(member.type)))
      }
    }
    if once(in: 3) { query.limit = number(0...12) }
    if once(in: 3) { query.skip = number(0...12) }
    return query
  }

  /// The same with an expression of many comparisons, or of parentheses as deep as they may be.
  mutating func large(_ members: [Member], like objects: [PlainObject], terms: Int, depth: Int) -> PlainQuery {
    var query = PlainQuery()
    if depth == 0 {
      let parts = (0..<terms).map { _ in PlainQuery.Node.term(term(members, objects)) }
      query.filter = once(in: 2) ? .any(parts) : .all(parts)
    } else {
      var inner = PlainQuery.Node.term(term(members, objects))
      for level in 0..<depth {
        let beside = PlainQuery.Node.term(term(members, objects))
        let parts = once(in: 2) ? [beside, inner] : [inner, beside]
        // Each level is one pair of parentheses: those about an `or` in an `and`, or those that say nothing.
        inner = .wrapped(level % 2 == 0 ? .any(parts) : .all(parts))
      }
      query.filter = inner
    }
    return query
  }

  private mutating func node(_ members: [Member], _ objects: [PlainObject], depth: Int) -> PlainQuery.Node {
    if once(in: 8) { return .wrapped(node(members, objects, depth: depth)) }
    guard depth > 0, !once(in: 4) else { return .term(term(members, objects)) }
    let parts = (0..<number(1...3)).map { _ in node(members, objects, depth: depth - 1) }
    return once(in: 2) ? .all(parts) : .any(parts)
  }

  private mutating func spelledName(_ member: Member) -> String {
    (member.type == nil || member.type == .photo) && once(in: 2) ? "\(member.name)_id" : member.name
  }

  private static func hasOrder(_ type: FieldType?) -> Bool {
    switch type {
    case .location, .track, .photo, .multipleChoice, .multipleChoiceInteger: false
    default: true
    }
  }

  // MARK: Comparisons.

  private static let equality = ["=", "!=", "in", "not in"]
  private static let order = ["<", "<=", ">", ">="]
  private static let texts = ["contains", "starts with", "contains", "starts with"]

  private mutating func term(_ members: [Member], _ objects: [PlainObject]) -> PlainQuery.Term {
    switch number(0...14) {
    case 0:
      let ids = objects.map { Spelled(.id($0.id), "\"\($0.id)\"") }
      return textual(pick("id", "_id"), "id", nil, like: ids)
    case 1:
      let times = objects.map { Spelled(.datetime($0.updatedAt), "\"\(Self.text(of: $0.updatedAt))\"") }
      return comparison(pick("updated_at", "_updated_at"), "updated_at", Self.equality + Self.order, like: times) {
        $0.argument(.datetime)
      }
    case 2:
      return comparison(pick("type", "_type"), "type", Self.equality, like: []) { random in
        let name = random.pick("flight", "Flight", "airline")
        return Spelled(.text(name), "\"\(name)\"")
      }
    default: break
    }
    let member = pick(of: members, or: Member(name: "id", type: nil))
    let there = objects.compactMap { $0.values[member.name] }
    let name = spelledName(member)
    switch member.type {
    case .location, .track:
      return PlainQuery.Term(name: name, field: member.name, word: pick("=", "!="), argument: .one(.nothing))
    case .photo:
      return comparison(name, member.name, ["=", "!="], like: there) { $0.argument(.photo) }
    case .multipleChoice, .multipleChoiceInteger: return keysComparison(member, like: there)
    case .text, .singleChoice, nil: return textual(name, member.name, member.type, like: there)
    case let type:
      return comparison(name, member.name, Self.equality + Self.order, like: there) { $0.argument(type) }
    }
  }

  /// Of what can be looked into as a text.
  private mutating func textual(
    _ name: String, _ field: String, _ type: FieldType?, like there: [Spelled]
  ) -> PlainQuery.Term {
    comparison(name, field, Self.equality + Self.order + Self.texts, like: there) { random in
      random.once(in: 3) ? random.part(of: type, in: there) : random.argument(type)
    }
  }

  private mutating func comparison(
    _ name: String, _ field: String, _ words: [String], like there: [Spelled],
    _ fresh: (inout RandomQueries) -> Spelled
  ) -> PlainQuery.Term {
    let word = pick(of: words, or: "=")
    func value(_ random: inout RandomQueries) -> Spelled {
      if random.once(in: 10) { return .nothing }
      return !there.isEmpty && random.once(in: 2) ? random.pick(of: there, or: .nothing) : fresh(&random)
    }
    var argument: PlainQuery.Argument
    if word.hasSuffix("in") {
      let count = once(in: 150) ? 3000 : number(0...5)
      argument = .list((0..<count).map { _ in value(&self) })
    } else {
      argument = .one(value(&self))
    }
    return PlainQuery.Term(name: name, field: field, word: word, argument: argument, isTight: once(in: 3))
  }

  private mutating func keysComparison(_ member: Member, like there: [Spelled]) -> PlainQuery.Term {
    let word = pick("=", "!=", "in", "not in", "contains", "contains")
    let isList = word.hasSuffix("in") || once(in: 2)
    var argument: PlainQuery.Argument
    if !isList {
      argument = .one(once(in: 6) ? .nothing : self.argument(member.type))
    } else {
      var keys = (0..<number(0...3)).map { _ in self.argument(member.type) }
      // The keys of an object, in any order.
      if once(in: 2), let found = generator.pick(there) {
        keys =
          switch found.value {
          case .textKeys(let keys): keys.map { Spelled(.text($0), $0 == "a\"b" ? "\"a\\\"b\"" : "\"\($0)\"") }
          case .numberKeys(let keys): keys.map { Spelled(.number(Double($0)), "\($0)") }
          default: keys
          }
        keys.shuffle(using: &generator)
      }
      if word.hasSuffix("in"), once(in: 4) { keys.append(.nothing) }
      argument = .list(keys)
    }
    return PlainQuery.Term(name: member.name, field: member.name, word: word, argument: argument)
  }

  /// The clock of these cases stays within one day.
  private static func text(of seconds: Int) -> String {
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let second = seconds % 86_400
    return "2013-01-31T\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))Z"
  }
}

extension Spelled {
  static let nothing = Spelled(.null, "null")
}
