import DataModel
import Storage
import Wire

/// A bed whose nodes all have one fault, which shows as soon as there are two of them.
package struct FaultyBed: StorageBed {
  private let inner: any StorageBed
  private let fault: NodeFault

  package init(_ inner: any StorageBed, _ fault: NodeFault) {
    self.inner = inner
    self.fault = fault
  }

  package func create(_ model: DataModel, clock: any WallClock, waitingWrites: Int?) async throws -> any ObjectStore {
    FaultyStore(
      try await inner.create(model, clock: clock, waitingWrites: waitingWrites), fault, number: 1, clock: clock)
  }

  package func secondNode(clock: any WallClock) async throws -> any ObjectStore {
    FaultyStore(try await inner.secondNode(clock: clock), fault, number: 2, clock: clock)
  }

  package func reopen(clock: any WallClock) async throws -> any ObjectStore {
    FaultyStore(try await inner.reopen(clock: clock), fault, number: 1, clock: clock)
  }
}
