import Storage
import Wire

/// `sort[field]=1 | -1 | asc | ASC | desc | DESC` (api.md section 13).
package enum SortOrder {
  /// At most so many keys in one request.
  package static let limit = 20

  /// Takes the `sort[…]` pairs of a query string, in order of appearance.
  /// - Throws: `ClientFault.request`.
  package static func keys(
    from query: QueryPairs, on model: StoredModel
  ) throws(ClientFault) -> [SortKey] {
    var keys: [SortKey] = []
    var endsInTies = false
    for pair in query.pairs where pair.path.first == "sort" {
      guard pair.path.count == 2, !pair.appends else {
        throw .request("A sort is written sort[field]=1 or sort[field]=-1.")
      }
      let name = pair.path[1]
      let descending: Bool
      switch pair.value {
      case "1", "asc", "ASC": descending = false
      case "-1", "desc", "DESC": descending = true
      default:
        throw .request(
          "sort[\(CutText.cut(name))] takes 1, -1, asc or desc, not \"\(CutText.cut(pair.value))\".")
      }
      let key = try key(name, descending: descending, on: model)
      if let key { keys.append(key) }
      // A last key that is the same for all still gives ties its direction.
      endsInTies = key == nil && descending
      if keys.count > limit { throw .request("A request has at most \(limit) sort keys.") }
    }
    return endsInTies ? keys + [SortKey(column: .natural, descending: true)] : keys
  }

  /// Nil for a name that is the same for all objects.
  static func key(
    _ name: String, descending: Bool, on model: StoredModel
  ) throws(ClientFault) -> SortKey? {
    let field = name == "$natural" ? QueryField.natural : try QueryField(name, of: model)
    guard field.isSortable else {
      throw .request(
        "\(model.name) cannot be sorted by \(CutText.cut(name)): attachments, locations, tracks and "
          + "multiple-choice fields have no order.")
    }
    return field.column.map { SortKey(column: $0, descending: descending) }
  }
}
