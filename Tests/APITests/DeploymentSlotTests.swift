import Deployments
import Foundation
import Synchronization
import Testing

@Suite("What layers above keep in a deployment")
struct DeploymentSlotTests {
  private final class Note: Sendable {
    let text: String
    init(_ text: String) { self.text = text }
  }

  private final class Count: Sendable {
    let value = Atomic(0)
  }

  private let ofRevision = DeploymentSlot<Note>(.revision)
  private let lasting = DeploymentSlot<Count>(.deployment)

  private func note(_ deployment: Deployment, _ text: String) -> String {
    deployment.value(in: ofRevision) { Note(text) }.text
  }

  @Test("is made once, and goes with the revision or with the deployment")
  func lives() async throws {
    try await TestAPI.run { api in
      let (deployments, id) = (api.deployments, api.deploymentID)
      let deployment = try #require(deployments[id])
      #expect(note(deployment, "first") == "first" && note(deployment, "second") == "first")
      let count = deployment.value(in: lasting) { Count() }
      let changes: [() async throws -> Void] = [
        { try await deployments.set([("label", "x")], of: id) },
        { _ = try await deployments.createToken(name: "t", of: id, isReadOnly: true, validForSeconds: nil) },
        { try await deployments.revokeToken(name: "t", of: id) },
        { _ = try await deployments.resetPassword(of: id) },
      ]
      for (index, change) in changes.enumerated() {
        try await change()
        #expect(note(deployment, "after \(index)") == "after \(index)")
      }
      #expect(deployment.value(in: lasting) { Count() } === count)
      // Another deployment, though it has the same id.
      try await deployments.delete(id)
      let again = try await deployments.create(
        .init(name: "again", environment: "testing", model: try #require(TestAPI.model(TestAPI.schema)), id: id)
      ).deployment
      #expect(note(again, "new") == "new")
      #expect(again.value(in: lasting) { Count() } !== count)
    }
  }

  @Test("is each deployment's own, and each slot's")
  func apart() async throws {
    try await TestAPI.run { api in
      let model = try #require(TestAPI.model(TestAPI.schema))
      let other = try await api.deployments.create(.init(name: "other", environment: "testing", model: model))
      let deployment = try #require(api.deployments[api.deploymentID])
      let second = DeploymentSlot<Note>(.revision)
      #expect(note(deployment, "a") == "a" && note(other.deployment, "b") == "b")
      #expect(deployment.value(in: second) { Note("c") }.text == "c")
      #expect(note(deployment, "d") == "a")
    }
  }

  @Test("is not kept when what it was made of changed meanwhile")
  func staleness() async throws {
    try await TestAPI.run { api in
      let deployment = try #require(api.deployments[api.deploymentID])
      let (hasBegun, mayGoOn) = (Count(), DispatchSemaphore(value: 0))
      let slot = ofRevision
      // A value is made of the old label …              | and the label changes before it is put down.
      let making = Task.detached {
        deployment.value(in: slot) {
          hasBegun.value.store(1, ordering: .relaxed)
          mayGoOn.wait()
          return Note("old")
        }.text
      }
      while hasBegun.value.load(ordering: .relaxed) == 0 { await Task.yield() }
      try await api.deployments.set([("label", "new")], of: api.deploymentID)
      mayGoOn.signal()
      #expect(await making.value == "old")
      #expect(note(deployment, "made anew") == "made anew")
    }
  }

  @Test("is the same for all who make it at once")
  func atOnce() async throws {
    try await TestAPI.run { api in
      let deployment = try #require(api.deployments[api.deploymentID])
      let slot = lasting
      await withTaskGroup { group in
        for _ in 0..<100 {
          group.addTask { _ = deployment.value(in: slot) { Count() }.value.add(1, ordering: .relaxed) }
        }
      }
      #expect(deployment.value(in: slot) { Count() }.value.load(ordering: .relaxed) == 100)
    }
  }
}
