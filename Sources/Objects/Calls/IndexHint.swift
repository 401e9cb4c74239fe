import DataModel
import Storage

/// The index that would have made a slow read fast, for the error that it was stopped with
/// (api.md section 5).
///
/// Conditions that must all hold come first: those for one value, then the sort keys, else a range. What
/// stands in an `or`, or looks into texts and lists, no index answers.
package struct IndexHint: Sendable, Equatable {
  /// For people: what to do.
  package let sentence: String

  /// Nil for a call that reads no list.
  package init?(_ call: ObjectCall) {
    switch call {
    case .list(let model, let query): self.init(model.stored, query.plan.predicate, query.plan.sort)
    case .count(let model, let predicate): self.init(model.stored, predicate, [])
    case .get, .write, .batch: return nil
    }
  }

  init(_ model: StoredModel, _ predicate: Predicate, _ sort: [SortKey]) {
    var conditions = Conditions()
    conditions.add(predicate)
    var keys: [String] = []
    var columns = Set<ColumnReference>()
    func add(_ column: ColumnReference, descending: Bool) {
      guard let name = model.indexableName(column), columns.insert(column).inserted else { return }
      keys.append(descending ? "-\(name)" : name)
    }
    for column in conditions.single { add(column, descending: false) }
    // A sort that begins with what has an index of its own is served by that.
    let sorted = sort.prefix { model.indexableName($0.column) != nil }
    for key in sorted { add(key.column, descending: key.descending) }
    if sorted.isEmpty, let range = conditions.ranged.first { add(range, descending: false) }
    keys = Array(keys.prefix(Self.mostKeys))
    if keys.isEmpty {
      sentence =
        "No index serves what it asks for: narrow it with = , in or a range on one field beside the other conditions."
    } else if model.hasIndex(keys) {
      sentence =
        "There is an index on \(keys.joined(separator: ", ")) already: narrow it further, or take fewer objects at once."
    } else {
      sentence = "An index on \(keys.joined(separator: ", ")) in the model \(model.name) would help."
    }
  }

  /// More columns hardly narrow a search.
  private static let mostKeys = 4

  /// The columns that conditions which must all hold speak of, each once.
  private struct Conditions {
    var single: [ColumnReference] = []
    var ranged: [ColumnReference] = []

    mutating func add(_ predicate: Predicate) {
      switch predicate {
      case .all(let terms): for term in terms { add(term) }
      case .equal(let column, _), .among(let column, _), .isNull(let column):
        if !single.contains(column) { single.append(column) }
      case .ordered(let column, _, _), .onAnyDay(let column, _): if !ranged.contains(column) { ranged.append(column) }
      default: break
      }
    }
  }
}

extension StoredModel {
  /// The name under which a column can stand in an index of the data model.
  fileprivate func indexableName(_ reference: ColumnReference) -> String? {
    guard case .column(let position) = reference else { return nil }
    switch columns[position].source {
    case .field(let field): return field.type.isIndexable ? field.name : nil
    case .belongsTo(let relationship): return relationship.name
    }
  }

  fileprivate func hasIndex(_ keys: [String]) -> Bool {
    if keys.count == 1, case .belongsTo? = position(of: keys[0]).map({ columns[$0].source }) { return true }
    return model.indexes.contains { index in
      let names = index.keys.map { $0.descending ? "-\($0.name)" : $0.name }
      return names.starts(with: keys)
    }
  }
}
