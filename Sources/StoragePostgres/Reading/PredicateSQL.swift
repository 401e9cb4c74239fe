import Storage
import Wire

/// What turns predicates into SQL conditions. Where one is null it does not hold: they are joined by AND and OR alone.
///
/// A predicate that speaks of a value which SQL cannot say (`ColumnRead.decided`) becomes a coarser one: it holds for
/// all objects that the predicate holds for, and for others. Then the SQL is not exact.
struct PredicateSQL {
  private let model: StoredModel
  private let indexedTexts: Set<Int>

  init(on model: StoredModel) {
    self.model = model
    indexedTexts = model.indexedTexts
  }

  func append(_ predicate: Predicate, to sql: inout BoundSQL) {
    switch predicate {
    case .always: sql += "TRUE"
    case .never: sql += "FALSE"
    case .all(let terms): chain(terms, " AND ", empty: "TRUE", to: &sql)
    case .any(let terms): chain(terms, " OR ", empty: "FALSE", to: &sql)
    case .search(let search): append(search.predicate, to: &sql)
    case .equal(let column, let value): compare(column, value, to: &sql, equals)
    case .notEqual(let column, let value):
      compare(column, value, to: &sql) { name, column, value, sql in
        guard let value = fit(value, column) else { return sql += "TRUE" }
        sql += "\(name) IS DISTINCT FROM "
        bind(value, column, &sql)
      }
    case .isNull(let column): with(column, to: &sql) { $1 += "(\($0) IS NULL)" }
    case .isNotNull(let column): with(column, to: &sql) { $1 += "(\($0) IS NOT NULL)" }
    case .ordered(let column, let order, let value):
      compare(column, value, to: &sql) { name, column, value, sql in ordered(name, column, order, value, &sql) }
    case .among(let column, let values):
      with(column, to: &sql) { name, sql in
        let values = values.compactMap { fit($0, column) }
        let type = model.type(of: column)
        sql += "("
        if isIndexedText(column) {
          sql += "\(ColumnSQL.indexed(name)) = ANY ("
          sql.bind(list: values.map(Self.beginning), as: type)
          sql += ") AND "
        }
        sql += "\(name) = ANY ("
        sql.bind(list: values, as: type)
        sql += "))"
      }
    case .notAmong(let column, let values):
      with(column, to: &sql) { name, sql in
        sql += "(\(name) IS NULL OR \(name) <> ALL ("
        sql.bind(list: values.compactMap { fit($0, column) }, as: model.type(of: column))
        sql += "))"
      }
    case .containsText(let column, let part): text(column, "strpos(%, ", part, to: &sql)
    case .containsFolded(let column, let part):
      text(column, "strpos(sojourn.casefold(%), ", CaseFolding.folded(part), to: &sql)
    case .startsWithFolded(let column, let part):
      with(column, to: &sql) { name, sql in
        guard Self.isStorable(part) else { return sql += "FALSE" }
        sql += "starts_with(sojourn.casefold(\(name)), "
        sql.bind(.text(CaseFolding.folded(part)), as: .text)
        sql += ")"
      }
    case .printedContains(let column, let form, let part):
      guard form.mayHold(part) else { return sql += "FALSE" }
      switch form {
      case .text: append(.containsFolded(column, part), to: &sql)
      case .integer, .id: text(column, "strpos((%)::text, ", part, to: &sql)
      case .number: text(column, "strpos(sojourn.printed_number(%), ", part, to: &sql)
      case .day: text(column, "strpos(sojourn.printed_day(%), ", part, to: &sql)
      case .instant: text(column, "strpos(lower(sojourn.printed_instant(%)), ", part, to: &sql)
      }
    case .hasKey(let column, let key): keys(column, [key], "?&", "@>", isNot: false, to: &sql)
    case .lacksKey(let column, let key): keys(column, [key], "?&", "@>", isNot: true, to: &sql)
    case .hasAllKeys(let column, let wanted): keys(column, wanted, "?&", "@>", isNot: false, to: &sql)
    case .hasAnyKey(let column, let wanted): keys(column, wanted, "?|", nil, isNot: false, to: &sql)
    case .hasNoKey(let column, let wanted): keys(column, wanted, "?|", nil, isNot: true, to: &sql)
    case .sameKeys(let column, let wanted):
      keys(column, wanted, "?&", "@>", isNot: false, count: wanted.count, to: &sql)
    case .otherKeys(let column, let wanted):
      keys(column, wanted, "?&", "@>", isNot: true, count: wanted.count, to: &sql)
    case .onAnyDay(let column, let days): onDays(column, days, isNot: false, to: &sql)
    case .onNoDay(let column, let days): onDays(column, days, isNot: true, to: &sql)
    }
  }

