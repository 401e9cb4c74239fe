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
  var way: EntryWay
  /// Positions of the columns that it changed; nil where the state before it is not kept, or not linked yet.
  var columns: [Int]?
}

extension PageRead {
  /// Nil where the oplog was trimmed behind it.
  func lastChange(of id: ObjectID, _ model: ModelView) throws -> LastChange? {
    let page = try snapshot.history(HistoryPlan(model.stored, id, limit: 1))
    guard let entry = page.entries.first, entry.operation != .delete else { return nil }
    var last = LastChange(origin: Origin(entry.origin), way: EntryWay(entry, after: page.entry(before: 0)))
    last.users = try users(of: last.origin.map { [$0] } ?? [])
    let row = model.stored.row(of: entry.values)
    if last.way.isCreation {
      last.columns = row.indices.filter { !row[$0].isNull }
    } else if let before = page.predecessor(of: 0).map({ model.stored.row(of: $0.values) }) {
      last.columns = row.indices.filter { row[$0] != before[$0] }
    }
    return last
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
      let name = last.way.isCreation ? "Its creation, as a change" : "Its last change"
      let note =
        last.columns == nil
        ? "The state before it is not kept, so that this sends all fields." : nil
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
    case .field(let field): isMasked || field.type.isAttachment ? nil : field.name
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
