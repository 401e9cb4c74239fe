import DataModel
import JSON

/// Objects of a model as examples: what a client writes, and what it then reads.
struct ModelExample {
  static let id = "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a11"
  static let relatedID = "5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f10"
  static let time = "2013-01-31T09:05:00Z"

  let model: Model

  /// The object as answers have it (api.md section 6).
  var object: JSONNode {
    var members: [(key: String, value: JSONNode)] = [
      ("id", .text(Self.id)), ("type", .text(model.name)), ("updated_at", .text(Self.time)),
      ("display", .text(model.label)),
    ]
    for field in model.fields {
      if let idName = field.idName { members.append((idName, .null)) }
      members.append((field.name, FieldExample(field: field).reading))
    }
    members += relationships
    return .object(members)
  }

  /// Its fields, as a create or a replacement names them.
  var fields: JSONNode {
    .object(
      model.fields.filter { !$0.type.isAttachment }.map { ($0.name, FieldExample(field: $0).writing) } + relationships)
  }

  /// What a create sends.
  var body: JSONNode { .object([(model.name, fields)]) }

  /// One change, or none where the model has nothing to change.
  var change: JSONNode {
    let field = model.fields.first { !$0.type.isAttachment }
    let member =
      field.map { ($0.name, FieldExample(field: $0).writing) } ?? relationships.first.map { ($0.key, $0.value) }
    return .object([(model.name, .object(member.map { [(key: $0.0, value: $0.1)] } ?? []))])
  }

  /// A text to look for.
  var text: String { model.fields.lazy.compactMap { FieldExample(field: $0).filtering }.first ?? model.label }

  /// An expression with its arguments.
  var query: JSONNode {
    for field in model.fields {
      guard let value = FieldExample(field: field).comparing else { continue }
      return ["expression": .text("\(field.name) = ?"), "arguments": [value], "sort": ["-updated_at"], "limit": 10]
    }
    return ["expression": "updated_at > ?", "arguments": [.text(Self.time)], "sort": ["-updated_at"], "limit": 10]
  }

  /// An operation of a batch.
  func operation(_ method: String) -> JSONNode {
    let lead: [(key: String, value: JSONNode)] = [("type", .text(model.name)), ("id", .text(Self.id))]
    guard case .object(let members) = fields, method != "delete" else {
      return ["method": .text(method), "object": .object(lead)]
    }
    return ["method": .text(method), "object": .object(lead + members)]
  }

  private var relationships: [(key: String, value: JSONNode)] {
    model.belongsTo.map { (key: $0.idName, value: .text(Self.relatedID)) }
  }
}
