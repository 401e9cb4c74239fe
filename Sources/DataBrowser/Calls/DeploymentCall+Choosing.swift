import DataModel
import HTTPServer
import Objects
import People
import QueryLanguage
import Storage
import Wire

extension DeploymentCall {
  /// The column page. Sent by POST, what is chosen is kept for the visitor; by GET it holds in the view alone.
  func columns(_ name: String, _ text: ViewText, _ form: PostForm?) async throws -> Response {
    let query = form?.pairs ?? text.query
    let opened = try await opened(query, of: name)
    let usual = try await page.people.columns(of: name, in: id, for: visitor)
    let act = query["do"].flatMap(ColumnsPage.Act.init)
    let ticket = visit.ticket(.columns(id, model: name, .none))
    let card = DeploymentCard(deployment)
    let (result, frame) = try await reading { read in
      let model = try Self.model(name, read)
      let columns = TableColumns(of: model, among: read.models)
      let names =
        switch act {
        case .apply, .once: ColumnOrder(query).columns(among: columns.all).map(\.name)
        case .usual: nil as [String]?
        case nil: opened.view.columns ?? usual
        }
      let shown = columns.shown(names)
      let page = ColumnsPage(
        card: card, links: opened.links, label: model.stored.model.label, view: opened.view,
        choices: ColumnsPage.Choice.all(shown, among: columns.all), ticket: ticket)
      return ChosenColumns(
        page: page, names: shown == columns.shown(nil) ? nil : shown.map(\.name), isUsual: shown == columns.shown(usual)
      )
    }
    guard let act else { return answer(result.page, in: frame) }
    var view = opened.view
    view.columns = nil
    if form == nil || act == .once {
      // In the address they stand as far as they are not what the visitor has anyway.
      if !result.isUsual { view.columns = result.page.names }
    } else if result.names != usual {
      try await page.people.choose(columns: result.names, of: name, in: id, for: visitor)
    }
    return DataBrowserHandler.seeOther(opened.links.table(view))
  }

  private static let mostHits = 30

  func pick(_ name: String, _ text: ViewText) async throws -> Response {
    let query = text.query
    let opened = try await opened(query, of: name)
    let wanted = query["relationship"] ?? ""
    let words = (query["text"] ?? "").trimmed
    let card = DeploymentCard(deployment)
    let (page, frame) = try await reading { read in
      let model = try Self.model(name, read)
      guard let relationship = model.stored.model.belongsTo.first(where: { $0.name == wanted || $0.idName == wanted }),
        let target = read.models[relationship.model]
      else { throw PageFault.notFound("\(model.stored.model.label) has no relationship “\(CutText.cut(wanted))”.") }
      let found = try read.find(words, in: target, limit: Self.mostHits)
      let view = opened.view
      let hits = try found.links.map { link in
        guard let route = opened.links.shortTable(view.filtered(by: relationship.idName, link.id)) else {
          throw PageFault.invalid(
            "With one more condition this view is too long for an address. Add it in the form of the filter.",
            ways: [Crumb("Change the filter", opened.links.filter(view))])
        }
        return PickPage.Hit(link: link, view: route)
      }
      return PickPage(
        card: card, links: opened.links, label: model.stored.model.label, relationship: relationship.name,
        target: target.stored.model.label, view: view, text: words, hits: hits, hasMore: found.hasMore)
    }
    return answer(page, in: frame)
  }
}

extension PageRead {
  private static let timeForWords = Duration.milliseconds(500)

  /// The newest objects of a model that hold a text, else those whose displays hold all of its words; or the one with
  /// this id.
  func find(_ words: String, in model: ModelView, limit: Int) throws -> (links: [ObjectLink], hasMore: Bool) {
    let predicate: Predicate =
      if let id = ObjectID(words.lowercased()) {
        .equal(.id, .id(id))
      } else {
        words.isEmpty ? .always : try TextSearch.predicate(for: words, on: model.stored, seesMasked: false)
      }
    let found = try links(
      to: model, where: predicate, sort: [SortKey(column: .natural, descending: true)], limit: limit)
    guard found.links.isEmpty, let search = DisplaySearch(words, in: self) else { return found }
    return try snapshot.limited(to: Self.timeForWords) { try search.links(to: model, limit: limit) } ?? found
  }
}

extension TableView {
  /// The view of those objects alone whose relationship leads to this one.
  fileprivate func filtered(by name: String, _ id: ObjectID) -> TableView {
    changed { view in
      view.filters.removeAll { $0.key == name }
      view.filters.append(Filter(name, id.description))
      view.filters.sort { ($0.key, $0.value) < ($1.key, $1.value) }
    }
  }
}

/// What a column page shows, or chose.
private struct ChosenColumns: Sendable {
  let page: ColumnsPage
  /// To be kept; nil for the model's own.
  let names: [String]?
  /// Whether the visitor has them anyway.
  let isUsual: Bool
}

extension ColumnsPage {
  /// Those that it shows, in order.
  fileprivate var names: [String] { choices.filter { $0.position != nil }.map(\.name) }
}

extension ColumnsPage.Choice {
  /// Those that are shown, then the others.
  fileprivate static func all(_ shown: [TableColumn], among all: [TableColumn]) -> [ColumnsPage.Choice] {
    let names = Set(shown.map(\.name))
    return shown.enumerated().map { ColumnsPage.Choice($1, position: $0 + 1) }
      + all.filter { !names.contains($0.name) }.map { ColumnsPage.Choice($0, position: nil) }
  }

  init(_ column: TableColumn, position: Int?) {
    self.init(name: column.name, label: column.label, type: column.type, position: position)
  }
}

/// The columns that a form ticked, by the numbers that it gave them.
private struct ColumnOrder {
  private let ticked: [String]
  private let numbers: [String: Double]

  init(_ query: QueryPairs) {
    ticked = query.pairs.filter { $0.path == ["c"] }.map(\.value)
    numbers = Dictionary(
      query.pairs(under: "n").compactMap { pair in
        NumberText.double(pair.value.trimmed).map { (pair.path[0], $0) }
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Those without a number come last, in the model's order.
  func columns(among all: [TableColumn]) -> [TableColumn] {
    let chosen = all.filter { ticked.contains($0.name) }
    return chosen.enumerated().sorted { left, right in
      (numbers[left.element.name] ?? .infinity, left.offset) < (numbers[right.element.name] ?? .infinity, right.offset)
    }.map(\.element)
  }
}
