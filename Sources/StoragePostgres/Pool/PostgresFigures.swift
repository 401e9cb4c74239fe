import Metrics

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
    /// How long each wait was that is over.
    package internal(set) var waitDuration = HistogramFigures(.time)
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

  func measure(_ page: inout MetricPage) {
    for role in PostgresRole.allCases {
      let (kind, part) = (role.name, self[role])
      page.add(.postgresConnections, [kind, "lent"], part.inUse)
      page.add(.postgresConnections, [kind, "idle"], part.idle)
      page.add(.postgresWaiters, [kind], part.waiting)
      page.add(.postgresLoans, [kind], part.loans)
      page.add(.postgresLoanWait, [kind], part.waitDuration)
      page.add(.postgresRefusals, [kind], part.refusals)
      page.add(.postgresOpenings, [kind, "opened"], part.openings)
      page.add(.postgresOpenings, [kind, "failed"], part.failedOpenings)
      page.add(.postgresLosses, [kind], part.losses)
      page.add(.postgresRoundTrips, [kind], part.roundTrips)
    }
  }
}
