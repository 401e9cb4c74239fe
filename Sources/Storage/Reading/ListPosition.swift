/// A point between two objects of a list, told by the values that put an object there: one for each key
/// of `ReadPlan.order`. It stays where it is whatever happens to the object.
package struct ListPosition: Sendable, Equatable {
  package let values: [StoredValue]

  package init(values: [StoredValue]) { self.values = values }

  /// That of the object in this row of a page that has all columns.
  package init(of row: Int, in page: RowPage, order: [SortKey]) {
    values = order.map { key in
      switch key.column {
      case .id: page.value(row, RowPage.Lead.id)
      case .updatedAt: page.value(row, RowPage.Lead.updatedAt)
      case .natural: page.value(row, RowPage.Lead.row)
      case .column(let position): page.value(row, RowPage.Lead.count + position)
      case .presence(let position): .presence(!page.view.isNull(row, RowPage.Lead.count + position))
      }
    }
  }
}

extension ReadPlan {
  /// The keys that decide, so that no two objects are equal: a key that comes again decides nothing, a
  /// unique one decides everything, and without one the order of creation stands last.
  package var order: [SortKey] {
    var keys: [SortKey] = []
    for key in sort where !keys.contains(where: { $0.column == key.column }) {
      keys.append(key)
      // What stands behind it would only keep indexes from serving.
      if key.column == .natural || key.column == .id { return keys }
    }
    keys.append(SortKey(column: .natural, descending: sort.last?.descending ?? false))
    return keys
  }

  /// Plans whose lists, one after the other, are what stands behind `position` in this plan's list.
  ///
  /// Each holds the first keys to the position's values and goes beyond it on the next one: one range of
  /// an index that has the keys, in its order. So the last page of a list costs what the first one does.
  /// The plan's `skip` is left out; each plan has its whole `limit`.
  package func continued(after position: ListPosition) -> [ReadPlan] {
    let order = order
    precondition(position.values.count == order.count, "a position has a value for each key of its list")
    return order.indices.reversed().flatMap { level -> [ReadPlan] in
      let same = zip(order, position.values).prefix(level).map { key, value in key.column.equals(value) }
      let key = order[level]
      let value = position.values[level]
      var ranges: [(beyond: Predicate, rest: ArraySlice<SortKey>)] = []
      switch (value.isNull, key.descending) {
      // There are but two groups, and behind the second one nothing.
      case (false, let descending) where key.column.isPresence:
        if value == .presence(descending) {
          ranges = [(key.column.equals(.presence(!descending)), order[(level + 1)...])]
        }
      // Null is first ascending, and last descending.
      case (true, false): ranges = [(.isNotNull(key.column), order[level...])]
      case (true, true): break
      case (false, false): ranges = [(.ordered(key.column, .greater, value), order[level...])]
      case (false, true):
        ranges = [(.ordered(key.column, .less, value), order[level...])]
        if case .column = key.column { ranges.append((.isNull(key.column), order[(level + 1)...])) }
      }
      return ranges.map { range in
        let terms = (predicate == .always ? [] : [predicate]) + same + [range.beyond]
        return ReadPlan(
          model: model, predicate: terms.count == 1 ? range.beyond : .all(terms), sort: Array(range.rest),
          limit: limit)
      }
    }
  }
}

extension ColumnReference {
  fileprivate var isPresence: Bool { if case .presence = self { true } else { false } }

  /// That the value is this one, or that there is none where it is null.
  fileprivate func equals(_ value: StoredValue) -> Predicate {
    if case .presence(let position) = self {
      return value == .presence(true) ? .isNotNull(.column(position)) : .isNull(.column(position))
    }
    return value.isNull ? .isNull(self) : .equal(self, value)
  }
}

extension StoredValue {
  /// What `ColumnReference.presence` reads as.
  package static func presence(_ isThere: Bool) -> StoredValue { .integer(isThere ? 1 : 0) }
}

extension Snapshot {
  /// Reads the part of the list that begins behind `position`, or the whole plan where there is none.
  package func list(_ plan: ReadPlan, after position: ListPosition?, page handOut: (RowPage) throws -> Void) throws {
    guard let position else { return try list(plan, page: handOut) }
    var left = plan.limit
    for var part in plan.continued(after: position) where left > 0 {
      part.limit = left
      try list(part) { page in
        left -= page.count
        try handOut(page)
      }
    }
  }
}
