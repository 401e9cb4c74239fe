import Storage

/// Which deliveries have changed since they were kept.
package struct UnkeptDeliveries: Sendable {
  package struct Changes: Sendable, Equatable {
    package var deliveries: [WebhookDelivery] = []
    package var finished: [Int64] = []
    package var isEmpty: Bool { deliveries.isEmpty && finished.isEmpty }
  }

  private var touched: Set<Int64> = []
  /// What is on disk, perhaps.
  private var kept: Set<Int64>

  init(kept: [Int64]) { self.kept = Set(kept) }

  var isEmpty: Bool { touched.isEmpty }

  mutating func note(_ sequence: Int64) { touched.insert(sequence) }

  mutating func take(from deliveries: [Int64: WebhookDelivery]) -> Changes {
    var changes = Changes()
    for sequence in touched {
      if let delivery = deliveries[sequence] {
        changes.deliveries.append(delivery)
        kept.insert(sequence)
      } else if kept.remove(sequence) != nil {
        changes.finished.append(sequence)
      }
    }
    touched.removeAll(keepingCapacity: true)
    return changes
  }

  mutating func giveBack(_ changes: Changes) {
    touched.formUnion(changes.deliveries.map(\.sequence))
    touched.formUnion(changes.finished)
    kept.formUnion(changes.finished)
  }
}
