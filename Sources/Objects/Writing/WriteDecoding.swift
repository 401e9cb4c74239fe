import JSON
import QueryLanguage
import Storage
import Wire

/// Bodies of create, PATCH and PUT: one top-level key, the model's name (api.md section 7).
package enum WriteBody: Sendable {
  case json(JSONDocument)
  case form(FormContainer)

  /// The object under the model's name.
  /// - Throws: `ClientFault`.
  package func object(of model: ModelView) throws(ClientFault) -> ObjectBody {
    let expected = "the body has one top-level key, \"\(model.name)\""
    switch self {
    case .json(let document):
      guard document.root.isObject else { throw .request("The body is no JSON object; \(expected).") }
      for member in document.root.members where member.key != model.name {
        throw .request("The body has the key \"\(CutText.cut(member.key))\"; \(expected).")
      }
      guard let object = document.root[model.name] else {
        throw .request("The body is an empty object; \(expected).")
      }
      if object.isArray { throw Self.severalObjects(model) }
      guard object.isObject else { throw .request("\"\(model.name)\" is no JSON object.") }
      return try ObjectBody(object, of: model)
    case .form(let form):
      for entry in form.entries where entry.key != model.name {
        throw .request("The body has the key \"\(CutText.cut(entry.key))\"; \(expected): \(model.name)[field]=value.")
      }
      switch form[model.name] {
      case .container(let members):
        // A list in the other way to write one: no field is called by a number.
        if members["0"] != nil { throw Self.severalObjects(model) }
        return try ObjectBody(
          members.entries.map { (key: $0.key, value: ClientValue($0.value)) }, of: model)
      // `flight=` is the only way to write an empty object in a form.
      case .text(""): return try ObjectBody([], of: model)
      case .list: throw Self.severalObjects(model)
      case .text, nil: throw .request("\"\(model.name)\" holds no fields; \(expected): \(model.name)[field]=value.")
      }
    }
  }
}

extension WriteBody {
  private static func severalObjects(_ model: ModelView) -> ClientFault {
    .request("\"\(model.name)\" is an array; to write several objects at once use batch.json.")
  }
}

extension ObjectCall {
  /// POST: the id of the body, or one that `newID` makes.
  package static func create(
    _ body: WriteBody, _ model: ModelView, newID: () -> ObjectID
  ) throws(ClientFault) -> ObjectCall {
    let object = try body.object(of: model)
    guard let value = object.id else {
      let id = newID()
      return .write(
        ObjectWrite(.createNew(model.stored, id, object.row(of: model)), of: model, id, bringing: object.uploads))
    }
    let id = try given(value)
    return .write(
      ObjectWrite(.create(model.stored, id, object.row(of: model)), of: model, id, bringing: object.uploads))
  }

  package static func patch(
    _ body: WriteBody, _ model: ModelView, _ id: ObjectID, if conditions: [ObjectCondition] = []
  ) throws(ClientFault) -> ObjectCall {
    let object = try body.object(of: model)
    try check(object.id, is: id)
    return .write(
      ObjectWrite(
        .patch(model.stored, id, object.values), of: model, id, bringing: object.uploads, if: conditions))
  }

  package static func put(
    _ body: WriteBody, _ model: ModelView, _ id: ObjectID, if conditions: [ObjectCondition] = []
  ) throws(ClientFault) -> ObjectCall {
    let object = try body.object(of: model)
    try check(object.id, is: id)
    return .write(
      ObjectWrite(
        .put(model.stored, id, object.row(of: model)), of: model, id, bringing: object.uploads, if: conditions))
  }

  package static func delete(_ model: ModelView, _ id: ObjectID, if conditions: [ObjectCondition]) -> ObjectCall {
    .write(ObjectWrite(.delete(model.stored, id), of: model, id, if: conditions))
  }

  /// An id that a client gives to an object.
  static func given(_ value: ClientValue) throws(ClientFault) -> ObjectID {
    guard let text = value.textual, let id = ObjectID(text) else {
      throw .value("id: \(value.shown) is refused: it takes a UUID in lower case.")
    }
    return id
  }

  private static func check(_ value: ClientValue?, is id: ObjectID) throws(ClientFault) {
    guard let value else { return }
    guard try given(value) == id else {
      throw .value("id: \(value.shown) is refused: the path names \(id).")
    }
  }
}
