import Wire

/// An event that a webhook has not delivered yet.
package struct WebhookDelivery: Sendable, Equatable {
  /// Of the oplog entry that is sent.
  package var sequence: Int64
  package var object: ObjectID
  package var attempts: Int
  /// When it was tried first, by the webhook's own clock, which stands still while the webhook is suspended.
  package var firstAt: Int64?
  /// When it is tried next: milliseconds since 1970.
  package var nextAt: Int64
  /// Given up: it is sent again only when somebody says so.
  package var isParked: Bool
  /// It may have been delivered before.
  package var isReplay: Bool

  package init(
    sequence: Int64, object: ObjectID, attempts: Int = 0, firstAt: Int64? = nil, nextAt: Int64,
    isParked: Bool = false, isReplay: Bool = false
  ) {
    self.sequence = sequence
    self.object = object
    self.attempts = attempts
    self.firstAt = firstAt
    self.nextAt = nextAt
    self.isParked = isParked
    self.isReplay = isReplay
  }
}

/// One request that a webhook has made, for its log.
package struct WebhookAttempt: Sendable, Equatable {
  package var sequence: Int64
  package var object: ObjectID
  /// Counts from 1 for each delivery.
  package var attempt: Int
  /// When it ended: milliseconds since 1970.
  package var at: Int64
  /// Nil where there was no answer.
  package var status: Int?
  /// From the first byte sent to the last one read.
  package var milliseconds: Int
  /// Why it failed, in words; nil where it succeeded.
  package var problem: String?
  /// The first bytes of the answer.
  package var answer: [UInt8]

  /// A webhook's log holds so many.
  package static let kept = 200
  /// Of an answer so many bytes are kept.
  package static let answerBytes = 1024

  package init(
    sequence: Int64, object: ObjectID, attempt: Int, at: Int64, status: Int?, milliseconds: Int, problem: String?,
    answer: [UInt8]
  ) {
    self.sequence = sequence
    self.object = object
    self.attempt = attempt
    self.at = at
    self.status = status
    self.milliseconds = milliseconds
    self.problem = problem
    self.answer = answer
  }
}

/// What is to be kept of a webhook from now on.
package struct WebhookChange: Sendable {
  /// The webhook as it now is.
  package var record: WebhookRecord
  /// Deliveries that are new or have changed.
  package var deliveries: [WebhookDelivery]
  /// Sequences of deliveries that are no more.
  package var finished: [Int64]
  /// Objects that a `ready` webhook has fired for now.
  package var fired: [(object: ObjectID, sequence: Int64)]
  package var attempts: [WebhookAttempt]

  package init(
    record: WebhookRecord, deliveries: [WebhookDelivery] = [], finished: [Int64] = [],
    fired: [(object: ObjectID, sequence: Int64)] = [], attempts: [WebhookAttempt] = []
  ) {
    self.record = record
    self.deliveries = deliveries
    self.finished = finished
    self.fired = fired
    self.attempts = attempts
  }
}
