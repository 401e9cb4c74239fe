import Storage
import Synchronization
import Wire

/// A bed whose nodes all have one fault of their control stores.
package struct FaultyEngineBed: EngineBed {
  private let inner: any EngineBed
  private let fault: ControlFault

  package init(_ inner: any EngineBed, _ fault: ControlFault) {
    self.inner = inner
    self.fault = fault
  }

  package func engine(clock: any WallClock) async throws -> any StorageEngine {
    FaultyEngine(try await inner.engine(clock: clock), fault)
  }

  package func secondNode(clock: any WallClock) async throws -> any StorageEngine {
    FaultyEngine(try await inner.secondNode(clock: clock), fault)
  }
}

/// A node whose control store has a fault.
private struct FaultyEngine: WrappedEngine {
  let inner: any StorageEngine
  let control: any ControlStore

  init(_ inner: any StorageEngine, _ fault: ControlFault) {
    self.inner = inner
    control = FaultyControl(inner.control, fault)
  }
}

private final class FaultyControl: WrappedControl {
  typealias Change = @Sendable () async throws -> Void

  let inner: any ControlStore
  private let fault: ControlFault
  private let first = Mutex<ControlContents?>(nil)
  /// Was answered, and is not stored yet.
  private let answered = Mutex<Change?>(nil)

  init(_ inner: any ControlStore, _ fault: ControlFault) {
    self.inner = inner
    self.fault = fault
  }

  // MARK: Looking.

  func revision() async throws -> Int64 {
    fault == .neverCatchesUp ? try await contents().revision : try await inner.revision()
  }

  func contents() async throws -> ControlContents {
    guard fault == .neverCatchesUp else { return try await inner.contents() }
    if let first = first.withLock({ $0 }) { return first }
    let contents = try await inner.contents()
    first.withLock { $0 = contents }
    return contents
  }

  func changes(since revision: Int64) async throws -> ControlChanges {
    if fault == .neverCatchesUp { return .some([], try await contents()) }
    guard case .some(var changes, var contents) = try await inner.changes(since: revision) else {
      return try await inner.changes(since: revision)
    }
    switch fault {
    case .tokensAreNotTold: for index in contents.deployments.indices { contents.deployments[index].tokens = [] }
    case .removalsAreNotTold: changes.removeAll { $0.kind == .removed }
    case .neverCatchesUp, .changesAreAnsweredEarly: break
    }
    return .some(changes, contents)
  }

  // MARK: Changing.

  private func change(_ change: @escaping Change) async throws {
    guard fault == .changesAreAnsweredEarly else { return try await change() }
    let earlier = answered.withLock { answered in
      defer { answered = change }
      return answered
    }
    try await earlier?()
  }

  func add(_ deployment: DeploymentRecord) async throws {
    try await change { [inner] in try await inner.add(deployment) }
  }

  func remove(deployment id: String) async throws {
    try await change { [inner] in try await inner.remove(deployment: id) }
  }

  func set(_ plan: SettingsPlan, of deployment: String) async throws -> SettingsOutcome {
    try await change { [inner] in _ = try await inner.set(plan, of: deployment) }
    return .done([])
  }

  func setPassword(hash: [UInt8], of deployment: String) async throws {
    try await change { [inner] in try await inner.setPassword(hash: hash, of: deployment) }
  }

  func add(_ token: TokenRecord) async throws { try await change { [inner] in try await inner.add(token) } }

  func remove(token name: String, of deployment: String) async throws {
    try await change { [inner] in try await inner.remove(token: name, of: deployment) }
  }
}
