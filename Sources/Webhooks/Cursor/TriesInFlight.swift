import Storage
import Wire

/// One try of a delivery.
package struct DeliveryTry: Sendable, Equatable {
  package let delivery: WebhookDelivery
  /// Tells this try from any other of the same sequence.
  package let ticket: UInt64
}

/// The tries that have begun and not ended: at most one of a sequence, and few, so that looking at all costs nothing.
struct TriesInFlight: Sendable {
  private var tickets: [Int64: (ticket: UInt64, object: ObjectID)] = [:]
  private var lastTicket: UInt64 = 0

  var count: Int { tickets.count }
  var isEmpty: Bool { tickets.isEmpty }
  var all: [(sequence: Int64, object: ObjectID)] { tickets.map { ($0.key, $0.value.object) } }
  var hasOnePerObject: Bool { Set(tickets.values.map(\.object)).count == tickets.count }

  func contains(_ sequence: Int64) -> Bool { tickets[sequence] != nil }

  func hasAny(of object: ObjectID) -> Bool { tickets.values.contains { $0.object == object } }

  mutating func begin(_ delivery: WebhookDelivery) -> DeliveryTry {
    assert(!hasAny(of: delivery.object), "of one object one delivery at a time is tried")
    lastTicket += 1
    tickets[delivery.sequence] = (lastTicket, delivery.object)
    return DeliveryTry(delivery: delivery, ticket: lastTicket)
  }

  /// False where the try is no longer of interest.
  mutating func end(_ one: DeliveryTry) -> Bool {
    guard tickets[one.delivery.sequence]?.ticket == one.ticket else { return false }
    tickets[one.delivery.sequence] = nil
    return true
  }

  /// How it ends is of no interest.
  mutating func forget(_ sequence: Int64) { tickets[sequence] = nil }
}
