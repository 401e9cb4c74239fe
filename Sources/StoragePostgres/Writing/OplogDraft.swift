import Storage
import Wire

/// Entries of the oplog that a group has made and not sent yet, in their order.
struct OplogDraft {
  private struct Entry {
    let sequence: Int64
    let model: Int
    let operation: OplogEntry.Operation
    let id: ObjectID
    let updatedAt: Int64
    let origin: String
    let state: Range<Int>
    let previous: Int64?
  }

  /// How far it goes.
  struct End {
    fileprivate var entries = 0
    fileprivate var bytes = 0
  }

  private var entries: [Entry] = []
  private var states: [UInt8] = []

  private static let columns = "sequence, model, operation, id, updated_at, origin, state, previous"

  var isEmpty: Bool { entries.isEmpty }
  /// Bytes of all states: of objects too, about as many are still to be sent.
  var byteCount: Int { states.count }
  var end: End { End(entries: entries.count, bytes: states.count) }

  mutating func append(_ change: ObjectChange, origin: String) {
    var state = ByteWriter()
    let columns = change.table.model.columns
    for (position, value) in change.own.enumerated() {
      StateCoding.append(column: columns[position].number, value: value, to: &state)
    }
    // A new object has none.
    for (column, value) in zip(change.table.hidden, change.hidden) {
      StateCoding.append(column: column.number, value: value, to: &state)
    }
    let start = states.count
    state.withBytes { states.append(contentsOf: $0) }
    entries.append(
      Entry(
        sequence: change.sequence, model: change.table.model.number, operation: change.operation, id: change.id,
        updatedAt: change.updatedAt, origin: origin, state: start..<states.count, previous: change.previous))
  }

  /// Forgets what came behind `end`, and gives it back.
  mutating func cut(to end: End) -> OplogDraft {
    var rest = OplogDraft()
    rest.entries = Array(entries[end.entries...])
    rest.states = states
    entries.removeLast(entries.count - end.entries)
    states.removeLast(states.count - end.bytes)
    return rest
  }

  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    states.removeAll(keepingCapacity: true)
  }

  func send(in pipeline: inout PostgresPipeline, _ schema: DeploymentSchema) {
    if entries.isEmpty { return }
    pipeline.add("INSERT INTO \(schema.name).oplog (\(Self.columns)) \(ObjectStatements.rows(ofArrays: 8))") {
      values in
      values.addArray(.integer) { for entry in entries { $0.add(integer: entry.sequence) } }
      values.addArray(.integer) { for entry in entries { $0.add(integer: Int64(entry.model)) } }
      values.addArray(.integer) { for entry in entries { $0.add(integer: Int64(entry.operation.rawValue)) } }
      values.addArray(.id) { for entry in entries { $0.add(id: entry.id) } }
      values.addArray(.integer) { for entry in entries { $0.add(integer: entry.updatedAt) } }
      values.addArray(.text) { for entry in entries { $0.add(text: entry.origin) } }
      values.addArray(.bytes) { array in
        states.withUnsafeBytes { states in
          for entry in entries { array.add(bytes: UnsafeRawBufferPointer(rebasing: states[entry.state])) }
        }
      }
      values.addArray(.integer) { array in
        for entry in entries {
          if let previous = entry.previous { array.add(integer: previous) } else { array.addNull() }
        }
      }
    }
  }
}
