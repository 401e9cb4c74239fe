import Storage
import Wire

/// The statement that finds the objects which a plan may mean, where SQL cannot say all of it, and what decides on each
/// of its rows (`ColumnRead.decided`).
///
/// Parts of the predicate that SQL can say come as booleans; the values that it cannot read come as they lie. So a row
/// has a number in the order of creation, and behind it what decides and what sorts.
struct DecidedSQL {
  private indirect enum Rule {
    /// A boolean in this column of the row.
    case told(Int)
    case value(Predicate, Value)
    case all([Rule])
    case any([Rule])
  }

  /// Where a value stands in the row.
  private enum Value {
    case plain(Int, ColumnType)
    case decided([(number: Int, type: ColumnType, conversion: ValueConversion?)], at: Int)
    case presence([(number: Int, type: ColumnType, conversion: ValueConversion?)], at: Int)
  }

  private(set) var sql = BoundSQL()
  /// Whether the rows come in the plan's order.
  let isOrdered: Bool
  private let model: StoredModel
  private var width = 1
  private var rule = Rule.all([])
  private var keys: [Value] = []

  init(_ plan: ReadPlan, in schema: DeploymentSchema) {
    model = plan.model
    let order = ListSQL.order(plan, on: plan.model)
    isOrdered = order != nil
    sql += "SELECT n"
    rule = add(plan.predicate)
    if order == nil { keys = plan.order.map { add($0.column) } }
    sql += " FROM \(schema.table(of: plan.model)) WHERE "
    PredicateSQL(on: plan.model).append(plan.predicate, to: &sql)
    if let order { sql += " ORDER BY \(order)" }
  }

  func holds(for row: PostgresRow) throws -> Bool { try holds(rule, row) }

  /// The values by which the plan orders its objects.
  func keys(of row: PostgresRow) throws -> [StoredValue] { try keys.map { try read($0, row) } }

  // MARK: What the row has.

  private mutating func add(_ predicate: Predicate) -> Rule {
    var probe = BoundSQL()
    PredicateSQL(on: model).append(predicate, to: &probe)
    if probe.isExact {
      sql += ", coalesce("
      PredicateSQL(on: model).append(predicate, to: &sql)
      sql += ", FALSE)"
      width += 1
      return .told(width - 1)
    }
    switch predicate {
    case .all(let terms): return .all(terms.map { add($0) })
    case .any(let terms): return .any(terms.map { add($0) })
    case .search(let search): return add(search.predicate)
    default: return .value(predicate, add(predicate.column ?? .natural))
    }
  }

  private mutating func add(_ column: ColumnReference) -> Value {
    if let name = column == .natural ? "n" : model.sql(column) {
      sql += ", \(name)"
      width += 1
      return .plain(width - 1, model.type(of: column))
    }
    let position: Int
    switch column {
    case .column(let index), .presence(let index): position = index
    case .id, .updatedAt, .natural: preconditionFailure("SQL has words for these")
    }
    guard case .decided(let parts) = model.columns[position].read else {
      preconditionFailure("SQL has words for what is not decided")
    }
    let start = width
    for part in parts { sql += ", c\(part.number)" }
    width += parts.count
    if case .presence = column { return .presence(parts, at: start) }
    return .decided(parts, at: start)
  }

  // MARK: Deciding.

  private func holds(_ rule: Rule, _ row: PostgresRow) throws -> Bool {
    switch rule {
    case .told(let column): try row.isTrue(column)
    case .value(let predicate, let value): predicate.holds(for: try read(value, row))
    case .all(let rules): try rules.allSatisfy { try holds($0, row) }
    case .any(let rules): try rules.contains { try holds($0, row) }
    }
  }

  private func read(_ value: Value, _ row: PostgresRow) throws -> StoredValue {
    switch value {
    case .plain(let column, let type): try row.value(column, as: type)
    case .decided(let parts, let start): try RowSelection.value(of: parts, at: start, in: row)
    case .presence(let parts, let start):
      .presence(try !RowSelection.value(of: parts, at: start, in: row).isNull)
    }
  }
}

