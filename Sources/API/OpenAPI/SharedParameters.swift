import Attachments
import DataModel
import JSON

/// Parameters as the document has them. Those whose schema hangs on the model stand in its operations,
/// the others among the components.
enum SharedParameters {
  static let all: [(key: String, value: JSONNode)] =
    [
      ("id", inPath("id", FieldSchema.reference("Id"), example: ModelExample.id)),
      ("session", inPath("session", FieldSchema.reference("Id"), example: UserExample.session)),
      ("user_model", inPath("user_model", ["type": "string"], example: "user")),
      (
        "variant",
        inPath(
          "variant", ["type": "string", "enum": .array(AttachmentVariant.allCases.map { .text($0.rawValue) })],
          example: AttachmentVariant.original.rawValue)
      ),
    ] + shared.map { (key: $0.key, value: node($0, schema: schema(of: $0))) }

  private static func inPath(_ name: String, _ schema: JSONNode, example: String) -> JSONNode {
    ["name": .text(name), "in": "path", "required": true, "schema": schema, "example": .text(example)]
  }

  /// The parameter that a part of a path is; nil where it is none.
  static func reference(_ part: Route.Part) -> JSONNode? {
    switch part {
    case .id: reference("id")
    case .session: reference("session")
    case .userModel: reference("user_model")
    case .variant: reference("variant")
    case .word, .model: nil
    }
  }

  private static let shared: [RouteParameter] = {
    var names: Set<String> = []
    return Route.table.flatMap(\.description.parameters).filter { !hangsOnModel($0) && names.insert($0.key).inserted }
  }()

  static func reference(_ name: String) -> JSONNode { ["$ref": "#/components/parameters/\(name)"] }

  static func node(_ parameter: RouteParameter, of model: Model?) -> JSONNode {
    guard let model, let kind = schemaName(parameter) else { return reference(parameter.key) }
    let made = node(parameter, schema: FieldSchema.reference("\(model.name).\(kind)"))
    if case .include = parameter.kind { return made.adding([("style", "form"), ("explode", false)]) }
    return made.adding([("style", "deepObject"), ("explode", true)])
  }

  private static func hangsOnModel(_ parameter: RouteParameter) -> Bool { schemaName(parameter) != nil }

  /// The schema among those of a model; nil where the schema is the same for all.
  private static func schemaName(_ parameter: RouteParameter) -> String? {
    switch parameter.kind {
    case .filter: "filter"
    case .sort: "sort"
    case .include: "include"
    case .count, .flag, .ignored, .text, .tags, .anyTag, .position, .cursor: nil
    }
  }

  private static func node(_ parameter: RouteParameter, schema: JSONNode) -> JSONNode {
    JSONNode.object([
      ("name", .text(parameter.name)), ("in", .text(parameter.location.rawValue)),
      ("required", false), ("description", .text(parameter.summary)), ("schema", schema),
    ]).adding("x-sojourn-extension", parameter.isExtension ? true : nil)
  }

  /// An opaque text; empty is none.
  static let cursor: JSONNode = ["type": "string", "format": "sojourn-cursor"]

  private static let tag = #""[0-9]{1,19}(-gzip)?""#

  private static func schema(of parameter: RouteParameter) -> JSONNode {
    switch parameter.kind {
    case .count: ["type": "integer", "minimum": 0]
    case .flag: ["type": "boolean"]
    case .position: ["type": "integer", "minimum": 0, "maximum": .integer(.max)]
    case .cursor: cursor
    case .tags: ["type": "string", "pattern": .text(#"^(\*|\#(tag)(, ?\#(tag))*)$"#)]
    case .anyTag: ["type": "string", "enum": ["*"]]
    case .filter, .sort, .include, .text, .ignored: ["type": "string"]
    }
  }
}
