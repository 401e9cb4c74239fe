import DataModel
import JSON
import Objects
import QueryLanguage
import Storage

/// The schemas of one model, by their names among the document's components: `flight.object` and so on.
/// The schemas that all deployments share have names without a dot.
struct ModelSchemas {
  let stored: StoredModel
  private var model: Model { stored.model }

  var all: [(key: String, value: JSONNode)] {
    [
      ("\(model.name).object", object), ("\(model.name).fields", fields), ("\(model.name).write", write),
      ("\(model.name).patch", patch), ("\(model.name).list", list), ("\(model.name).filter", filter),
      ("\(model.name).include", include),
      ("\(model.name).search", search), ("\(model.name).query", query),
      ("\(model.name).sort", sort), ("\(model.name).sort_key", sortKey),
    ] + model.fields.compactMap { FieldSchema(field: $0, model: model.name).keys }
  }

  /// An object as answers have it: every declared key is present, unset is null (api.md section 6).
  private var object: JSONNode {
    var properties: [(key: String, value: JSONNode)] = [
      ("id", FieldSchema.reference("Id")), ("type", ["type": "string", "const": .text(model.name)]),
      ("updated_at", FieldSchema.reference("Time")),
      ("display", ["type": "string", "description": .text("Printed by the display format \(model.display.text)")]),
    ]
    for field in model.fields {
      if let idName = field.idName { properties.append((idName, relatedID("The attachment's id."))) }
      properties.append((field.name, FieldSchema(field: field, model: model.name).reading))
    }
    for relationship in model.belongsTo {
      properties.append((relationship.idName, relatedID("The id of the \(relationship.model).")))
    }
    let required = properties.map { JSONNode.text($0.key) }
    for relationship in model.belongsTo {
      let embedded: [JSONNode] = [FieldSchema.reference("\(relationship.model).object"), ["type": "null"]]
      let description = JSONNode.text("The \(relationship.model) itself, where `include` names it.")
      properties.append((relationship.name, ["anyOf": .array(embedded), "description": description]))
    }
    return [
      "type": "object", "description": .text(model.label), "required": .array(required),
      "properties": .object(properties), "examples": [ModelExample(model: model).object],
    ]
  }

  /// What writes may name.
  private var fields: JSONNode {
    var properties: [(key: String, value: JSONNode)] = [
      (
        "id",
        relatedID("On creating: an unused id of the client's own; else it must equal the path's id. Null is none.")
      )
    ]
    for name in ["type", "updated_at", "display"] { properties.append((name, ["description": "Ignored."])) }
    for field in model.fields {
      if let idName = field.idName {
        properties.append((idName, relatedID("An attachment's id; one that is not known yet waits for its bytes.")))
      }
      properties.append((field.name, FieldSchema(field: field, model: model.name).writing))
    }
    for relationship in model.belongsTo {
      properties.append(
        (relationship.idName, relatedID("The id of the \(relationship.model), which is not checked for existence.")))
    }
    return [
      "type": "object", "description": .text("Fields of \(model.label)"), "additionalProperties": false,
      "properties": .object(properties),
    ]
  }

  private var write: JSONNode {
    body("What is not named is null.", example: ModelExample(model: model).body)
  }

  private var patch: JSONNode {
    body("What is not named stays as it is.", example: ModelExample(model: model).change)
  }

  private func body(_ description: String, example: JSONNode) -> JSONNode {
    [
      "type": "object", "description": .text(description), "required": [.text(model.name)],
      "additionalProperties": false,
      "properties": .object([(model.name, FieldSchema.reference("\(model.name).fields"))]), "examples": [example],
    ]
  }

  private var list: JSONNode {
    let example = ModelExample(model: model).object
    return [
      "type": "object", "required": ["objects", "count", "more"],
      "properties": [
        "objects": ["type": "array", "items": FieldSchema.reference("\(model.name).object")],
        "count": ["type": "integer", "minimum": 0, "description": "How many objects this answer has."],
        "total": ["type": "integer", "minimum": 0, "description": "How many objects match; left out for total=false."],
        "more": ["type": "boolean", "description": "Whether there are further objects."],
        "next": [
          "type": "string", "x-sojourn-extension": true, "description": "Where there are: what `after` takes.",
        ],
      ],
      "examples": [["objects": [example], "count": 1, "total": 1, "more": false]],
    ]
  }

  // MARK: Queries

