import DataModel
import JSON
import Objects
import QueryLanguage
import Storage
import Wire

/// What a view means under a data model: the API's own predicates, sort keys and errors.
struct TablePlan: Sendable {
  let model: ModelView
  let predicate: Predicate
  /// As the page shows it and writes it into links: the view's own, or the page's default.
  let shownSort: [TableView.Sort]
  let sort: [SortKey]

  /// - Throws: `ClientFault`.
  init(_ view: TableView, on model: ModelView) throws(ClientFault) {
    self.model = model
    predicate = try Self.predicate(view, on: model)
    shownSort = view.sort.isEmpty ? Self.defaultSort(of: view) : view.sort
    for key in shownSort { try Self.refusePassword(key.name, on: model, "sorted") }
    sort = try SortOrder.keys(
      from: QueryPairs(
        pairs: shownSort.map { .init(path: ["sort", $0.name], value: $0.isDescending ? "-1" : "1") }), on: model.stored)
  }

  /// What was changed last comes first; where something filters, what was made last, which every index serves.
  static func defaultSort(of view: TableView) -> [TableView.Sort] {
    [TableView.Sort(view.isFiltered ? "$natural" : "updated_at", descending: true)]
  }

  private static func predicate(_ view: TableView, on model: ModelView) throws(ClientFault) -> Predicate {
    var terms: [Predicate] = []
    if !view.filters.isEmpty {
      for filter in view.filters { try refusePassword(String(filter.key.prefix { $0 != "." }), on: model, "filtered") }
      let pairs = view.filters.map { QueryPairs.Pair(path: ["q", $0.key], value: $0.value) }
      terms.append(try Filters(on: model.stored).predicate(from: QueryPairs(pairs: pairs)))
    }
    if !view.expression.isEmpty || !view.arguments.isEmpty {
      if let read = try Expression.read(view.expression) {
        for name in read.expression.names { try refusePassword(name, on: model, "filtered") }
      }
      terms.append(
        try Expression.predicate(view.expression, arguments: try arguments(view.arguments), on: model.stored))
    }
    if !view.search.isEmpty {
      terms.append(try TextSearch.predicate(for: view.search, on: model.stored, seesMasked: false))
    }
    switch terms.count {
    case 0: return .always
    case 1: return terms[0]
    default: return .all(terms)
    }
  }

  static func arguments(_ text: String) throws(ClientFault) -> JSONValue? {
    if text.isEmpty { return nil }
    do {
      return try JSONDocument.read(text).root
    } catch {
      throw .request("arguments takes a JSON array such as [5,\"late\"], not \"\(CutText.cut(text))\".")
    }
  }

  /// Nothing is told of a masked value, neither by what a filter finds nor by where a sort puts it.
  private static func refusePassword(_ name: String, on model: ModelView, _ word: String) throws(ClientFault) {
    guard let position = model.stored.position(of: name), model.stored.columns[position].isMasked else { return }
    throw .request("\(name) is masked and cannot be \(word) by.")
  }

  /// The whole list, in the page's order.
  var read: ReadPlan { ReadPlan(model: model.stored, predicate: predicate, sort: sort, limit: 1) }

  /// The whole list from its end on.
  var turned: ReadPlan { ReadPlan(model: model.stored, predicate: predicate, sort: turnedSort, limit: 1) }

  /// Every key that decides, the other way round.
  private var turnedSort: [SortKey] {
    read.order.map { SortKey(column: $0.column, descending: !$0.descending) }
  }

  /// What is read for a page.
  /// - Throws: `ClientFault` for a cursor that does not fit.
  func query(_ view: TableView, including includes: Includes) throws(ClientFault) -> ListQuery {
    var bounds = PageBounds(limit: view.size)
    var keys = sort
    switch view.start {
    case .first: break
    case .after(let cursor): bounds.after = cursor
    case .before(let cursor):
      bounds.after = cursor
      keys = turnedSort
    case .last: keys = turnedSort
    case .row(let row): bounds.skip = row - 1
    }
    return try ListQuery(
      on: model, predicate: predicate, sort: keys, bounds: bounds, hasTotal: false, includes: includes)
  }
}

extension TableView.Start {
  /// Whether it is read from its end on.
  var isTurned: Bool {
    switch self {
    case .before, .last: true
    case .first, .after, .row: false
    }
  }

  var isCursor: Bool {
    switch self {
    case .before, .after: true
    case .first, .last, .row: false
    }
  }
}

extension StoredColumn {
  /// As in filters.
  var filterName: String {
    if case .belongsTo(let relationship) = source { relationship.idName } else { name }
  }

  var label: String {
    switch source {
    case .field(let field): field.label
    case .belongsTo(let relationship): relationship.name
    }
  }
}

extension Expression {
  /// Of all fields that it speaks of.
  var names: [String] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.names)
    case .comparison(let comparison): [comparison.name]
    }
  }
}
