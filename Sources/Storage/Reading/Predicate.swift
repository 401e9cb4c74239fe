import Wire

/// What an object must be like to be in an answer: the typed tree that a client's filter becomes, and
/// that an engine turns into its own query. Two-valued throughout (api.md section 13).
package indirect enum Predicate: Sendable, Equatable {
  case always
  case never
  case all([Predicate])
  case any([Predicate])
  /// The value is there and equals this one, which is not null.
  case equal(ColumnReference, StoredValue)
  /// The exact opposite: also true of objects without a value.
  case notEqual(ColumnReference, StoredValue)
  case isNull(ColumnReference)
  case isNotNull(ColumnReference)
  /// False where there is no value.
  case ordered(ColumnReference, Order, StoredValue)
  /// The value is there and equals one of these, none of which is null.
  case among(ColumnReference, [StoredValue])
  /// The exact opposite: also true of objects without a value.
  case notAmong(ColumnReference, [StoredValue])
  /// The text holds this one; letter case counts.
  case containsText(ColumnReference, String)
  /// The text holds this one, once the case of both is folded (`CaseFolding`).
  case containsFolded(ColumnReference, String)
  /// The text begins with this one, once the case of both is folded.
  case startsWithFolded(ColumnReference, String)
  /// The list of keys holds this one.
  case hasKey(ColumnReference, StoredValue)
  /// The exact opposite: also true of objects without a list.
  case lacksKey(ColumnReference, StoredValue)
  /// The value, as it is printed and case folded, holds this folded text. False where there is no value.
  case printedContains(ColumnReference, PrintedForm, String)
  /// `search.predicate`, said so that an engine can find the objects by an index of its own making.
  case search(TextSearch)
  /// The list of keys is there and holds all of these, each given once.
  case hasAllKeys(ColumnReference, [StoredValue])
  /// The list of keys holds any of these.
  case hasAnyKey(ColumnReference, [StoredValue])
  /// The exact opposite: also true of objects without a list.
  case hasNoKey(ColumnReference, [StoredValue])
  /// The list of keys is there and holds these, each given once, and no other, in any order.
  case sameKeys(ColumnReference, [StoredValue])
  /// The exact opposite: also true of objects without a list.
  case otherKeys(ColumnReference, [StoredValue])
  /// The time is there and lies on one of these days, in UTC.
  case onAnyDay(ColumnReference, [CalendarDay])
  /// The exact opposite: also true of objects without a time.
  case onNoDay(ColumnReference, [CalendarDay])

  package enum Order: Sendable { case less, lessOrEqual, greater, greaterOrEqual }
}

/// A column that a predicate or a sort key speaks of.
package enum ColumnReference: Hashable, Sendable {
  case id
  case updatedAt
  /// The order of creation.
  case natural
  /// A position in `StoredModel.columns`.
  case column(Int)
  /// Whether the column at this position has a value: 1 or 0, and never null. Lists are sorted by it where
  /// the column's values have no order.
  case presence(Int)
}

package struct SortKey: Sendable, Equatable {
  package var column: ColumnReference
  package var descending: Bool

  package init(column: ColumnReference, descending: Bool) {
    self.column = column
    self.descending = descending
  }
}
