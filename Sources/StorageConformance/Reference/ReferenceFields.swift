import DataModel
import Storage
import Wire

/// What deploys and writes leave in one model's objects, as plainly as it can be said: each field of an
/// object, declared or not, holds the value that was last written to it and the type under which that was.
struct ReferenceFields {
  struct Written {
    var type: FieldType
    var value: StoredValue
  }

  typealias Object = [String: Written]

  private(set) var objects: [ObjectID: Object] = [:]
  /// The object after each change of one.
  private(set) var entries: [(id: ObjectID, object: Object)] = []

  mutating func perform(_ step: WriteStep) -> String {
    switch step {
    case .create(let model, let id, let row), .createNew(let model, let id, let row):
      if objects[id] != nil { return "id in use" }
      create(model, id, row)
      return "created"
    case .put(let model, let id, let row):
      guard objects[id] != nil else {
        create(model, id, row)
        return "created"
      }
      return update(model, id, row.enumerated().map { ($0, $1) })
    case .patch(let model, let id, let changes):
      return objects[id] == nil ? "missing" : update(model, id, changes.map { ($0.position, $0.value) })
    case .delete(_, let id):
      guard let object = objects.removeValue(forKey: id) else { return "missing" }
      entries.append((id, object))
      return "deleted"
    case .refused, .receive, .kept: return "refused"
    }
  }

  /// What an object reads as under a data model.
  static func row(_ object: Object, under model: StoredModel) -> [StoredValue] {
    model.model.fields.map { field in
      object[field.name].map { FieldSample.reading($0.value, from: $0.type, as: field.type) } ?? .null
    }
  }

  private mutating func create(_ model: StoredModel, _ id: ObjectID, _ row: [StoredValue]) {
    var object: Object = [:]
    for (field, value) in zip(model.model.fields, row) where !value.isNull {
      object[field.name] = Written(type: field.type, value: value)
    }
    objects[id] = object
    entries.append((id, object))
  }

  private mutating func update(
    _ model: StoredModel, _ id: ObjectID, _ changes: [(position: Int, value: StoredValue)]
  ) -> String {
    var object = objects[id] ?? [:]
    var isChanged = false
    for (position, value) in changes {
      let field = model.model.fields[position]
      let old = object[field.name]
      let reading = old.map { FieldSample.reading($0.value, from: $0.type, as: field.type) } ?? .null
      if value.isNull {
        guard old != nil else { continue }
        object[field.name] = nil
      } else {
        guard !value.isSame(as: reading) else { continue }
        object[field.name] = Written(type: field.type, value: value)
      }
      isChanged = true
    }
    guard isChanged else { return "unchanged" }
    objects[id] = object
    entries.append((id, object))
    return "updated"
  }
}
