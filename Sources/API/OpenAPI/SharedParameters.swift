import DataModel
import JSON

/// Parameters as the document has them. Those whose schema hangs on the model stand in its operations,
/// the others among the components.
enum SharedParameters {
  static let all: [(key: String, value: JSONNode)] =
    [
      (
        "id",
        [
          "name": "id", "in": "path", "required": true, "schema": FieldSchema.reference("Id"),
          "example": .text(ModelExample.id),
        ]
      )
    ] + shared.map { (key: $0.name, value: node($0, schema: schema(of: $0))) }

  private static let shared: [RouteParameter] = {
    var names: Set<String> = []
    return Route.table.flatMap(\.description.parameters).filter { !hangsOnModel($0) && names.insert($0.name).inserted }
  }()

  static func reference(_ name: String) -> JSONNode { ["$ref": "#/components/parameters/\(name)"] }

  static func node(_ parameter: RouteParameter, of model: Model?) -> JSONNode {
    guard let model, hangsOnModel(parameter) else { return reference(parameter.name) }
    let kind = if case .sort = parameter.kind { "sort" } else { "filter" }
    return node(parameter, schema: FieldSchema.reference("\(model.name).\(kind)"))
      .adding([("style", "deepObject"), ("explode", true)])
  }

  private static func hangsOnModel(_ parameter: RouteParameter) -> Bool {
    switch parameter.kind {
    case .filter, .sort: true
    case .count, .flag, .text, .names: false
    }
  }

  private static func node(_ parameter: RouteParameter, schema: JSONNode) -> JSONNode {
    JSONNode.object([
      ("name", .text(parameter.name)), ("in", .text(parameter.location.rawValue)),
      ("required", .bool(parameter.isRequired)), ("description", .text(parameter.summary)), ("schema", schema),
    ]).adding("x-sojourn-extension", parameter.isExtension ? true : nil)
  }

  private static func schema(of parameter: RouteParameter) -> JSONNode {
    switch parameter.kind {
    case .count: ["type": "integer", "minimum": 0]
    case .flag: ["type": "boolean"]
    case .filter, .sort, .text, .names: ["type": "string"]
    }
  }
}
