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

  var route: Route { links.table(view) }
}

extension DeploymentCall {
  /// The view of a page beside a table, from its first page on. `view` names the number of filters that are kept.
  /// - Throws: `PageFault` where it is none, `StorageError`.
  func opened(_ query: QueryPairs, of name: String) async throws -> OpenedView {
    var opened = OpenedView(view: TableView(), links: ViewLinks(id, name))
    do throws(ClientFault) { opened.view = try TableView(query).at(.first) } catch {
      throw PageFault.invalid(error.detail, ways: [Crumb("All objects", .table(id, model: name, .none))])
    }
    guard let text = query[KeptView.key] else { return opened }
    guard let number = Int64(text), let kept = try await keptView(number), kept.links.model == name else {
      throw Self.noView
    }
    opened.links = kept.links
    opened.view = kept.links.kept?.put(in: opened.view) ?? opened.view
    return opened
  }

  /// A view by its number, as far as it is kept: it is there for its person alone.
  func keptView(_ number: Int64) async throws -> OpenedView? {
    guard let address = try await page.people.view(number, in: id, of: visitor) else { return nil }
    let parts = address.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, case .table(id, let model, _)? = Route(rawPath: parts[0], rawQuery: nil),
      let pairs = try? QueryPairs(parts[1]), let view = try? TableView(pairs)
    else { return nil }
    return OpenedView(view: view, links: ViewLinks(id, model, kept: KeptView(number, of: view)))
  }

  static let noView = PageFault.notFound(
    "There is no view of yours with this number. Views are kept until 30 days after they were last opened.")

  /// Keeps the filters of a view, and leads to it.
  func keep(_ view: TableView, _ links: ViewLinks) async throws -> Route {
    var kept = TableView()
    (kept.filters, kept.expression, kept.arguments) = (view.filters, view.expression, view.arguments)
    let address = Route.table(id, model: links.model, kept.text).address.text
    let number = try await page.people.keepView(address, in: id, of: visitor)
    return ViewLinks(id, links.model, kept: KeptView(number, of: view)).table(view)
  }
}
