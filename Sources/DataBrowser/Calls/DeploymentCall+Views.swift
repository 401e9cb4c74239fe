import Deployments
import HTTPServer
import Objects
import People
import QueryLanguage
import Storage
import Web
import Wire

/// A view as an address or a form says it, with the links of its table.
struct OpenedView: Sendable {
  var view: TableView
  var links: ViewLinks
  /// The name by which it is kept, where it has one.
  var named: NamedView?

  var route: Route { links.table(view) }
}

extension DeploymentCall {
  /// The view of a page beside a table, from its first page on. `view` names the number of filters that are kept.
  /// - Throws: `PageFault` where it is none, `StorageError`.
  func opened(_ query: QueryPairs, of name: String) async throws -> OpenedView {
    var opened = OpenedView(view: TableView(), links: ViewLinks(id, name))
    opened.links.hasDefault = try await defaultView(of: name) != nil
    do throws(ClientFault) { opened.view = try TableView(query).at(.first) } catch {
      throw PageFault.invalid(error.detail, ways: [Crumb("All objects", .table(id, model: name, .none))])
    }
    guard let text = query[KeptView.key] else { return opened }
    guard let number = Int64(text), let kept = try await keptView(number), kept.links.model == name else {
      throw Self.noView
    }
    opened.links.kept = kept.links.kept
    opened.view = kept.links.kept?.put(in: opened.view) ?? opened.view
    return opened
  }

  /// A view by its number, as far as it is kept: one without a name is there for its person alone.
  func keptView(_ number: Int64) async throws -> OpenedView? {
    if let found = try await page.people.namedView(number, in: id, of: visitor) {
      guard isVisible(found.view.model), var opened = opened(found.view, found.address) else { return nil }
      opened.links.kept = KeptView(number, of: opened.view)
      return opened
    }
    guard let address = try await page.people.view(number, in: id, of: visitor),
      var opened = opened(address)
    else { return nil }
    opened.links.kept = KeptView(number, of: opened.view)
    return opened
  }

  /// A view with a name, by the links that lead to it.
  func opened(_ named: NamedView, _ address: String) -> OpenedView? {
    guard var opened = opened(address) else { return nil }
    opened.named = named
    if opened.links.shortTable(opened.view) == nil { opened.links.kept = KeptView(named.number, of: opened.view) }
    return opened
  }

  private func opened(_ address: String) -> OpenedView? {
    let parts = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, case .table(id, let model, _)? = Route(rawPath: parts[0], rawQuery: nil),
      let pairs = try? QueryPairs(parts[1]), let view = try? TableView(pairs)
    else { return nil }
    return OpenedView(view: view, links: ViewLinks(id, model))
  }

  /// Whether the model is there for the visitor under the data model in force.
  func isVisible(_ model: String) -> Bool { models(of: calls.view.forPages)[model] != nil }

  /// The number of the view that opens with a model, for the visitor or for everybody.
  func defaultView(of model: String) async throws -> Int64? {
    try await page.people.viewDefaults(of: model, in: id, for: visitor).first?.number
  }

  static let noView = PageFault.notFound(
    "There is no view with this number, or it is not shared with you. Filters without a name are kept until 30 days "
      + "after they were last opened.")

  /// Keeps the filters of a view, and leads to it.
  func keep(_ view: TableView, _ links: ViewLinks) async throws -> Route {
    var kept = TableView()
    (kept.filters, kept.expression, kept.arguments) = (view.filters, view.expression, view.arguments)
    let address = Route.table(id, model: links.model, kept.text).address.text
    let number = try await page.people.keepView(address, in: id, of: visitor)
    return ViewLinks(id, links.model, kept: KeptView(number, of: view)).table(view)
  }
}
