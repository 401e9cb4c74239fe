import Storage
import Wire

/// One client with objects of its own. It knows what each of its acknowledged requests changed, and
/// which request had no answer yet when the server went away.
struct Author: Sendable {
  let number: Int
  /// All that was acknowledged or found done, in order.
  private(set) var history: [Change] = []
  /// The numbers of the objects that must be there, by id.
  private(set) var live: [String: Int64] = [:]
  /// What the request that got no answer would have changed; nil when there is none.
  private(set) var pending: [Change]?
  private(set) var acknowledgedRequests = 0
  private(set) var acknowledgedChanges = 0
  private(set) var pendingFoundDone = 0
  private(set) var pendingFoundUndone = 0
  private var order: [String] = []
  private var lastNumber: Int64 = 0
  private var lastID = 0
  private var random: SplitMix
  /// Above this many objects it rather deletes.
  private let mostObjects: Int

  init(_ number: Int, seed: UInt64, mostObjects: Int = 120) {
    self.number = number
    self.mostObjects = mostObjects
    random = SplitMix(seed: seed &* 1000 &+ UInt64(number))
  }

  /// What an object's note says beside a number: a write that is half there would show.
  static func note(_ number: Int64) -> String {
    String(repeating: "note \(number) ", count: Int(number % 37))
  }

  func owns(_ id: String) -> Bool { id.hasPrefix(prefix) }

  /// That ids of its objects begin with.
  var prefix: String {
    let hex = String(number, radix: 16)
    return String(repeating: "0", count: 8 - hex.count) + hex + "-"
  }

  // MARK: The next request.

  mutating func nextCall() -> Call {
    let call = makeCall()
    pending = call.changes
    return call
  }

  private mutating func makeCall() -> Call {
    let isFull = order.count > mostObjects
    switch Int.random(in: 0..<12, using: &random) {
    case 0, 1: return isFull ? delete() : create()
    case 2, 3: return patch()
    case 4: return put(isNew: false)
    case 5: return isFull ? delete() : put(isNew: true)
    case 6: return delete()
    case 7: return unchanged()
    case 8: return missing()
    default: return batch(isFull: isFull)
    }
  }

  private mutating func create() -> Call {
    let (id, number) = (newID(), newNumber())
    return Call(
      method: "POST", path: "objects/item.json", body: body(number, id: id),
      changes: [Change(id: id, operation: .create, number: number)])
  }

  private mutating func patch() -> Call {
    guard let id = order.randomElement(using: &random) else { return create() }
    let number = newNumber()
    return Call(
      method: "PATCH", path: "objects/item/\(id).json", body: body(number),
      changes: [Change(id: id, operation: .update, number: number)])
  }

  private mutating func put(isNew: Bool) -> Call {
    let known = isNew ? nil : order.randomElement(using: &random)
    let (id, number) = (known ?? newID(), newNumber())
    return Call(
      method: "PUT", path: "objects/item/\(id).json", body: body(number),
      changes: [Change(id: id, operation: known == nil ? .create : .update, number: number)])
  }

  private mutating func delete() -> Call {
    guard let id = order.randomElement(using: &random), let number = live[id] else { return create() }
    return Call(
      method: "DELETE", path: "objects/item/\(id).json",
      changes: [Change(id: id, operation: .delete, number: number)])
  }

  /// A put of what is there already writes nothing.
  private mutating func unchanged() -> Call {
    guard let id = order.randomElement(using: &random), let number = live[id] else { return create() }
    return Call(method: "PUT", path: "objects/item/\(id).json", body: body(number))
  }

  private mutating func missing() -> Call {
    Call(method: "DELETE", path: "objects/item/\(newID()).json", status: 404)
  }

