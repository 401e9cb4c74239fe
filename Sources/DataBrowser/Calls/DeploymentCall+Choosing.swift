import DataModel
import HTTPServer
import Objects
import QueryLanguage
import Storage
import Wire

extension DeploymentCall {
  private func view(_ text: ViewText, of name: String) throws(PageFault) -> TableView {
    do throws(ClientFault) { return try TableView(text).at(.first) } catch {
      throw .invalid(error.detail, ways: [Crumb("All objects", .table(id, model: name, .none))])
    }
  }

  /// The column page; sent, it leads to the view.
  func columns(_ name: String, _ text: ViewText) async throws -> Response {
    let view = try view(text, of: name)
    let query = text.query
    let act = query["do"]
    if act == "usual" {
      return DataBrowserHandler.seeOther(.table(id, model: name, view.changed { $0.columns = nil }.text))
    }
    let card = DeploymentCard(deployment)
    let (page, frame) = try await reading { read in
      let model = try Self.model(name, read)
      let all = TableColumn.all(of: model)
      var shown = TableColumn.shown(view.columns, of: model)
      if act == "apply" { shown = ColumnOrder(query).columns(among: all) }
      let rest = all.filter { !shown.contains($0) }
      let choices =
        shown.enumerated().map { ColumnsPage.Choice($1, position: $0 + 1) }
        + rest.map { ColumnsPage.Choice($0, position: nil) }
      return ColumnsPage(
        card: card, model: model.name, label: model.stored.model.label,
        view: act == "apply" ? view.changed { $0.columns = Self.names(shown, of: model) } : view, choices: choices)
    }
    if act == "apply" { return DataBrowserHandler.seeOther(.table(id, model: name, page.view.text)) }
    return answer(page, in: frame)
  }

  /// Nil for the usual ones, which need no word in the address.
  private static func names(_ columns: [TableColumn], of model: ModelView) -> [String]? {
    columns.isEmpty || columns == TableColumn.shown(nil, of: model) ? nil : columns.map(\.name)
  }

  private static let mostHits = 30

  func pick(_ name: String, _ text: ViewText) async throws -> Response {
    let view = try view(text, of: name)
    let query = text.query
    let wanted = query["relationship"] ?? ""
    let words = (query["text"] ?? "").trimmed
    let card = DeploymentCard(deployment)
    let (page, frame) = try await reading { read in
      let model = try Self.model(name, read)
      guard let relationship = model.stored.model.belongsTo.first(where: { $0.name == wanted || $0.idName == wanted }),
        let target = read.models[relationship.model]
      else { throw PageFault.notFound("\(model.stored.model.label) has no relationship “\(CutText.cut(wanted))”.") }
      let predicate: Predicate =
        if let id = ObjectID(words.lowercased()) {
          .equal(.id, .id(id))
        } else {
          words.isEmpty ? .always : try TextSearch.predicate(for: words, on: target.stored)
        }
      let sort = [SortKey(column: .natural, descending: true)]
      let found = try read.links(to: target, where: predicate, sort: sort, limit: Self.mostHits)
      return PickPage(
        card: card, model: model.name, label: model.stored.model.label, relationship: relationship.name,
        target: target.stored.model.label, view: view, text: words,
        hits: found.links.map { .init(link: $0, view: view.filtered(by: relationship.idName, $0.id).text) },
        hasMore: found.hasMore)
    }
    return answer(page, in: frame)
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

extension ColumnsPage.Choice {
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