  /// PostgreSQL makes one flat list of a chain, however long it is.
  private func chain(_ terms: [Predicate], _ word: String, empty: String, to sql: inout BoundSQL) {
    guard !terms.isEmpty else { return sql += empty }
    sql += "("
    for (index, term) in terms.enumerated() {
      if index > 0 { sql += word }
      append(term, to: &sql)
    }
    sql += ")"
  }

  /// Calls `body` with what the column is in SQL; where it is nothing there, the condition is `TRUE`.
  private func with(
    _ column: ColumnReference, to sql: inout BoundSQL, _ body: (String, inout BoundSQL) -> Void
  ) {
    guard let name = model.sql(column) else {
      sql.isExact = false
      return sql += "TRUE"
    }
    body(name, &sql)
  }

  private func compare(
    _ column: ColumnReference, _ value: StoredValue, to sql: inout BoundSQL,
    _ body: (String, ColumnReference, StoredValue, inout BoundSQL) -> Void
  ) {
    with(column, to: &sql) { body($0, column, value, &$1) }
  }

  // MARK: Values.

  /// A value as the column's type can hold it; nil where nothing stored equals it.
  private func fit(_ value: StoredValue, _ column: ColumnReference) -> StoredValue? {
    switch (model.type(of: column), value) {
    case (.integer, .integer), (.real, .real), (.id, .id): value
    case (.text, .text(let text)): Self.isStorable(text) ? value : nil
    case (.integer, .real(let real)): Int64(exactly: real).map(StoredValue.integer)
    case (.real, .integer(let integer)): Double(exactly: integer).map(StoredValue.real)
    default: nil
    }
  }

  /// PostgreSQL's texts hold all of Unicode but U+0000, and so do ours.
  private static func isStorable(_ text: String) -> Bool { !text.utf8.contains(0) }

  private func bind(_ value: StoredValue, _ column: ColumnReference, _ sql: inout BoundSQL) {
    sql.bind(value, as: model.type(of: column))
  }

  private func isIndexedText(_ column: ColumnReference) -> Bool {
    if case .column(let position) = column { indexedTexts.contains(position) } else { false }
  }

  /// As `ColumnSQL.indexed` cuts it.
  private static func beginning(_ value: StoredValue) -> StoredValue {
    guard case .text(let text) = value, text.utf8.count > ColumnSQL.indexedLetters else { return value }
    var beginning = String.UnicodeScalarView()
    beginning.append(contentsOf: text.unicodeScalars.prefix(ColumnSQL.indexedLetters))
    return .text(String(beginning))
  }

  // MARK: Comparisons.

  private func equals(
    _ name: String, _ column: ColumnReference, _ value: StoredValue, _ sql: inout BoundSQL
  ) {
    guard let value = fit(value, column) else { return sql += "FALSE" }
    compare(name, "=", ofBeginnings: "=", value, column, &sql)
  }

  /// The comparison, and before it one that an index serves.
  private func compare(
    _ name: String, _ word: String, ofBeginnings coarser: String, _ value: StoredValue, _ column: ColumnReference,
    _ sql: inout BoundSQL
  ) {
    sql += "("
    if isIndexedText(column) {
      sql += "\(ColumnSQL.indexed(name)) \(coarser) "
      bind(Self.beginning(value), column, &sql)
      sql += " AND "
    }
    sql += "\(name) \(word) "
    bind(value, column, &sql)
    sql += ")"
  }

