/// What objects were after each of their writes, kept apart from the server: fields by name, each with the type under
/// which it was written. By this alone it says what restoring does.
struct RestoreOracle {
  struct Value: Hashable {
    var type: String
    /// As the API prints it.
    var json: String
  }

  typealias State = [String: Value]

  struct Entry {
    var sequence: Int64
    var id: Int
    /// After it; of a deletion before it.
    var state: State
    var isDeletion: Bool
  }

  /// What restoring does, as of one moment.
  struct Plan: Equatable {
    /// Fields with their types, of the data model in force.
    var changed: [String: String] = [:]
    /// Fields that do not come back, with the reason.
    var left: [String: String] = [:]
    var result: State
    /// The last entry of the object; nil where it is not there.
    var seen: Int64?

    var isPossible: Bool { seen == nil || !changed.isEmpty }
  }

  private(set) var entries: [Entry] = []
  /// Of the fields that the data model has now.
  var types: [String: String]
  /// The last entry that was trimmed.
  var trimmed: Int64 = 0

  init(types: [String: String]) { self.types = types }

  func last(of id: Int) -> Entry? { entries.last { $0.id == id } }

  /// Nil where the object is not there.
  func state(of id: Int) -> State? { last(of: id).flatMap { $0.isDeletion ? nil : $0.state } }

  mutating func note(_ sequence: Int64, _ id: Int, _ state: State, isDeletion: Bool = false) {
    entries.append(Entry(sequence: sequence, id: id, state: state, isDeletion: isDeletion))
  }

  func plan(_ entry: Entry) -> Plan {
    let now = state(of: entry.id)
    var plan = Plan(result: now ?? [:], seen: now == nil ? nil : last(of: entry.id)?.sequence)
    for name in Set(types.keys).union(entry.state.keys) {
      let (then, present) = (entry.state[name], now?[name])
      if then == present { continue }
      switch types[name] {
      case nil: if let then { plan.left[name] = "removed \(then.type)" }
      case let type? where then != nil && then?.type != type: plan.left[name] = "type \(type)"
      case let type?:
        plan.changed[name] = type
        plan.result[name] = then
      }
    }
    return plan
  }
}
