extension PlainQuery {
  /// The smallest query found by leaving parts out that still fails.
  func shrunk(whileFailing fails: (PlainQuery) throws -> Bool) rethrows -> PlainQuery {
    var smallest = self
    while let smaller = try smallest.smaller.first(where: fails) { smallest = smaller }
    return smallest
  }

  /// Queries with one part less.
  private var smaller: [PlainQuery] {
    var queries: [PlainQuery] = []
    func add(_ change: (inout PlainQuery) -> Void) {
      var query = self
      change(&query)
      queries.append(query)
    }
    if let filter {
      add { $0.filter = nil }
      for node in filter.smaller { add { $0.filter = node } }
    }
    for index in sort.indices { add { $0.sort.remove(at: index) } }
    if skip != nil { add { $0.skip = nil } }
    if limit != nil { add { $0.limit = nil } }
    return queries
  }
}

extension PlainQuery.Node {
  fileprivate var smaller: [PlainQuery.Node] {
    switch self {
    case .wrapped(let inner): [inner] + inner.smaller.map(Self.wrapped)
    case .all(let parts): parts + Self.shorter(parts).map(Self.all)
    case .any(let parts): parts + Self.shorter(parts).map(Self.any)
    case .term(var term):
      if case .list(let items) = term.argument, items.count > 1 {
        // Halves first, so that thousands of values are gone soon.
        [items.prefix(items.count / 2), items.suffix(items.count - items.count / 2)].map { half in
          term.argument = .list(Array(half))
          return .term(term)
        }
          + items.indices.prefix(20).map { index in
            var fewer = items
            fewer.remove(at: index)
            term.argument = .list(fewer)
            return .term(term)
          }
      } else {
        []
      }
    }
  }

  private static func shorter(_ parts: [Self]) -> [[Self]] {
    var lists: [[Self]] = []
    for index in parts.indices {
      var fewer = parts
      fewer.remove(at: index)
      if !fewer.isEmpty { lists.append(fewer) }
      for smaller in parts[index].smaller {
        var changed = parts
        changed[index] = smaller
        lists.append(changed)
      }
    }
    return lists
  }
}