  private func ordered(
    _ name: String, _ column: ColumnReference, _ order: Predicate.Order, _ value: StoredValue, _ sql: inout BoundSQL
  ) {
    var order = order
    var value = value
    switch (model.type(of: column), value) {
    case (.text, .text(let text)) where !Self.isStorable(text):
      // No text has a U+0000: what is up to it and below the whole is the same.
      value = .text(String(decoding: text.utf8.prefix { $0 != 0 }, as: UTF8.self))
      order = order == .less || order == .lessOrEqual ? .lessOrEqual : .greater
    case (.text, .text), (.id, .id), (.integer, .integer), (.real, .real): break
    case (.integer, .real(let real)):
      sql += "(\(name))::double precision \(order.sql) "
      return sql.bind(.real(real), as: .real)
    case (.real, .integer(let integer)): value = .real(Double(integer))
    default: return sql += "FALSE"
    }
    compare(name, order.sql, ofBeginnings: order.orEqual, value, column, &sql)
  }

  /// Whether `part` stands where the call, whose `%` is the column, looks for it.
  private func text(_ column: ColumnReference, _ call: String, _ part: String, to sql: inout BoundSQL) {
    with(column, to: &sql) { name, sql in
      guard Self.isStorable(part) else { return sql += "FALSE" }
      for piece in call.split(separator: "%", omittingEmptySubsequences: false).enumerated() {
        sql += (piece.offset > 0 ? name : "") + piece.element
      }
      sql.bind(.text(part), as: .text)
      sql += ") > 0"
    }
  }

  /// Whether the list of keys holds all (`?&`) or any (`?|`) of these, and, with a `count`, no others; no list holds a
  /// key twice.
  private func keys(
    _ column: ColumnReference, _ wanted: [StoredValue], _ texts: String, _ integers: String?, isNot: Bool,
    count: Int? = nil, to sql: inout BoundSQL
  ) {
    with(column, to: &sql) { name, sql in
      let list = "(\(name))::jsonb"
      let storable = wanted.filter { if case .text(let text) = $0 { Self.isStorable(text) } else { true } }
      sql += isNot ? "coalesce(NOT (" : "("
      if integers != nil, storable.count < wanted.count {
        // No list has such a key.
        sql += "FALSE"
      } else if case .integer? = storable.first {
        let ids = storable.filter { if case .integer = $0 { true } else { false } }
        if let integers {
          sql += "\(list) \(integers) to_jsonb("
          sql.bind(list: ids, as: .integer)
          sql += ")"
        } else {
          sql += "\(list) @> ANY (ARRAY(SELECT to_jsonb(k) FROM unnest("
          sql.bind(list: ids, as: .integer)
          sql += ") k))"
        }
      } else {
        sql += "\(list) \(texts) "
        sql.bind(list: storable, as: .text)
      }
      if let count {
        sql += " AND jsonb_array_length(\(list)) = "
        sql.bind(count)
      }
      sql += isNot ? "), TRUE)" : ")"
    }
  }

  /// One day is a range of an index. So are several from the first to the last of them; in that range the midnight
  /// before a time is looked for among theirs. Counted from the first one, no time there is negative.
  private func onDays(_ column: ColumnReference, _ days: [CalendarDay], isNot: Bool, to sql: inout BoundSQL) {
    guard let first = days.min(), let last = days.max() else { return sql += isNot ? "TRUE" : "FALSE" }
    let start = StoredValue.integer(Instant(midnightOf: first).secondsSince1970)
    let end = StoredValue.integer(Instant(midnightOf: last).secondsSince1970 + Instant.secondsInDay - 1)
    with(column, to: &sql) { name, sql in
      sql += isNot ? "coalesce(NOT (" : "("
      sql += "\(name) >= "
      sql.bind(start, as: .integer)
      sql += " AND \(name) <= "
      sql.bind(end, as: .integer)
      if first != last {
        sql += " AND \(name) - (\(name) - "
        sql.bind(start, as: .integer)
        sql += ") % \(Instant.secondsInDay) = ANY ("
        sql.bind(list: days.map { .integer(Instant(midnightOf: $0).secondsSince1970) }, as: .integer)
        sql += ")"
      }
      sql += isNot ? "), TRUE)" : ")"
    }
  }
}

extension Predicate.Order {
  /// What holds of beginnings where it holds of the whole.
  fileprivate var orEqual: String { self == .less || self == .lessOrEqual ? "<=" : ">=" }
}
