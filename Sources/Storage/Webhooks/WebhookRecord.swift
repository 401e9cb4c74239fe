/// A webhook that was enabled at least once, as it is kept. Times are milliseconds since 1970.
package struct WebhookRecord: Sendable, Equatable {
  /// As declared in the data model, which may no longer declare it.
  package var name: String
  package var url: String
  package var isEnabled: Bool
  /// Sealed: of no use to who has the store alone.
  package var secret: [UInt8]
  package var nextSecret: [UInt8]?
  package var nextMadeAt: Int64?
  /// The first sequence that was not looked at.
  package var position: Int64
  /// The furthest position ever: what lies before it is sent for the second time.
  package var reached: Int64
  package var failuresInRow: Int
  package var suspendedSince: Int64?
  /// For how long the clock of its deliveries has stood still so far, suspended.
  package var stoodStill: Int64
  /// Requests that succeeded and that failed, ever.
  package var delivered: Int64
  package var failed: Int64
  /// How often the record was kept: a change that was made from another revision than the stored one is refused.
  package var revision: Int64

  package init(name: String, url: String, secret: [UInt8], position: Int64) {
    self.name = name
    self.url = url
    isEnabled = true
    self.secret = secret
    self.position = position
    reached = position
    failuresInRow = 0
    stoodStill = 0
    delivered = 0
    failed = 0
    revision = 0
  }
}
