import QueryLanguage
import Web
import Wire

/// The filters and the expression of a view whose address would be too long, as they are kept under a number. What else
/// a view has stands beside the number in the address: `…/views/7?sort[number]=1&size=100`.
package struct KeptView: Hashable, Sendable {
  package let number: Int64
  private let filters: [TableView.Filter]
  private let expression: String
  private let arguments: String

  package init(_ number: Int64, of view: TableView) {
    self.number = number
    filters = view.filters
    expression = view.expression
    arguments = view.arguments
  }

  /// Whether the view has just these filters.
  func isOf(_ view: TableView) -> Bool {
    filters == view.filters && expression == view.expression && arguments == view.arguments
  }

  /// The view with these filters in place of its own.
  func put(in view: TableView) -> TableView {
    var view = view
    view.filters = filters
    view.expression = expression
    view.arguments = arguments
    return view
  }

  /// The keys that the number stands for.
  static let keys: Set<String> = ["q", "expression", "arguments"]
  /// In addresses of pages beside the table.
  static let key = "view"
}

/// The addresses of the views of one table: a view whose filters are kept goes by their number.
package struct ViewLinks: Hashable, Sendable {
  package var deployment: String
  package var model: String
  package var kept: KeptView?
  /// Whether a view opens with the model, so that all objects need a word in the address.
  package var hasDefault = false

  package init(_ deployment: String, _ model: String, kept: KeptView? = nil) {
    self.deployment = deployment
    self.model = model
    self.kept = kept
  }

  /// The number for this view; nil where all of it stands in the address.
  private func number(of view: TableView) -> Int64? { kept.flatMap { $0.isOf(view) ? $0.number : nil } }

  package func table(_ view: TableView) -> Route {
    guard let number = number(of: view) else {
      let text = view.text
      return text == .none && hasDefault
        ? Self.allObjects(deployment, model) : .table(deployment, model: model, text)
    }
    return .view(deployment, number, ViewText(view.pairs(without: KeptView.keys)))
  }

  /// All objects of a model, whichever view opens with it.
  static func allObjects(_ deployment: String, _ model: String) -> Route {
    .table(deployment, model: model, ViewText([ViewText.Pair("all", "1")]))
  }

  /// The shortest way to a view that is kept under a number.
  static func named(_ number: Int64, _ view: TableView, _ deployment: String, _ model: String) -> Route {
    var links = ViewLinks(deployment, model)
    links.hasDefault = true
    if let short = links.shortTable(view) { return short }
    links.kept = KeptView(number, of: view)
    return links.table(view)
  }

  /// Keeps it by a name.
  package func keep(_ view: TableView) -> Route { .keep(deployment, model: model, ViewText(pairs(view.canonical))) }

  /// Nil where the address would be too long for a link.
  package func shortTable(_ view: TableView) -> Route? {
    let route = table(view)
    return route.address.text.utf8.count <= Route.mostBytesOfView ? route : nil
  }

  package func filter(_ view: TableView, adding name: String? = nil) -> Route {
    .filter(deployment, model: model, ViewText(pairs(view) + (name.map { [.init("add", $0)] } ?? [])))
  }

  /// The page that chooses an object for a relationship of this view.
  func pick(_ relationship: String, for view: TableView) -> Route {
    .pick(deployment, model: model, ViewText(pairs(view) + [.init("relationship", relationship)]))
  }

  /// The form with a further condition filled in, to be sent.
  func filter(_ view: TableView, adding condition: Condition) -> Route {
    let texts = condition.texts.map { ViewText.Pair("\(Self.addedValues)[]", $0) }
    let added = [ViewText.Pair("add", condition.name), ViewText.Pair(Self.addedWord, condition.word.rawValue)] + texts
    return .filter(deployment, model: model, ViewText(pairs(view) + added))
  }

  private static let addedWord = "as"
  private static let addedValues = "is"

  /// The condition that the form is to be opened with; without value where it is to be asked for.
  static func condition(in sent: FormContainer) -> Condition? {
    guard let name = sent["add"]?.text else { return nil }
    let word = sent[addedWord]?.text.flatMap(ConditionWord.init) ?? .equal
    guard case .list(let texts)? = sent[addedValues] else { return Condition(name, word) }
    return Condition(name, word, texts)
  }

  package func export(_ view: TableView) -> Route {
    .export(deployment, model: model, ExportView(ViewText(pairs(view))))
  }

  package func columns(_ view: TableView) -> Route { .columns(deployment, model: model, ViewText(pairs(view))) }

  /// What a form must repeat so that the view comes back, but for the keys that it asks for itself.
  package func pairs(_ view: TableView, without keys: Set<String> = []) -> [ViewText.Pair] {
    guard let number = number(of: view) else { return view.pairs(without: keys) }
    return [ViewText.Pair(KeptView.key, "\(number)")] + view.pairs(without: keys.union(KeptView.keys))
  }

  /// Of a GET form that leads to the table.
  package func form(_ view: TableView, without keys: Set<String>) -> (action: Route, pairs: [ViewText.Pair]) {
    guard let number = number(of: view) else {
      return (.table(deployment, model: model, .none), view.pairs(without: keys))
    }
    return (.view(deployment, number, .none), view.pairs(without: keys.union(KeptView.keys)))
  }
}
