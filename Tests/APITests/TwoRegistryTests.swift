import Deployments
import Foundation
import Storage
import StorageUnderTest
import Synchronization
import Testing
import Wire

/// Two nodes on one control store: what one changes the other applies at its next second.
@Suite("Two registries on one control store")
struct TwoRegistryTests {
  /// Seconds that go by when the test says so.
  private final class Seconds: Sendable {
    private struct State {
      var due = 0
      var waiting: CheckedContinuation<Void, Never>?
      /// Pauses that began.
      var begun = 0
    }

    private let state = Mutex(State())

    /// Until the next second.
    func pause() async throws {
      await withCheckedContinuation { turn in
        let isDue = state.withLock { state in
          state.begun += 1
          if state.due > 0 {
            state.due -= 1
            return true
          }
          state.waiting = turn
          return false
        }
        if isDue { turn.resume() }
      }
      try Task.checkCancellation()
    }

    /// A second goes by; returns when what was due in it is done.
    func goBy() async {
      while state.withLock({ $0.waiting == nil }) { await Task.yield() }
      let (turn, begun) = state.withLock { state in
        defer { state.waiting = nil }
        return (state.waiting, state.begun)
      }
      turn?.resume()
      while state.withLock({ $0.begun }) == begun { await Task.yield() }
    }

    /// Lets the last pause end.
    func end() {
      let turn = state.withLock { state in
        defer { state.waiting = nil }
        state.due = .max
        return state.waiting
      }
      turn?.resume()
    }
  }

  /// What a follower told.
  private final class Told: Sendable {
    private let state = Mutex<[Set<String>]>([])

    /// - Returns: how often it told.
    func note(_ touched: Set<String>) -> Int {
      state.withLock { all in
        all.append(touched)
        return all.count
      }
    }

    var all: [Set<String>] { state.withLock { $0 } }
  }

  private struct Nodes {
    let here: DeploymentRegistry
    let there: DeploymentRegistry
    let storage: SharedStorage
    let seconds: Seconds
    let clock: ManualClock
    let id: String
  }

  private func run(_ body: (Nodes) async throws -> Void) async throws {
    let path = NSTemporaryDirectory() + "sojourn-nodes-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let clock = ManualClock(milliseconds: 1_767_225_600_000)
    let storage = try SharedStorage(in: path, clock: clock)
    let here = try await DeploymentRegistry(engine: try storage.node(), clock: clock)
    let made = try await here.create(try new("first"))
    let there = try await DeploymentRegistry(engine: try storage.node(), clock: clock)
    let seconds = Seconds()
    let following = Task { await there.follow(pause: { try await seconds.pause() }) }
    let nodes = Nodes(
      here: here, there: there, storage: storage, seconds: seconds, clock: clock, id: made.deployment.id)
    do { try await body(nodes) } catch { Issue.record(error) }
    following.cancel()
    seconds.end()
    await following.value
    await here.close()
    await there.close()
    await storage.close()
  }

