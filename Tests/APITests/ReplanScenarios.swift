import DataModel
import Deployments
import HTTPServer
import JSON
import Storage
import StorageConformance
import Synchronization
import Testing

/// Deploys that come between a request's plan and storage, each time anew.
@Suite("Requests that meet deploy after deploy")
struct ReplanScenarios {
  /// Deploys that are due.
  private final class Deploys: Sendable {
    let due = Atomic(0)

    /// Whether one is due; it is not any more then.
    func take() -> Bool {
      if due.load(ordering: .relaxed) == 0 { return false }
      due.subtract(1, ordering: .relaxed)
      return true
    }
  }

  private struct RacedEngine: WrappedEngine {
    let inner: any StorageEngine
    let deploys: Deploys

    func create(deployment id: String, model: DataModel, by person: Person?) async throws -> any ObjectStore {
      RacedStore(inner: try await inner.create(deployment: id, model: model, by: person), deploys: deploys)
    }
  }

  /// Before it does what was planned, it deploys where a deploy is due.
  private struct RacedStore: WrappedStore {
    let inner: any ObjectStore
    let deploys: Deploys

    private func race() async throws {
      if deploys.take() { _ = try await inner.deploy(inner.dataModel.model, by: nil) }
    }

    func write(_ plan: WritePlan) async throws -> WriteOutcome {
      try await race()
      return try await inner.write(plan)
    }

    func read<Result: Sendable>(
      _ body: @Sendable @escaping (any Snapshot) throws -> Result
    ) async throws -> Result {
      try await race()
      return try await inner.read(body)
    }

    func read<Result: Sendable>(
      beginningWith first: ObjectLookup, _ body: @Sendable @escaping (any Snapshot) throws -> Result
    ) async throws -> Result {
      try await race()
      return try await inner.read(beginningWith: first, body)
    }

    func readAtOnce<Result: Sendable>(_ body: (any Snapshot) throws -> Result) throws -> Result? {
      deploys.due.load(ordering: .relaxed) > 0 ? nil : try inner.readAtOnce(body)
    }
  }

  private static let id = "5f0d4c1e-0f43-4f52-8b0c-6d0f2f9f6f11"
  private static let batch =
    #"{"operations":[{"method":"put","object":{"type":"flight","id":"\#(id)","title":"C"}}]}"#

  private static let calls: [(method: Method, path: String, body: String)] = [
    (.post, "objects/flight.json", #"{"flight":{"title":"new"}}"#),
    (.put, "objects/flight/\(id).json", #"{"flight":{"title":"put"}}"#),
    (.patch, "objects/flight/\(id).json", #"{"flight":{"title":"patched"}}"#),
    (.post, "batch.json", batch),
    (.get, "objects/flight/\(id).json", ""),
    (.get, "objects/flight.json", ""),
    (.get, "objects/flight/count.json", ""),
    (.get, "oplog.json", ""),
    (.delete, "objects/flight/\(id).json", ""),
  ]

  @Test("are done under the last data model, up to a bound; beyond it they are a 503, and nothing is done")
  func race() async throws {
    let deploys = Deploys()
    let api = try await TestAPI(engine: { RacedEngine(inner: $0, deploys: deploys) })
    let store = try #require(api.deployments[api.deploymentID]?.store)
    #expect(await api.send(.put, "objects/flight/\(Self.id).json", #"{"flight":{}}"#).status == 200)
    // A request is planned once, and anew so many times.
    let most = Replanning.most
    for (method, path, body) in Self.calls {
      for count in [most + 1, most + 20, 1, most] {
        let version = store.dataModel.version
        let entries = try await store.read { try $0.oplog(from: 0, limit: 1000).count }
        deploys.due.store(count, ordering: .relaxed)
        let answer = await api.send(method, path, body)
        let left = deploys.due.exchange(0, ordering: .relaxed)
        let what = "\(method) \(path) after \(count) deploys: \(answer.status) \(answer.text)"
        if count > most {
          #expect(answer.status == 503 && answer.headers["retry-after"] == "1", "\(what)")
          #expect(answer.detail.contains("deployed again and again"), "\(what)")
          let now = try await store.read { try $0.oplog(from: 0, limit: 1000).count }
          #expect(now == entries, "\(what)")
          #expect(left == count - most - 1, "\(what)")
        } else {
          #expect(answer.status == 200 || method == .delete, "\(what)")
          #expect(left == 0 && store.dataModel.version == version + count, "\(what)")
        }
      }
    }
    await api.deployments.close()
  }
}
