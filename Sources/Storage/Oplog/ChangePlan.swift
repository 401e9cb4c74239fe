import Wire

/// Which entries of the oplog people look for, and how much work at most.
package struct ChangePlan: Sendable {
  /// The first sequence of the range, and the first one behind it.
  package var start: Int64
  package var end: Int64
  /// From the end of the range on, else from its start.
  package var isNewestFirst: Bool
  /// The numbers of the models whose entries are wanted.
  package var models: Set<Int>
  /// Nil for all.
  package var operation: OplogEntry.Operation?
  package var origin: OriginMatch?
  /// Entries that are handed out.
  package var limit: Int
  /// Entries that are looked at, handed out or not.
  package var examined: Int

  package init(
    start: Int64 = 0, end: Int64 = .max, isNewestFirst: Bool = true, models: Set<Int>,
    operation: OplogEntry.Operation? = nil, origin: OriginMatch? = nil, limit: Int,
    examined: Int = OplogPlan.mostExamined
  ) {
    self.start = start
    self.end = end
    self.isNewestFirst = isNewestFirst
    self.models = models
    self.operation = operation
    self.origin = origin
    self.limit = limit
    self.examined = examined
  }
}

/// Entries that were looked for, without their states, in the order of the plan; and how far it came.
package struct ChangePage: Sendable, Equatable {
  package struct Change: Sendable, Equatable {
    package var sequence: Int64
    package var model: Int
    package var operation: OplogEntry.Operation
    package var id: ObjectID

    package init(sequence: Int64, model: Int, operation: OplogEntry.Operation, id: ObjectID) {
      self.sequence = sequence
      self.model = model
      self.operation = operation
      self.id = id
    }
  }

  package var changes: [Change] = []
  package var reach = OplogReach(last: nil, hasMore: false, examined: 0)

  package init() {}
}

/// Whose changes are wanted, by the origins that entries have: one origin, those of a person and their jobs, or all of
/// a kind (`token`, of which each is `token:{name}`).
package struct OriginMatch: Sendable, Hashable {
  private let whole: [UInt8]
  /// What follows in those that are meant, too.
  private let separator: UInt8?

  package init(_ text: String) {
    whole = Array(text.utf8)
    if text.hasPrefix("person:") {
      separator = UInt8(ascii: "/")
    } else {
      separator = text.utf8.contains(UInt8(ascii: ":")) ? nil : UInt8(ascii: ":")
    }
  }

  /// The one origin that is always meant.
  package var text: String { String(decoding: whole, as: UTF8.self) }

  /// What else origins that are meant begin with; nil where no others are.
  package var beginning: String? { separator.map { text + String(Unicode.Scalar($0)) } }

  package func holds(_ origin: UnsafeRawBufferPointer) -> Bool {
    guard origin.count >= whole.count, zip(origin, whole).allSatisfy({ $0 == $1 }) else { return false }
    return origin.count == whole.count || origin[whole.count] == separator
  }
}
