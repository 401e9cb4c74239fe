import DataModel
import Deployments
import JSON
import Objects
import Storage
import Wire

/// The last change of an object, as far as the oplog has it.
struct LastChange: Sendable {
  var origin: Origin?
  /// Where a device made it.
  var users: [ObjectID: String] = [:]
  var isCreation: Bool
  /// Positions of the columns that it changed; nil where the state before it lies further back than is looked.
  var columns: [Int]?
}

extension PageRead {
  /// Entries of the oplog before an object's last change among which the state before it is looked for.
  private static let mostBefore = 300

  /// Nil where the oplog was trimmed behind it.
  func lastChange(of id: ObjectID, _ model: ModelView) throws -> LastChange? {
    guard let row = try snapshot.object(model.stored, id) else { return nil }
    let sequence = row.integer(0, RowPage.Lead.sequence)
    var found: LastChange?
    let plan = OplogPlan(start: sequence, end: sequence + 1, limit: 1, hasOrigins: true)
    _ = try snapshot.oplog(plan, under: models.view.stored) { page in
      guard let entry = page.entries.first, page.groups[entry.group].rows.id(entry.row) == id else { return }
      found = LastChange(origin: entry.origin.flatMap(Origin.init), isCreation: entry.operation == .create)
    }
    guard var last = found else { return nil }
    last.users = try users(of: last.origin.map { [$0] } ?? [])
    let positions = model.stored.columns.indices
    last.columns =
      last.isCreation
      ? positions.filter { !row.value(0, RowPage.Lead.count + $0).isNull }
      : try changed(row, id, of: model, before: sequence)
    return last
  }

  private func changed(_ row: RowPage, _ id: ObjectID, of model: ModelView, before sequence: Int64) throws -> [Int]? {
    var columns: [Int]?
    let plan = OplogPlan(
      end: sequence, limit: Self.mostBefore, models: [model.stored.number], examined: Self.mostBefore, isTail: true)
    _ = try snapshot.oplog(plan, under: models.view.stored) { page in
      guard let entry = page.entries.last(where: { page.groups[$0.group].rows.id($0.row) == id }) else { return }
      let before = page.groups[entry.group].rows
      columns = model.stored.columns.indices.filter { position in
        let slot = RowPage.Lead.count + position
        return before.value(entry.row, slot) != row.value(0, slot)
      }
    }
    return columns
  }

  /// Reading the object, and its last change once more.
  func examples(of id: ObjectID, _ model: ModelView, _ last: LastChange?) throws -> [ObjectPage.Example] {
    let path = "objects/\(PercentText.encode(model.name))/\(id.description).json"
    func line(_ body: String?) -> String {
      CurlText.line(base: call.baseURL, user: call.id, path: path, body: body.map { (text: $0, method: "PATCH") })
    }
    var examples = [ObjectPage.Example(name: "Read it", curl: line(nil))]
    guard let last else { return examples }
    let body = try patch(of: id, model, columns: last.columns)
    if body.utf8.count <= Self.mostBytesOfPatch {
      let name = last.isCreation ? "Its creation, as a change" : "Its last change"
      let note =
        last.columns == nil
        ? "The state before it lies too far back to say which fields changed, so that this sends all of them." : nil
      examples.append(ObjectPage.Example(name: name, curl: line(body), note: note))
    }
    return examples
  }

  /// Longer ones are no examples.
  private static let mostBytesOfPatch = 8000

  /// What the API takes for these columns of the object; nil takes all of them. Password fields are left out, and
  /// attachments, which are uploaded.
  private func patch(of id: ObjectID, _ model: ModelView, columns: [Int]?) throws -> String {
    let members = try JSONDocument.read(try json(of: id, model)).root.members
    let values = Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    var writer = ByteWriter(capacity: 256)
    writer.append("{")
    var isFirst = true
    for position in columns ?? Array(model.stored.columns.indices) {
      let column = model.stored.columns[position]
      guard let name = column.patchName, let value = values[name] else { continue }
      if !isFirst { writer.append(",") }
      isFirst = false
      writer.append(quoted: name)
      writer.append(":")
      value.appendWritten(to: &writer)
    }
    writer.append("}")
    return writer.string
  }
}

extension StoredColumn {
  /// The member of a PATCH that sets it; nil for what an example does not show.
  fileprivate var patchName: String? {
    switch source {
    case .belongsTo(let relationship): relationship.idName
    case .field(let field): isPassword || field.type.isAttachment ? nil : field.name
    }
  }
}

extension JSONValue {
  /// As it is sent: choices by their keys alone.
  fileprivate func appendWritten(to writer: inout ByteWriter) {
    if isArray {
      writer.append("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { writer.append(",") }
        element.appendWritten(to: &writer)
      }
      writer.append("]")
    } else if isObject, let key = self["key"] {
      writer.append(text: key.rawText)
    } else {
      writer.append(text: rawText)
    }
  }
}
