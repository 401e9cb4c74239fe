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

  func value(at index: Int, _ life: DeploymentSlotLife) -> Held? {
    let values = life == .revision ? ofRevision : lasting
    return index < values.count ? values[index] : nil
  }

  /// - Parameter drops: from before the value was made. One that was made of what changed meanwhile is not kept.
  /// - Returns: the value to use: the one that is there already, where two were made at once.
  mutating func put(_ value: Held, at index: Int, _ life: DeploymentSlotLife, madeAfter drops: Int) -> Held {
    if let found = self.value(at: index, life) { return found }
    switch life {
    case .revision: if drops == self.drops { Self.put(value, at: index, in: &ofRevision) }
    case .deployment: Self.put(value, at: index, in: &lasting)
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
    let (found, drops) = held(in: slot.index, slot.life)
    // No cast that looks types up: only this function fills the slot, and no other slot has its index.
    if let found { return unsafeDowncast(found, to: Value.self) }
    let made = try make()
    return unsafeDowncast(keep(made, in: slot.index, slot.life, madeAfter: drops), to: Value.self)
  }

  // Of no type: this is on the way of each request, and generic code of another module would be slower.

  private func held(in index: Int, _ life: DeploymentSlotLife) -> (SlotTable.Held?, drops: Int) {
    slots.withLock { ($0.value(at: index, life), $0.drops) }
  }

  private func keep(
    _ made: SlotTable.Held, in index: Int, _ life: DeploymentSlotLife, madeAfter drops: Int
  ) -> SlotTable.Held {
    slots.withLock { $0.put(made, at: index, life, madeAfter: drops) }
  }
}
