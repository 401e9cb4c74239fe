import Synchronization

/// A room in each deployment for what a layer above keeps of it, so that nobody keeps a table of deployments
/// beside the registry.
///
/// ```swift
/// private static let descriptions = DeploymentSlot<Descriptions>(.revision)
/// let kept = deployment.value(in: Self.descriptions) { Descriptions() }
/// ```
///
/// What is in it goes with the deployment at the latest: one that is deleted and made again begins with none. A
/// look-up costs one lock and an index.
package struct DeploymentSlot<Value: AnyObject & Sendable>: Sendable {
  fileprivate let index: Int
  fileprivate let life: DeploymentSlotLife

  /// Each call makes another slot in all deployments: make few, and keep them.
  package init(_ life: DeploymentSlotLife) {
    index = nextSlot.add(1, ordering: .relaxed).oldValue
    self.life = life
  }
}

/// How long a slot holds its value.
package enum DeploymentSlotLife: Sendable {
  /// Until something changes in the deployment: its settings or credentials.
  case revision
  /// Until the deployment goes: for what must outlive a changed setting.
  case deployment
}

/// No two slots of the process have the same index, so that a value that is found has its slot's type.
private let nextSlot = Atomic<Int>(0)

/// The values of a deployment's slots.
struct SlotTable: Sendable {
  typealias Held = any AnyObject & Sendable

  private var ofRevision: [Held?] = []
  private var lasting: [Held?] = []
  /// How often the values of a revision were dropped.
  private(set) var drops = 0

  func value<Value>(in slot: DeploymentSlot<Value>) -> Value? {
    let values = slot.life == .revision ? ofRevision : lasting
    guard slot.index < values.count, let found = values[slot.index] else { return nil }
    // Only `put` fills it, with this slot's index and type.
    return unsafeDowncast(found, to: Value.self)
  }

  /// - Parameter drops: from before the value was made. One that was made of what changed meanwhile is not kept.
  /// - Returns: the value to use: the one that is there already, where two were made at once.
  mutating func put<Value>(_ value: Value, in slot: DeploymentSlot<Value>, madeAfter drops: Int) -> Value {
    if let found = self.value(in: slot) { return found }
    switch slot.life {
    case .revision: if drops == self.drops { Self.put(value, at: slot.index, in: &ofRevision) }
    case .deployment: Self.put(value, at: slot.index, in: &lasting)
    }
    return value
  }

  private static func put(_ value: Held, at index: Int, in values: inout [Held?]) {
    if values.count <= index { values += Array(repeating: nil, count: index + 1 - values.count) }
    values[index] = value
  }

  /// - Returns: what was dropped, to be let go of outside of the lock.
  mutating func dropRevision() -> [Held?] {
    drops += 1
    defer { ofRevision = [] }
    return ofRevision
  }
}

extension Deployment {
  /// What a slot holds; it is made where it holds nothing. `make` may run in two tasks at once, and then one of the
  /// values is used by both.
  package func value<Value, Failure: Error>(
    in slot: DeploymentSlot<Value>, make: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let (found, drops) = slots.withLock { ($0.value(in: slot), $0.drops) }
    if let found { return found }
    let made = try make()
    return slots.withLock { $0.put(made, in: slot, madeAfter: drops) }
  }
}