  /// Every name that can be filtered on, with each of its operators.
  private var filter: JSONNode {
    var properties: [(key: String, value: JSONNode)] = []
    func add(_ names: [String], _ field: QueryField, _ schema: (FilterOperator) -> JSONNode) {
      for name in names {
        for comparison in FilterOperator.all(of: field) {
          guard let suffix = comparison.suffix else { continue }
          properties.append((name + suffix, schema(comparison)))
        }
      }
    }
    // Any text may be compared with an id; one that is no id equals nothing. An empty one is refused.
    let id = { (comparison: FilterOperator) -> JSONNode in
      comparison == .null ? ["type": "boolean"] : ["type": "string", "minLength": 1]
    }
    add(["id", "_id"], .id, id)
    add(["_type"], .type) { ["type": $0 == .null ? "boolean" : "string"] }
    add(["updated_at", "_updated_at"], .updatedAt) { comparison in
      comparison == .null ? ["type": "boolean"] : ["type": "string", "format": "date-time"]
    }
    for (position, column) in stored.columns.enumerated() {
      switch column.source {
      case .field(let field):
        let schema = FieldSchema(field: field, model: model.name)
        add([field.idName ?? field.name], .field(field, position), schema.comparing)
      case .belongsTo(let relationship): add([relationship.idName, relationship.name], .relationship(position), id)
      }
    }
    return [
      "type": "object", "description": .text("Filters of \(model.label)"), "additionalProperties": false,
      "maxProperties": .integer(Int64(Filters.limit)),
      "properties": .object(properties),
    ]
  }

  private var sort: JSONNode {
    let own =
      model.fields.flatMap { [$0.name] + ($0.idName.map { [$0] } ?? []) }
      + model.belongsTo.flatMap { [$0.idName, $0.name] }
    // Generators would call both `natural`, and refuse the whole schema.
    let hasNatural = own.contains { $0.lowercased() == "natural" }
    let names = ["id", "updated_at", "_updated_at"] + (hasNatural ? [] : ["$natural"]) + own
    return [
      "type": "object", "description": .text("Sort keys of \(model.label)"), "additionalProperties": false,
      "maxProperties": .integer(Int64(SortOrder.limit)),
      "properties": .object(names.map { (key: $0, value: FieldSchema.reference("Direction")) }),
    ]
  }

  /// The beginnings of paths. Longer ones are as many as there are ways through the data model.
  private var include: JSONNode {
    let names = model.belongsTo.map { JSONNode.text($0.name) }
    // Empty parts are ignored.
    guard !names.isEmpty else { return ["type": "array", "items": ["type": "string", "enum": [""]]] }
    return ["type": "array", "items": ["type": "string", "enum": .array(names)]]
  }

  private var search: JSONNode {
    let text: JSONNode = ["type": "string", "description": "The text to look for."]
    let properties: [(key: String, value: JSONNode)] =
      [
        ("query", text), ("total", ["type": ["boolean", "null"]]),
        ("sort", ["anyOf": [FieldSchema.reference("\(model.name).sort"), ["type": "null"]]]),
      ] + page
    return ["type": "object", "required": ["query"], "properties": .object(properties)]
  }

  private var query: JSONNode {
    let expression: JSONNode = ["type": ["string", "null"], "format": "sojourn-expression"]
    let key = FieldSchema.reference("\(model.name).sort_key")
    let list: JSONNode = ["type": "array", "maxItems": .integer(Int64(SortOrder.limit)), "items": key]
    let sort: JSONNode = ["anyOf": [list, key, ["type": "null"]]]
    let properties: [(key: String, value: JSONNode)] =
      [("expression", expression), ("arguments", ["type": ["array", "null"], "items": [:]]), ("sort", sort)] + page
    return ["type": "object", "properties": .object(properties)]
  }

  /// A key of a query's order: a name, or one after a minus for descending.
  private var sortKey: JSONNode {
    let names = ["id", "updated_at"] + model.fields.map(\.name) + model.belongsTo.map(\.idName)
    let words = EnumNames.of(names.flatMap { [$0, "\($0)_descending"] })
    return [
      "type": "string", "enum": .array(names.flatMap { [.text($0), .text("-\($0)")] }),
      "x-enum-varnames": .array(words.map { .text($0) }),
    ]
  }

  /// What the bodies of searches and queries say of the page and of what stands in it.
  private var page: [(key: String, value: JSONNode)] {
    let cursor: JSONNode = ["type": ["string", "null"], "format": "sojourn-cursor", "x-sojourn-extension": true]
    return [
      ("limit", ["type": ["integer", "null"], "minimum": 0]), ("skip", ["type": ["integer", "null"], "minimum": 0]),
      ("include", ["anyOf": [FieldSchema.reference("\(model.name).include"), ["type": "null"]]]),
      ("after", cursor), ("cursor", cursor),
    ]
  }

  private func relatedID(_ description: String) -> JSONNode {
    ["anyOf": [FieldSchema.reference("Id"), ["type": "null"]], "description": .text(description)]
  }
}
