import Storage
import Wire

extension Predicate {
  /// Bytes that two predicates share when they ask the same of the same columns. Columns go by their
  /// stable numbers and terms of a chain in no order, so that neither another deploy nor another way to
  /// write the query makes a difference.
  func appendMeaning(on model: StoredModel, to writer: inout ByteWriter) {
    switch self {
    case .always: writer.append("1;")
    case .never: writer.append("0;")
    case .all(let terms): Self.append("&", terms, on: model, to: &writer)
    case .any(let terms): Self.append("|", terms, on: model, to: &writer)
    case .equal(let column, let value): Self.append("=", column, value, on: model, to: &writer)
    case .notEqual(let column, let value): Self.append("!", column, value, on: model, to: &writer)
    case .isNull(let column): Self.append("n", column, .null, on: model, to: &writer)
    case .isNotNull(let column): Self.append("v", column, .null, on: model, to: &writer)
    case .ordered(let column, let order, let value):
      let word: StaticString =
        switch order {
        case .less: "<"
        case .lessOrEqual: "{"
        case .greater: ">"
        case .greaterOrEqual: "}"
        }
      Self.append(word, column, value, on: model, to: &writer)
    case .containsText(let column, let part): Self.append("c", column, .text(part), on: model, to: &writer)
    case .containsFolded(let column, let part):
      Self.append("f", column, .text(CaseFolding.folded(part)), on: model, to: &writer)
    case .startsWithFolded(let column, let part):
      Self.append("s", column, .text(CaseFolding.folded(part)), on: model, to: &writer)
    case .among(let column, let values): Self.append("m", column, values, on: model, to: &writer)
    case .notAmong(let column, let values): Self.append("M", column, values, on: model, to: &writer)
    case .hasAllKeys(let column, let keys): Self.append("A", column, keys, on: model, to: &writer)
    case .hasAnyKey(let column, let keys): Self.append("a", column, keys, on: model, to: &writer)
    case .hasNoKey(let column, let keys): Self.append("N", column, keys, on: model, to: &writer)
    case .sameKeys(let column, let keys): Self.append("e", column, keys, on: model, to: &writer)
    case .otherKeys(let column, let keys): Self.append("E", column, keys, on: model, to: &writer)
    case .hasKey(let column, let key): Self.append("k", column, key, on: model, to: &writer)
    case .lacksKey(let column, let key): Self.append("l", column, key, on: model, to: &writer)
    case .printedContains(let column, _, let part): Self.append("p", column, .text(part), on: model, to: &writer)
    case .onAnyDay(let column, let days): Self.append("d", column, Self.midnights(days), on: model, to: &writer)
    case .onNoDay(let column, let days): Self.append("D", column, Self.midnights(days), on: model, to: &writer)
    // The text says it all: which fields and labels there are to look into is the data model's.
    case .search(let search):
      writer.append("~")
      StateCoding.append(column: 1, value: .text(search.text), to: &writer)
      writer.append(";")
    }
  }

  private static func midnights(_ days: [CalendarDay]) -> [StoredValue] {
    days.map { .integer(Instant(midnightOf: $0).secondsSince1970) }
  }

  private static func append(
    _ word: StaticString, _ terms: [Predicate], on model: StoredModel, to writer: inout ByteWriter
  ) {
    let meanings = terms.map { term in
      var writer = ByteWriter(capacity: 64)
      term.appendMeaning(on: model, to: &writer)
      return writer.array
    }
    writer.append(word)
    writer.append(integer: Int64(meanings.count))
    writer.append("(")
    for meaning in meanings.sorted(by: { $0.lexicographicallyPrecedes($1) }) { writer.append(meaning) }
    writer.append(")")
  }

  /// A list, whose order says nothing.
  private static func append(
    _ word: StaticString, _ column: ColumnReference, _ values: [StoredValue], on model: StoredModel,
    to writer: inout ByteWriter
  ) {
    let meanings = values.map { value in
      var writer = ByteWriter(capacity: 32)
      StateCoding.append(column: 1, value: value, to: &writer)
      return writer.array
    }
    writer.append(word)
    column.appendMeaning(on: model, to: &writer)
    writer.append(integer: Int64(meanings.count))
    writer.append("(")
    for meaning in meanings.sorted(by: { $0.lexicographicallyPrecedes($1) }) { writer.append(meaning) }
    writer.append(")")
  }

  private static func append(
    _ word: StaticString, _ column: ColumnReference, _ value: StoredValue, on model: StoredModel,
    to writer: inout ByteWriter
  ) {
    writer.append(word)
    column.appendMeaning(on: model, to: &writer)
    // A value says its kind and length; null is what says nothing.
    StateCoding.append(column: 1, value: value, to: &writer)
    writer.append(";")
  }
}

extension ColumnReference {
  /// The stable number of the column, and the type that it has for good.
  func appendMeaning(on model: StoredModel, to writer: inout ByteWriter) {
    switch self {
    case .id: writer.append("i,")
    case .updatedAt: writer.append("u,")
    case .natural: writer.append("n,")
    case .column(let position):
      writer.append(integer: Int64(model.columns[position].number))
      writer.append(":")
      writer.append(text: model.columns[position].storedType)
      writer.append(",")
    case .presence(let position):
      writer.append("h")
      ColumnReference.column(position).appendMeaning(on: model, to: &writer)
    }
  }
}