extension Predicate {
  /// The column that a single condition speaks of; nil for what has none, or several.
  fileprivate var column: ColumnReference? {
    switch self {
    case .always, .never, .all, .any, .search: nil
    case .equal(let column, _), .notEqual(let column, _), .isNull(let column), .isNotNull(let column),
      .ordered(let column, _, _), .among(let column, _), .notAmong(let column, _), .containsText(let column, _),
      .containsFolded(let column, _), .startsWithFolded(let column, _), .hasKey(let column, _),
      .lacksKey(let column, _), .printedContains(let column, _, _), .hasAllKeys(let column, _),
      .hasAnyKey(let column, _), .hasNoKey(let column, _), .sameKeys(let column, _), .otherKeys(let column, _),
      .onAnyDay(let column, _), .onNoDay(let column, _):
      column
    }
  }

  /// Whether a condition on one column holds for its value, which is a number, a time or null: texts are always read by
  /// SQL.
  fileprivate func holds(for value: StoredValue) -> Bool {
    switch self {
    case .equal(_, let other): value.sign(against: other) == 0
    case .notEqual(_, let other): value.sign(against: other) != 0
    case .isNull: value.isNull
    case .isNotNull: !value.isNull
    case .ordered(_, let order, let other):
      switch (value.sign(against: other), order) {
      case (nil, _): false
      case (let sign?, .less): sign < 0
      case (let sign?, .lessOrEqual): sign <= 0
      case (let sign?, .greater): sign > 0
      case (let sign?, .greaterOrEqual): sign >= 0
      }
    case .among(_, let others): others.contains { value.sign(against: $0) == 0 }
    case .notAmong(_, let others): !others.contains { value.sign(against: $0) == 0 }
    case .printedContains(_, let form, let part): !value.isNull && value.isPrinted(as: form, with: part)
    case .onAnyDay(_, let days): value.isTime(onAnyOf: days)
    case .onNoDay(_, let days): !value.isTime(onAnyOf: days)
    case .always: true
    case .all, .any, .search, .never, .containsText, .containsFolded, .startsWithFolded, .hasKey, .lacksKey,
      .hasAllKeys, .hasAnyKey, .hasNoKey, .sameKeys, .otherKeys:
      false
    }
  }
}

extension StoredValue {
  /// −1, 0 or 1; nil where one is null, and for values that no filter brings together.
  func sign(against other: StoredValue) -> Int? {
    func sign<Value: Comparable>(_ left: Value, _ right: Value) -> Int { left < right ? -1 : left > right ? 1 : 0 }
    switch (self, other) {
    case (.integer(let a), .integer(let b)): return sign(a, b)
    case (.real(let a), .real(let b)): return sign(a, b)
    case (.integer(let a), .real(let b)): return sign(Double(a), b)
    case (.real(let a), .integer(let b)): return sign(a, Double(b))
    case (.id(let a), .id(let b)): return a.high == b.high ? sign(a.low, b.low) : sign(a.high, b.high)
    case (.text(let a), .text(let b)):
      if a.utf8.lexicographicallyPrecedes(b.utf8) { return -1 }
      return b.utf8.lexicographicallyPrecedes(a.utf8) ? 1 : 0
    default: return nil
    }
  }

  fileprivate func isPrinted(as form: PrintedForm, with part: String) -> Bool {
    var writer = ByteWriter(capacity: 64)
    form.append(self, to: &writer)
    let printed = Array(CaseFolding.folded(writer.string).utf8)
    let wanted = Array(part.utf8)
    guard wanted.count <= printed.count else { return false }
    return (0...(printed.count - wanted.count)).contains { printed[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }

  fileprivate func isTime(onAnyOf days: [CalendarDay]) -> Bool {
    guard case .integer(let seconds) = self else { return false }
    return days.contains { (0..<Instant.secondsInDay).contains(seconds - Instant(midnightOf: $0).secondsSince1970) }
  }
}
