import Wire

/// The right to do what must run once, as it is kept: a webhook's deliveries, the sweep, the trim.
///
/// Each new holder gets a higher number. A write that carries an older one is refused, so that a holder that
/// slept through the end of its lease changes nothing.
package struct LeaseRow: Sendable, Equatable {
  package var name: String
  /// Who holds it; another process has another id.
  package var holder: ObjectID
  package var number: Int64
  /// Milliseconds since 1970.
  package var endsAt: Int64

  package init(name: String, holder: ObjectID, number: Int64, endsAt: Int64) {
    self.name = name
    self.holder = holder
    self.number = number
    self.endsAt = endsAt
  }
}

/// What a holder has in hand: it goes with each of its writes (`Precondition.lease`).
package struct LeaseHold: Sendable, Equatable {
  package var name: String
  /// The fencing number.
  package var number: Int64

  package init(name: String, number: Int64) {
    self.name = name
    self.number = number
  }
}

/// Who takes the leases of a store: each node is another one.
package struct LeaseHolder: Sendable {
  package let id: ObjectID
  /// For how long a lease is taken; `.max` where nothing but the end of the holder's process ends it.
  package let milliseconds: Int64

  package init(id: ObjectID, milliseconds: Int64) {
    self.id = id
    self.milliseconds = milliseconds
  }

  /// Whether a lease that was taken stays, as long as the process runs and nobody gives it up.
  package var holdsForGood: Bool { milliseconds == .max }
}

/// What runs on one node at a time. What an engine does by itself it may hold under names of its own.
package enum LeaseName {
  package static let sweep = "sweep"
  package static let trim = "trim"
  package static func deliveries(of webhook: String) -> String { "webhook \(webhook)" }
}

package enum LeaseAct: Sendable {
  /// Takes a lease that is free or has ended, or renews one that is one's own: the number of an own one stays.
  case take(name: String, holder: ObjectID, milliseconds: Int64)
  /// Gives it up; one that has gone to somebody else stays with them.
  case giveUp(LeaseHold)

  var name: String {
    switch self {
    case .take(let name, _, _): name
    case .giveUp(let hold): hold.name
    }
  }
}

/// Who may have a lease. Time is that of the writing transaction.
package enum LeaseRule {
  /// The lease as it is from now on; nil where somebody else holds it.
  package static func taken(
    _ row: LeaseRow?, name: String, by holder: ObjectID, for milliseconds: Int64, at now: Int64
  ) -> LeaseRow? {
    let (end, isOver) = now.addingReportingOverflow(max(milliseconds, 0))
    let endsAt = isOver ? .max : end
    guard let row else { return LeaseRow(name: name, holder: holder, number: 1, endsAt: endsAt) }
    if row.holder == holder, row.endsAt > now {
      return LeaseRow(name: name, holder: holder, number: row.number, endsAt: max(row.endsAt, endsAt))
    }
    guard row.endsAt <= now else { return nil }
    return LeaseRow(name: name, holder: holder, number: row.number + 1, endsAt: endsAt)
  }

  /// Ended at once; the row stays for its number. Nil where it has gone to somebody else.
  package static func givenUp(_ row: LeaseRow?, _ hold: LeaseHold) -> LeaseRow? {
    guard var row, row.number == hold.number else { return nil }
    row.endsAt = .min
    return row
  }

  /// Whether a write under this hold is done. A lease that has ended, and that nobody took since, still counts: no
  /// other can have written under it.
  package static func isGood(_ hold: LeaseHold, _ row: LeaseRow?) -> Bool { row?.number == hold.number }
}
