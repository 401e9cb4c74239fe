/// What the connections of a node do, for metrics.
package struct PostgresFigures: Sendable {
  /// Of one role.
  package struct Part: Sendable {
    /// Lent now, resting now, and threads that wait now.
    package internal(set) var inUse = 0
    package internal(set) var idle = 0
    package internal(set) var waiting = 0
    /// Since the start: how often one was lent, was waited for, and was not to be had in time.
    package internal(set) var loans = 0
    package internal(set) var waits = 0
    package internal(set) var refusals = 0
    /// Since the start: sessions that were opened, that could not be, and that were lost while they were lent.
    package internal(set) var openings = 0
    package internal(set) var failedOpenings = 0
    package internal(set) var losses = 0
    /// Pipelines that were sent.
    package internal(set) var roundTrips = 0
  }

  private let parts: [Part]

  init(_ parts: [Part]) { self.parts = parts }

  package subscript(role: PostgresRole) -> Part { parts[role.rawValue] }
}
