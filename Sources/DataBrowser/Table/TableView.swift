import QueryLanguage
import Wire

/// What a table shows, as its address says it: the API's own grammar (`q`, `expression` with `arguments`, `sort`), a
/// search, and what only a page has: columns, size, and where it begins.
///
/// ```
/// ?q[status]=landed&expression=number+contains+?&arguments=["UA"]&sort[updated_at]=-1&size=100
/// ```
///
/// `q`, `expression` and `search` must all hold. Equal views have equal addresses: `text` has filters sorted by key and
/// sort keys by rank, and leaves out what says nothing.
package struct TableView: Hashable, Sendable {
  /// `status.ne` and its value.
  package struct Filter: Hashable, Sendable {
    package var key: String
    package var value: String

    package init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  package struct Sort: Hashable, Sendable {
    package var name: String
    package var isDescending: Bool

    package init(_ name: String, descending: Bool) {
      self.name = name
      isDescending = descending
    }
  }

  /// Where the page begins.
  package enum Start: Hashable, Sendable {
    case first
    /// Behind the object of a cursor.
    case after(String)
    /// Before the object of a cursor of the order turned round.
    case before(String)
    case last
    /// At this row, counted from 1.
    case row(Int)
  }

  package var filters: [Filter] = []
  package var expression = ""
  /// A JSON array; empty where there are none.
  package var arguments = ""
  package var search = ""
  package var sort: [Sort] = []
  /// Nil for those that the page chooses.
  package var columns: [String]?
  package var size = TableView.sizes[0]
  package var start = Start.first

  package static let sizes = [30, 100, 250]
  package static let mostRow = 1_000_000
  private static let lastWord = ""

  package init() {}

  /// Other keys are left out.
  /// - Throws: `ClientFault.request` for what can be no part of a view.
  package init(_ text: ViewText) throws(ClientFault) { try self.init(text.query) }

  package init(_ query: QueryPairs) throws(ClientFault) {
    for pair in query.pairs {
      switch pair.path[0] {
      case "q", "query": filters.append(try Self.filter(pair))
      case "sort": sort.append(try Self.sort(pair))
      case "expression": expression = try PageBounds.one(pair).trimmed
      case "arguments": arguments = try PageBounds.one(pair).trimmed
      case "search": search = try PageBounds.one(pair)
      case "columns": columns = try PageBounds.one(pair).split(separator: ",").map { String($0).trimmed }
      case "size": size = try Self.size(pair)
      case "after": start = try PageBounds.one(pair).nonEmpty.map(Start.after) ?? .first
      case "before": start = try PageBounds.one(pair).nonEmpty.map(Start.before) ?? .last
      case "row": start = try Self.row(pair)
      default: break
      }
    }
    filters.sort { ($0.key, $0.value) < ($1.key, $1.value) }
    if columns?.isEmpty == true { columns = nil }
    if expression.isEmpty, arguments == "[]" { arguments = "" }
  }

  private static func filter(_ pair: QueryPairs.Pair) throws(ClientFault) -> Filter {
    guard pair.path.count == 2, !pair.appends else {
      throw .request("A filter is written q[field]=value or q[field.operator]=value.")
    }
    return Filter(pair.path[1], pair.value)
  }

  private static func sort(_ pair: QueryPairs.Pair) throws(ClientFault) -> Sort {
    guard pair.path.count == 2, !pair.appends else {
      throw .request("A sort is written sort[field]=1 or sort[field]=-1.")
    }
    switch pair.value {
    case "1", "asc", "ASC": return Sort(pair.path[1], descending: false)
    case "-1", "desc", "DESC": return Sort(pair.path[1], descending: true)
    default:
      throw .request(
        "sort[\(CutText.cut(pair.path[1]))] takes 1, -1, asc or desc, not \"\(CutText.cut(pair.value))\".")
    }
  }

  private static func size(_ pair: QueryPairs.Pair) throws(ClientFault) -> Int {
    let size = try PageBounds.count(pair)
    guard sizes.contains(size) else { throw .request("size takes 30, 100 or 250, not \"\(CutText.cut(pair.value))\".") }
    return size
  }

  private static func row(_ pair: QueryPairs.Pair) throws(ClientFault) -> Start {
    let row = try PageBounds.count(pair)
    guard row <= mostRow else { throw .request("row goes up to \(Grouped.text(mostRow)).") }
    return row <= 1 ? .first : .row(row)
  }
}

extension TableView {
  /// In canonical order.
  package var text: ViewText {
    var pairs = queryPairs
    if let columns { pairs.append(.init("columns", columns.joined(separator: ","))) }
    if size != Self.sizes[0] { pairs.append(.init("size", String(size))) }
    switch start {
    case .first: break
    case .after(let cursor): pairs.append(.init("after", cursor))
    case .before(let cursor): pairs.append(.init("before", cursor))
    case .last: pairs.append(.init("before", Self.lastWord))
    case .row(let row): pairs.append(.init("row", String(row)))
    }
    return ViewText(pairs)
  }

  /// Which objects, in which order: the part that the API has too.
  private var queryPairs: [ViewText.Pair] {
    var pairs = filters.map { ViewText.Pair("q[\($0.key)]", $0.value) }
    if !expression.isEmpty { pairs.append(.init("expression", expression)) }
    if !arguments.isEmpty { pairs.append(.init("arguments", arguments)) }
    if !search.isEmpty { pairs.append(.init("search", search)) }
    return pairs + sort.map { ViewText.Pair("sort[\($0.name)]", $0.isDescending ? "-1" : "1") }
  }

  /// Whether anything narrows it.
  package var isFiltered: Bool { !filters.isEmpty || !expression.isEmpty || !search.isEmpty }

  /// The same view changed, from its first page on: another one would begin somewhere else.
  package func changed(_ change: (inout TableView) -> Void) -> TableView {
    var view = self
    view.start = .first
    change(&view)
    return view
  }

  package func at(_ start: Start) -> TableView {
    var view = self
    view.start = start
    return view
  }

  /// As it is kept by a name: from the first page on, whatever a page's size, and without the sort that it has anyway.
  var canonical: TableView {
    var view = at(.first)
    view.size = Self.sizes[0]
    if view.sort == TablePlan.defaultSort(of: view) { view.sort = [] }
    return view
  }

  /// The keys as hidden inputs, without those that a form has inputs for: browsers drop the query of a GET form's
  /// action.
  package func pairs(without keys: Set<String>) -> [ViewText.Pair] {
    text.pairs.filter { pair in !keys.contains(String(pair.key.prefix { $0 != "[" })) }
  }
}

extension String {
  /// Nil where it is empty.
  var nonEmpty: String? { isEmpty ? nil : self }
}
