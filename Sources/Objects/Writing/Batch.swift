import JSON
import QueryLanguage
import Storage
import Wire

/// A batch as asked for (api.md section 8). Operations that the data model refuses are failures of
/// their own; what is wrong with the form is a failure of the whole.
package struct Batch: Sendable {
  package struct Operation: Sendable {
    /// In lower case.
    package var method: String
    package var type: String
    /// As it was given, or as it was made.
    package var id: String
    /// What was wrong before storage saw it.
    package var fault: Fault?
    /// Attachments whose bytes stand in the operation.
    package var uploads: [InlineUpload] = []
  }

  package enum Fault: Sendable {
    case client(ClientFault)
    case missing
  }

  package var operations: [Operation] = []
  package var steps: [WriteStep] = []
  /// What operations want of their objects.
  package private(set) var preconditions: [Precondition] = []
  package var stopsOnError: Bool
  package var isAtomic: Bool
  package var isDryRun: Bool

  package static let limit = 1000

  /// `newID` makes the ids of objects that come without one.
  /// - Throws: `ClientFault.request` where the batch is ill-formed as a whole.
  package init(
    _ document: JSONDocument, under models: DataModelView, newID: () -> ObjectID
  ) throws(ClientFault) {
    let root = document.root
    guard root.isObject else { throw .request("The body is no JSON object; it has the key \"operations\".") }
    stopsOnError = try Self.flag("stop_on_error", of: root)
    isAtomic = try Self.flag("atomic", of: root)
    isDryRun = try Self.flag("dry_run", of: root)
    guard let list = root["operations"] else { throw .request("The key \"operations\" is missing.") }
    guard list.isArray else { throw .request("\"operations\" is no array.") }
    guard list.count <= Self.limit else {
      throw .request("A batch has at most \(Self.limit) operations; this one has \(list.count).")
    }
    operations.reserveCapacity(list.count)
    steps.reserveCapacity(list.count)
    for (index, operation) in list.elements.enumerated() {
      try add(operation, at: index, under: models, newID: newID)
    }
  }

  private static func flag(_ name: String, of root: JSONValue) throws(ClientFault) -> Bool {
    guard let value = root[name] else { return false }
    guard let flag = value.bool else { throw .request("\"\(name)\" takes true or false.") }
    return flag
  }

  private mutating func add(
    _ operation: JSONValue, at index: Int, under models: DataModelView, newID: () -> ObjectID
  ) throws(ClientFault) {
    func broken(_ reason: String) -> ClientFault { .request("operations[\(index)]: \(reason)") }
    guard operation.isObject else { throw broken("it is no object.") }
    guard let method = operation["method"]?.string.flatMap({ Method(rawValue: $0.lowercased()) }) else {
      throw broken("\"method\" is one of post, put, patch and delete.")
    }
    guard let object = operation["object"], object.isObject else {
      throw broken("\"object\" is missing or no object.")
    }
    guard let type = object["type"]?.string else {
      throw broken("\"object\" needs the string \"type\", the name of its model.")
    }
    let given = object["id"].flatMap { $0.isNull ? nil : $0 }
    if let given, !given.isString { throw broken("the \"id\" of \"object\" is a string.") }
    if given == nil, method != .post { throw broken("\"object\" needs its \"id\" for \(method.rawValue).") }

    for condition in try Self.conditions(of: operation, broken) {
      preconditions.append(.object(step: index, condition))
    }
    let text = given?.string
    let id = text.flatMap { ObjectID($0) } ?? (text == nil ? newID() : nil)
    var entry = Operation(method: method.rawValue, type: type, id: text ?? id?.description ?? "")
    if let step = read(method, object, id: id, type: type, under: models, entry: &entry) {
      steps.append(step)
    } else {
      steps.append(.refused)
    }
    operations.append(entry)
  }

  /// `if_match` and `if_none_match` (api.md section 17, *Tags*).
  private static func conditions(
    of operation: JSONValue, _ broken: (String) -> ClientFault
  ) throws(ClientFault) -> [ObjectCondition] {
    var conditions: [ObjectCondition] = []
    if let value = operation["if_match"], !value.isNull {
      if value.string == "*" {
        conditions.append(.exists)
      } else if let text = value.string, !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
        // What no 64 bits hold is no object's.
        conditions.append(.sequence(among: Int64(text).map { [$0] } ?? []))
      } else {
        throw broken("\"if_match\" takes the sequence of the object's last write as a string of digits, or \"*\".")
      }
    }
    if let value = operation["if_none_match"], !value.isNull {
      guard value.string == "*" else { throw broken("\"if_none_match\" takes \"*\" alone.") }
      conditions.append(.isAbsent)
    }
    return conditions
  }

  private enum Method: String { case post, put, patch, delete }

  /// The step, or nil with the reason in `entry.fault`.
  private func read(
    _ method: Method, _ object: JSONValue, id: ObjectID?, type: String, under models: DataModelView,
    entry: inout Operation
  ) -> WriteStep? {
    guard let model = models[type] else {
      entry.fault = .client(.value("type: there is no model \"\(CutText.cut(type))\"."))
      return nil
    }
    guard let id else {
      switch method {
      case .post, .put:
        entry.fault = .client(
          .value("id: \"\(CutText.cut(object["id"]?.string ?? ""))\" is refused: it takes a UUID in lower case."))
      case .patch, .delete: entry.fault = .missing
      }
      return nil
    }
    if method == .delete { return .delete(model.stored, id) }
    do throws(ClientFault) {
      let body = try ObjectBody(object, of: model)
      entry.uploads = body.uploads
      return switch method {
      case .post where object["id"].map(\.isNull) ?? true: .createNew(model.stored, id, body.row(of: model))
      case .post: .create(model.stored, id, body.row(of: model))
      case .put: .put(model.stored, id, body.row(of: model))
      case .patch, .delete: .patch(model.stored, id, body.values)
      }
    } catch {
      entry.fault = .client(error)
      return nil
    }
  }
}
