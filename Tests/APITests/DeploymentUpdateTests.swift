import Storage
import Testing
import Wire

@testable import Deployments

@Suite("What a change of the control store means for a registry")
struct DeploymentUpdateTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// Deployments that are known, by id and number of the life that they are in.
    var known: [String: Int] = ["a": 1, "b": 1]
    /// Nil: more happened than is remembered.
    var changes: [(revision: Int64, id: String, kind: ControlChange.Kind)]?
    /// What is kept of those that are told of.
    var kept: [String: Int]
    var updates: [String]
  }

  /// All of them after revision 10.
  static let rows: [Row] = [
    Row(testDescription: "nothing happened", changes: [], kept: [:], updates: []),
    Row(
      testDescription: "a new deployment", changes: [(11, "c", .added)], kept: ["c": 1], updates: ["add c1"]),
    Row(
      testDescription: "several changes of one are taken at once",
      changes: [(11, "a", .changed), (12, "a", .changed)], kept: ["a": 1], updates: ["change a1"]),
    Row(
      testDescription: "in the order in which they happened",
      changes: [(11, "b", .changed), (12, "c", .added), (13, "a", .removed)], kept: ["b": 1, "c": 1],
      updates: ["change b1", "add c1", "remove a"]),
    Row(
      testDescription: "what is in effect already is not done again",
      changes: [(9, "a", .removed), (10, "a", .added), (11, "b", .changed)], kept: ["a": 1, "b": 1],
      updates: ["change b1"]),
    Row(
      testDescription: "added and removed meanwhile", changes: [(11, "c", .added), (12, "c", .removed)], kept: [:],
      updates: []),
    Row(
      testDescription: "removed and made again is another deployment",
      changes: [(11, "a", .removed), (12, "a", .added)], kept: ["a": 2], updates: ["remove a", "add a2"]),
    Row(
      testDescription: "removed and made again within one second, alike in all",
      changes: [(11, "a", .removed), (12, "a", .added)], kept: ["a": 1], updates: ["remove a", "add a1"]),
    Row(
      testDescription: "a change of who is gone by now", changes: [(11, "a", .changed)], kept: [:],
      updates: ["remove a"]),
    Row(
      testDescription: "everything: what is gone goes, what is there is taken", changes: nil,
      kept: ["b": 1, "c": 1], updates: ["remove a", "change b1", "add c1"]),
    Row(
      testDescription: "everything, with one that was made again", changes: nil, kept: ["a": 2, "b": 1],
      updates: ["remove a", "add a2", "change b1"]),
    Row(testDescription: "everything, of an empty store", changes: nil, kept: [:], updates: ["remove a", "remove b"]),
    Row(testDescription: "the first look", known: [:], changes: nil, kept: ["a": 1], updates: ["add a1"]),
  ]

  @Test("is added, changed and removed", arguments: rows)
  func updates(_ row: Row) throws {
    let contents = ControlContents(
      revision: 20, deployments: try row.kept.sorted { $0.key < $1.key }.map { try Self.kept($0.key, $0.value) })
    let changes: ControlChanges =
      row.changes.map { changes in
        .some(changes.map { ControlChange(revision: $0.revision, deployment: $0.id, kind: $0.kind) }, contents)
      } ?? .everything(contents)
    let known = Dictionary(
      uniqueKeysWithValues: try row.known.map { ($0.key, try Self.kept($0.key, $0.value).record) })
    let found = DeploymentUpdate.all(in: changes, after: 10, knowing: known).map { update in
      switch update {
      case .remove(let id): "remove \(id)"
      case .add(let kept): "add \(kept.record.id)\(kept.record.appID)"
      case .change(let kept): "change \(kept.record.id)\(kept.record.appID)"
      }
    }
    #expect(found == row.updates)
  }

  private static func kept(_ id: String, _ life: Int) throws -> KeptDeployment {
    KeptDeployment(
      DeploymentRecord(
        id: id, name: id, environment: "testing", appID: "\(life)",
        createdAt: try #require(Instant(secondsSince1970: 100)), passwordHash: []))
  }
}
