import JSON
import Storage
import Wire

/// The order of a list (api.md section 13), by every field of the model: `sort[field]=1 | -1 | asc | ASC | desc | DESC` in a query string,
/// an array of names with `-` for descending in a body.
package struct SortOrder {
  /// At most so many keys in one request.
  package static let limit = 20

  private let model: StoredModel
  private let language: FilterLanguage
  private var keys: [SortKey] = []
  private var count = 0
  /// The direction of a last key that is the same for all.
  private var ties: Bool?

  private init(_ model: StoredModel, _ language: FilterLanguage) {
    self.model = model
    self.language = language
  }

  /// Takes the `sort[…]` pairs of a query string, in order of appearance.
  /// - Throws: `ClientFault.request`.
  package static func keys(
    from query: QueryPairs, on model: StoredModel
  ) throws(ClientFault) -> [SortKey] {
    var order = SortOrder(model, .filters)
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
      try order.append(name, descending: descending)
    }
    return order.finished
  }

  /// Takes the `sort` of a body: null, one name or an array of names.
  /// - Throws: `ClientFault.request`.
  package static func keys(from sort: JSONValue?, on model: StoredModel) throws(ClientFault) -> [SortKey] {
    guard let sort, !sort.isNull, !sort.isString("") else { return [] }
    guard sort.isArray || sort.isString else { throw badBody(sort) }
    var order = SortOrder(model, .expressions)
    for element in sort.isArray ? Array(sort.elements.prefix(limit + 1)) : [sort] {
      guard let text = element.string else { throw badBody(element) }
      let descending = text.utf8.first == UInt8(ascii: "-")
      try order.append(descending ? String(text.unicodeScalars.dropFirst()) : text, descending: descending)
    }
    return order.finished
  }

  private static func badBody(_ value: JSONValue) -> ClientFault {
    .request(
      "sort takes an array of names such as [\"number\", \"-updated_at\"], not \(ClientValue.json(value).shown).")
  }

  private mutating func append(_ name: String, descending: Bool) throws(ClientFault) {
    count += 1
    if count > Self.limit { throw .request("A request has at most \(Self.limit) sort keys.") }
    let field = name == "$natural" ? QueryField.natural : try QueryField(name, of: model, in: language)
    let column = field.sortColumn
    if let column { keys.append(SortKey(column: column, descending: descending)) }
    // A last key that is the same for all still gives ties its direction.
    ties = column == nil ? descending : nil
  }

  private var finished: [SortKey] {
    guard let ties, ties != (keys.last?.descending ?? false) else { return keys }
    return keys + [SortKey(column: .natural, descending: ties)]
  }
}