  /// Fifty operations, some of which fail: on their own, at the first failure, or all with one.
  private mutating func batch(isFull: Bool) -> Call {
    let policy = Int.random(in: 0..<3, using: &random)
    let failures = Set(
      (0..<Int.random(in: 0..<3, using: &random)).map { _ in Int.random(in: 5..<50, using: &random) })
    var state = live
    var ids = order
    var changes: [Change] = []
    var successes: [Bool] = []
    var operations: [String] = []
    var hasFailed = false
    for index in 0..<50 {
      let isSkipped = hasFailed && policy > 0
      var change: Change?
      if failures.contains(index) {
        hasFailed = true
        operations.append(#"{"method":"patch","object":{"type":"item","id":"\#(newID())","number":1}}"#)
      } else {
        let (made, text) = operation(on: ids, state, isFull: isFull)
        change = made
        operations.append(text)
        if !isSkipped {
          state[made.id] = made.operation == .delete ? nil : made.number
          if made.operation == .create { ids.append(made.id) }
          if made.operation == .delete { ids.removeAll { $0 == made.id } }
        }
      }
      if let change, !isSkipped { changes.append(change) }
      successes.append(change != nil && !isSkipped)
    }
    if policy == 2, hasFailed {
      changes = []
      successes = successes.map { _ in false }
    }
    let member = ["", #","stop_on_error":true"#, #","atomic":true"#][policy]
    return Call(
      method: "POST", path: "batch.json",
      body: "{\"operations\":[\(operations.joined(separator: ","))]\(member)}",
      changes: changes, successes: successes)
  }

  private mutating func operation(on ids: [String], _ state: [String: Int64], isFull: Bool) -> (
    Change, String
  ) {
    let kind = Int.random(in: 0..<10, using: &random)
    if kind < (isFull ? 5 : 2), let id = ids.randomElement(using: &random), let number = state[id] {
      return (
        Change(id: id, operation: .delete, number: number),
        #"{"method":"delete","object":{"type":"item","id":"\#(id)"}}"#
      )
    }
    let number = newNumber()
    let fields = #""number":\#(number),"note":"\#(Author.note(number))""#
    if kind < 7 || isFull, let id = ids.randomElement(using: &random) {
      return (
        Change(id: id, operation: .update, number: number),
        #"{"method":"\#(kind % 2 == 0 ? "put" : "patch")","object":{"type":"item","id":"\#(id)",\#(fields)}}"#
      )
    }
    let id = newID()
    return (
      Change(id: id, operation: .create, number: number),
      #"{"method":"\#(kind % 2 == 0 ? "put" : "post")","object":{"type":"item","id":"\#(id)",\#(fields)}}"#
    )
  }

  private func body(_ number: Int64, id: String? = nil) -> String {
    let member = id.map { #""id":"\#($0)","# } ?? ""
    return #"{"item":{\#(member)"number":\#(number),"note":"\#(Author.note(number))"}}"#
  }

  private mutating func newNumber() -> Int64 {
    lastNumber += 1
    return Int64(number) * 100_000_000 + lastNumber
  }

  private mutating func newID() -> String {
    lastID += 1
    let hex = String(lastID, radix: 16)
    return prefix + "0000-4000-8000-" + String(repeating: "0", count: 12 - hex.count) + hex
  }

  // MARK: What came of it.

  /// The answer came whole and says that it is done.
  mutating func acknowledged() {
    acknowledgedRequests += 1
    acknowledgedChanges += pending?.count ?? 0
    for change in pending ?? [] { apply(change) }
    pending = nil
  }

  /// The answer came whole and says that nothing was done.
  mutating func refused() { pending = nil }

  /// Compares the objects that are really there, and settles whether the request without an answer was
  /// done: all of it or nothing.
  mutating func findings(in all: [String: Int64]) -> [String] {
    let found = all.filter { owns($0.key) }
    if let changes = pending {
      let before = self
      for change in changes { apply(change) }
      if found == live {
        if !changes.isEmpty { pendingFoundDone += 1 }
      } else {
        self = before
        if !changes.isEmpty { pendingFoundUndone += 1 }
      }
      pending = nil
    }
    if found == live { return [] }
    let wrong = Set(found.keys).union(live.keys).filter { found[$0] != live[$0] }
    return wrong.sorted().prefix(5).map { id in
      "author \(number): \(id) is \(found[id].map(String.init) ?? "gone"), must be "
        + "\(live[id].map(String.init) ?? "gone") (one of \(wrong.count))"
    }
  }

  private mutating func apply(_ change: Change) {
    history.append(change)
    switch change.operation {
    case .create:
      order.append(change.id)
      live[change.id] = change.number
    case .update: live[change.id] = change.number
    case .delete:
      order.removeAll { $0 == change.id }
      live[change.id] = nil
    }
  }
}
