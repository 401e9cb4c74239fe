import JSON

/// Which entries of the oplog are to go.
package struct OplogTrimming: Sendable, Equatable, JSONRecord {
  package enum Cut: Sendable, Equatable {
    /// Those below this sequence.
    case before(Int64)
    /// Those that are older.
    case olderThan(seconds: Int64)
  }

  package var cut = Cut.before(0)
  /// Also what an enabled webhook has not delivered.
  package var isForced = false

  init() {}
  package static var blank: OplogTrimming { OplogTrimming() }

  package init(_ cut: Cut, isForced: Bool) {
    self.cut = cut
    self.isForced = isForced
  }

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    var sequence: Int64?
    var seconds: Int64?
    switch cut {
    case .before(let before): sequence = before
    case .olderThan(let age): seconds = age
    }
    try members.member("before", &sequence, .optional(.count))
    try members.member("older_than", &seconds, .optional(.count))
    try members.member("force", &isForced, .flag)
    switch (sequence, seconds) {
    case (let sequence?, nil): cut = .before(sequence)
    case (nil, let seconds?): cut = .olderThan(seconds: seconds)
    default: throw JSONMismatch("either a sequence or an age is expected")
    }
  }
}
