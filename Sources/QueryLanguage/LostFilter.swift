import Storage
import Wire

/// A parameter of a list or count that is a filter without its `q` (api.md section 4): `status=landed`, as some
/// generated clients make it of `q[status]=landed`. Passed over like other unknown parameters, it would give
/// every object for an answer.
package struct LostFilter: Sendable, Equatable {
  /// What it is meant to filter by.
  package let field: String
  /// As it was written, without its value: `departure_delay.gte`.
  package let name: String
  /// As a filter has it: `q[departure_delay.gte]`.
  package let filter: String
  private let value: String

  /// The first one. `known` are the names of the route's own parameters; they and names with a leading `_`,
  /// which clients keep for themselves, are never meant.
  package static func first(in query: QueryPairs, on model: StoredModel, besides known: [String]) -> LostFilter? {
    for pair in query.pairs {
      let name = pair.path[0]
      if known.contains(name) || name.utf8.first == UInt8(ascii: "_") { continue }
      if let found = LostFilter(name, pair, on: model) { return found }
    }
    return nil
  }

  private init?(_ name: String, _ pair: QueryPairs.Pair, on model: StoredModel) {
    let field = String(name.prefix { $0 != "." })
    var key = name
    guard Filters.isOperator(String(name.dropFirst(field.count))),
      QueryField.find(field, of: model, in: .filters) != nil
    else { return nil }
    // `departure_delay[gte]=5`, as other servers have it.
    if field == name, pair.path.count == 2, Filters.isOperator(".\(pair.path[1])") { key += ".\(pair.path[1])" }
    self.field = field
    self.name = name
    filter = "q[\(key)]"
    value = pair.value
  }

  /// - Parameter setting: the one that lets such parameters pass.
  package func refused(on model: StoredModel, unless setting: String) -> ClientFault {
    .request(
      "\(name) is no parameter of this route, and \(field) is a field of \(model.name): a filter is written "
        + "\(filter)=\(CutText.cut(value)). Where the deployment's setting \(setting), such parameters are ignored.")
  }
}
