import JSON
import Storage
import Wire

/// What a webhook has not delivered, and its last attempts.
package struct Deliveries: Sendable, Equatable, JSONRecord {
  package enum State: String, CaseIterable, Sendable { case waiting, parked }

  /// The change that was or is to be delivered.
  package struct Event: Sendable, Equatable {
    /// Webhook and sequence.
    package var delivery = ""
    package var sequence: Int64 = 0
    package var object = ""

    fileprivate mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
      try members.member("delivery", &delivery, .text)
      try members.member("sequence", &sequence, .decimal)
      try members.member("object_id", &object, .text)
    }
  }

  package struct Unfinished: Sendable, Equatable, JSONRecord {
    package var event = Event()
    package var state = State.waiting
    /// When it is tried next; nil where it was given up.
    package var nextAt: Instant?
    package var attempts = 0
    package var isReplay = false

    package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
      try event.visit(&members)
      try members.member("state", &state, .word)
      try members.member("next_at", &nextAt, .optional(.time))
      try members.member("attempts", &attempts, .count)
      try members.member("replay", &isReplay, .flag)
    }
  }

  package struct Attempt: Sendable, Equatable, JSONRecord {
    package var event = Event()
    package var endedAt = Instant.first
    package var problem: String?
    /// The beginning of what the endpoint answered.
    package var answer = ""
    package var number = 1
    package var status: Int?
    package var milliseconds = 0

    package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
      try event.visit(&members)
      try members.member("at", &endedAt, .time)
      try members.member("problem", &problem, .optional(.text))
      try members.member("answer", &answer, .text)
      try members.member("attempt", &number, .count)
      try members.member("status", &status, .optional(.count))
      try members.member("milliseconds", &milliseconds, .integer(.min ... .max))
    }
  }

  package var unfinished: [Unfinished] = []
  package var attempts: [Attempt] = []

  package mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("unfinished", &unfinished, .list(.record))
    try members.member("attempts", &attempts, .list(.record))
  }
}

extension Deliveries { package static var blank: Deliveries { Deliveries() } }

extension Deliveries.Event {
  fileprivate init(_ sequence: Int64, _ object: ObjectID, of webhook: String) {
    self.init(delivery: "\(webhook):\(sequence)", sequence: sequence, object: object.description)
  }
}

extension Deliveries.Unfinished {
  package static var blank: Deliveries.Unfinished { Deliveries.Unfinished() }

  init(_ delivery: WebhookDelivery, of webhook: String) {
    self.init(
      event: .init(delivery.sequence, delivery.object, of: webhook), state: delivery.isParked ? .parked : .waiting,
      nextAt: delivery.isParked ? nil : Instant(clampingMilliseconds: delivery.nextAt), attempts: delivery.attempts,
      isReplay: delivery.isReplay)
  }
}

extension Deliveries.Attempt {
  package static var blank: Deliveries.Attempt { Deliveries.Attempt() }

  init(_ attempt: WebhookAttempt, of webhook: String) {
    self.init(
      event: .init(attempt.sequence, attempt.object, of: webhook), endedAt: Instant(clampingMilliseconds: attempt.at),
      problem: attempt.problem,
      answer: String(decoding: attempt.answer, as: UTF8.self), number: attempt.attempt, status: attempt.status,
      milliseconds: attempt.milliseconds)
  }
}
