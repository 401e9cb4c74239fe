import DataModel
import Storage

/// A list of what was written lately, in order of creation: the usual question of delta downloads,
/// `q[_updated_at.gt]=…`.
///
/// SQLite knows nothing of how many objects a time leaves, and would rather walk the whole table, which
/// has the wanted order, than sort. So the time's index is looked at first: when it leaves few, it names
/// them, and the list costs what has changed and not what there is. When it leaves many, the walk finds a
/// page's worth soon enough.
struct RecentChanges {
  /// Objects that are sorted rather than looked for.
  static let most = 20_000

  private let order: Predicate.Order
  let time: StoredValue
  private let model: StoredModel

  /// Nil for lists of another kind.
  init?(_ plan: ReadPlan) {
    guard plan.sort.first.map({ $0.column == .natural }) ?? true else { return nil }
    let terms = if case .all(let terms) = plan.predicate { terms } else { [plan.predicate] }
    var found: (Predicate.Order, StoredValue)?
    for term in terms {
      switch term {
      case .ordered(.updatedAt, let order, let value): found = found ?? (order, value)
      // An index of its own leaves fewer still.
      case .equal(let column, _), .among(let column, _):
        if Self.leadsAnIndex(column, of: plan.model) { return nil }
      default: break
      }
    }
    guard let found else { return nil }
    (order, time) = found
    model = plan.model
  }

  private static func leadsAnIndex(_ column: ColumnReference, of model: StoredModel) -> Bool {
    switch column {
    case .id, .natural, .updatedAt: return true
    case .presence: return false
    case .column(let position):
      switch model.columns[position].source {
      case .belongsTo: return true
      case .field(let field): return model.model.indexes.contains { $0.keys.first?.name == field.name }
      }
    }
  }

  /// The condition that an object is one of them; `time` is bound in it. SQLite sorts their numbers alone and then
  /// reads the objects in that order, where it would otherwise sort whole objects.
  var condition: String {
    let index = "\(model.table)_updated_at"
    return "n IN (SELECT n FROM \(model.table) INDEXED BY \(index) WHERE updated_at \(order.sql) ?)"
  }

  /// Whether few enough are left. Looks at no more entries of the index than that.
  func areFew(on connection: Connection) throws -> Bool {
    let statement = try connection.statement(
      "SELECT count(*) FROM (SELECT 1 FROM \(model.table) WHERE updated_at \(order.sql) ? LIMIT \(Self.most + 1))")
    defer { statement.reset() }
    statement.bind(1, time)
    return try statement.step() && statement.integer(0) <= Self.most
  }
}
