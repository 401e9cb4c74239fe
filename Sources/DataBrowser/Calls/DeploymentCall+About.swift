import DataModel
import Deployments
import HTTPServer
import Objects
import Storage
import Wire

extension DeploymentCall {
  func about(_ name: String) async throws -> Response {
    let indexes = try await deployment.store.indexes().first { $0.model == name }?.indexes ?? []
    let (page, frame) = try await reading { read in
      let model = try Self.model(name, read)
      return AboutPage(
        card: DeploymentCard(deployment), model: try read.card(model), display: model.stored.model.display.text,
        isSensitive: model.stored.model.classification == .sensitive,
        fields: model.stored.columns.map { AboutPage.Field($0, in: id, read.models) },
        referrers: Relation.all(towards: model, among: read.models).map { relation in
          AboutPage.Field(
            label: relation.label, name: relation.filterName, type: "belongs to \(model.name)",
            meaning: .model(relation.model.stored.model.label, .table(id, model: relation.model.name, .none)))
        },
        indexes: indexes.map(AboutPage.Index.init), examples: examples(of: model))
    }
    return answer(page, in: frame)
  }

  private func examples(of model: ModelView) -> [AboutPage.Example] {
    let path = "objects/\(PercentText.encode(model.name))"
    func line(_ path: String, _ body: (String, String)? = nil) -> String {
      CurlText.line(base: baseURL, user: id, path: path, body: body.map { (text: $0.0, method: $0.1) })
    }
    let first = model.stored.columns.first { !$0.isMasked }?.name
    return [
      .init(name: "The last changes first", curl: line("\(path).json?sort[updated_at]=-1&limit=10")),
      .init(name: "How many there are", curl: line("\(path)/count.json")),
      .init(name: "A search", curl: line("\(path)/search.json", ("{\"query\":\"text\",\"limit\":10}", "POST"))),
      .init(
        name: "An expression",
        curl: line(
          "\(path)/query.json",
          ("{\"expression\":\"\(first ?? "id") != ?\",\"arguments\":[null],\"limit\":10}", "POST"))),
    ]
  }
}

extension AboutPage.Field {
  /// Options that are named; more are counted.
  private static let mostOptions = 20

  init(_ column: StoredColumn, in deployment: String, _ models: VisibleModels) {
    switch column.source {
    case .belongsTo(let relationship):
      let target = models[relationship.model]
      self.init(
        label: relationship.name, name: relationship.idName, type: "belongs to",
        meaning: .model(
          target?.stored.model.label ?? "a model that is not open to you",
          target.map { .table(deployment, model: $0.name, .none) }))
    case .field(let field):
      let options = field.options.prefix(Self.mostOptions).map {
        AboutPage.Option(key: $0.key.description, label: $0.label)
      }
      self.init(
        label: field.label, name: field.name, type: column.typeText(of: field),
        meaning: .options(options, more: field.options.count - options.count))
    }
  }
}

extension AboutPage.Index {
  init(_ index: StoredIndex) {
    self.init(
      name: index.name, keys: index.keys.map { ($0.descending ? "-" : "") + $0.name }.joined(separator: ", "),
      kind: index.kind.words, isReady: index.status == .ready, queries: index.usage?.queries)
  }
}

extension StoredIndex.Kind {
  fileprivate var words: String {
    switch self {
    case .internal: "made by the server"
    case .schema: "of the data model"
    case .adhoc: "made by hand"
    }
  }
}