  private func new(_ name: String, id: String? = nil) throws -> DeploymentRegistry.NewDeployment {
    .init(name: name, environment: "testing", model: try #require(TestAPI.model(TestAPI.schema)), id: id)
  }

  @Test("apply a revoked token, a changed setting and a new deployment at the second, and not before")
  func follow() async throws {
    try await run { nodes in
      let (here, there, id) = (nodes.here, nodes.there, nodes.id)
      let token = try await here.createToken(name: "etl", of: id, isReadOnly: false, validForSeconds: nil)
      let credentials = try #require(Credentials(authorization: "Bearer \(token)"))
      func isGood() -> Bool { there[id]?.caller(with: credentials, at: nodes.clock.now) != nil }
      #expect(!isGood())
      await nodes.seconds.goBy()
      #expect(isGood())

      let before = try #require(there[id])
      let revision = before.revision
      try await here.revokeToken(name: "etl", of: id)
      try await here.set([("label", "Flights"), ("cors_origins", "https://a.example")], of: id)
      let other = try await here.create(try new("second")).deployment.id
      #expect(isGood() && there[id]?.value(of: .label) == nil && there[other] == nil)
      await nodes.seconds.goBy()
      #expect(!isGood())
      #expect(there[id]?.value(of: .label) == "Flights")
      #expect(there[id] === before && before.revision != revision, "one object, invalidated")
      #expect(there[other]?.record.name == "second")
      #expect(there.revision == here.revision)
    }
  }

  @Test("tell who wants to know of which deployments something changed, until it is content")
  func telling() async throws {
    try await run { nodes in
      let (here, id) = (nodes.here, nodes.id)
      let there = try await DeploymentRegistry(engine: try nodes.storage.node(), clock: nodes.clock)
      let (seconds, told) = (Seconds(), Told())
      let following = Task {
        await there.follow(pause: { try await seconds.pause() }) { touched in
          // The first time it is not content.
          told.note(touched) == 1 ? touched : []
        }
      }
      await seconds.goBy()
      #expect(told.all == [])
      try await here.announceChange(of: id)
      for _ in 0..<3 { await seconds.goBy() }
      #expect(told.all == [[id], [id]])
      try await here.delete(id)
      await seconds.goBy()
      #expect(told.all == [[id], [id], [id]] && there[id] == nil)
      following.cancel()
      seconds.end()
      await following.value
      await there.close()
    }
  }

  @Test("apply it within a second of their own accord")
  func ownAccord() async throws {
    try await run { nodes in
      let (here, id) = (nodes.here, nodes.id)
      let there = try await DeploymentRegistry(engine: try nodes.storage.node(), clock: nodes.clock)
      let following = Task { await there.follow() }
      for label in ["A", "B"] {
        try await here.set([("label", label)], of: id)
        let began = ContinuousClock.now
        // Beside others on a busy machine a second may take a little longer.
        while there[id]?.value(of: .label) != label, .now - began < .seconds(10) {
          try await Task.sleep(for: .milliseconds(5))
        }
        let took = ContinuousClock.now - began
        #expect(took < .milliseconds(1500))
      }
      following.cancel()
      await following.value
      await there.close()
    }
  }

  @Test("return when a change is stored: a node that starts then has it")
  func stored() async throws {
    try await run { nodes in
      let (here, id) = (nodes.here, nodes.id)
      func started() async throws -> DeploymentRegistry {
        try await DeploymentRegistry(engine: try nodes.storage.node(), clock: nodes.clock, opening: .none)
      }
      let token = try await here.createToken(name: "etl", of: id, isReadOnly: false, validForSeconds: nil)
      let early = try await started()
      #expect(!token.isEmpty && early.revision == here.revision)
      try await here.revokeToken(name: "etl", of: id)
      try await here.set([("label", "A")], of: id)
      let other = try await here.create(try new("second")).deployment.id
      let node = try await started()
      #expect(node.revision == here.revision && node.isRegistered(other))
      let kept = try await nodes.storage.control.contents().deployments.first { $0.record.id == id }
      #expect(kept?.tokens == [] && kept?.record.settings["label"] == "A")
    }
  }

  @Test("open what could not be opened because the database was gone, as soon as it is back")
  func openingAgain() async throws {
    try await run { nodes in
      let (here, there) = (nodes.here, nodes.there)
      nodes.storage.isUnopenable.store(true, ordering: .relaxed)
      let other = try await here.create(try new("second")).deployment.id
      await nodes.seconds.goBy()
      #expect(there[other] == nil && there.unusable(other)?.reason.contains("the database is gone") == true)
      await nodes.seconds.goBy()
      #expect(there[other] == nil)
      nodes.storage.isUnopenable.store(false, ordering: .relaxed)
      await nodes.seconds.goBy()
      #expect(there[other]?.record.name == "second" && there.unusable(other) == nil)
    }
  }

  @Test("apply a deletion, and a deployment that is made again under its id")
  func deletion() async throws {
    try await run { nodes in
      let (here, there, id) = (nodes.here, nodes.there, nodes.id)
      let before = try #require(there[id])
      try await here.delete(id)
      #expect(there[id] === before && !before.isDeleted)
      await nodes.seconds.goBy()
      #expect(there[id] == nil && before.isDeleted && !there.isRegistered(id))
      _ = try await here.create(try new("again", id: id))
      await nodes.seconds.goBy()
      #expect(there[id]?.record.name == "again")
    }
  }

  @Test("tell who waits there that their credentials have ended, and nobody when a label changes")
  func waits() async throws {
    try await run { nodes in
      let (here, there, id) = (nodes.here, nodes.there, nodes.id)
      let store = try #require(there[id]?.store)
      _ = try await here.createToken(name: "t", of: id, isReadOnly: true, validForSeconds: nil)
      await nodes.seconds.goBy()
      let wakes = store.waitWakes
      try await here.set([("label", "x")], of: id)
      await nodes.seconds.goBy()
      #expect(store.waitWakes == wakes)
      _ = try await there.resetPassword(of: id)
      let afterwards = store.waitWakes
      #expect(afterwards > wakes)
    }
  }

  @Test("change what the other changed just before, without losing either")
  func both() async throws {
    try await run { nodes in
      let (here, there, id) = (nodes.here, nodes.there, nodes.id)
      try await here.set([("label", "A")], of: id)
      try await there.set([("region", "eu")], of: id)
      #expect(there[id]?.value(of: .label) == "A" && there[id]?.value(of: .region) == "eu")
      await withThrowingTaskGroup { group in
        for number in 0..<10 {
          group.addTask { try await here.set([("label", "h\(number)")], of: id) }
          group.addTask { try await there.set([("label", "t\(number)")], of: id) }
        }
      }
      try await here.catchUp()
      try await there.catchUp()
      #expect(here[id]?.record == there[id]?.record)
      #expect(here.revision == there.revision)
    }
  }

  @Test("say that a change is stored where it cannot be brought into effect, and do that when they can")
  func unreadable() async throws {
    try await run { nodes in
      let (here, there, id) = (nodes.here, nodes.there, nodes.id)
      let token = try await here.createToken(name: "etl", of: id, isReadOnly: false, validForSeconds: nil)
      let credentials = try #require(Credentials(authorization: "Bearer \(token)"))
      nodes.storage.isUnreadable.store(true, ordering: .relaxed)
      do {
        try await here.revokeToken(name: "etl", of: id)
        Issue.record("it says nothing")
      } catch let fault as DeploymentFault {
        #expect(fault.sentence.hasPrefix("The change is stored. It is not in effect yet"))
      }
      let new = try new("second", id: "0123456789abcdef01234567")
      await #expect(throws: DeploymentFault.self) { try await here.create(new) }
      await nodes.seconds.goBy()
      #expect(here[id]?.caller(with: credentials, at: nodes.clock.now) != nil)
      nodes.storage.isUnreadable.store(false, ordering: .relaxed)
      await here.tend()
      #expect(here[id]?.caller(with: credentials, at: nodes.clock.now) == nil)
      #expect(here["0123456789abcdef01234567"]?.record.name == "second")
      await nodes.seconds.goBy()
      #expect(there.revision == here.revision && there["0123456789abcdef01234567"] != nil)
    }
  }

  @Test(
    "ask nothing where no other node may write",
    .enabled(if: TestStorage.isSQLite, "PostgreSQL is always shared"))
  func alone() async throws {
    struct Looked: Error {}
    try await TestAPI.run { api in
      await api.deployments.follow(pause: {
        Issue.record("it looks for changes of others")
        throw Looked()
      })
    }
  }

  @Test("ask for the revision once a second, and for more only when it changed")
  func cost() async throws {
    try await run { nodes in
      await nodes.seconds.goBy()
      let looks = nodes.storage.looks.load(ordering: .relaxed)
      for _ in 0..<5 { await nodes.seconds.goBy() }
      #expect(nodes.storage.looks.load(ordering: .relaxed) == looks + 5)
    }
  }
}
