import Deployments
import Foundation
import HTTPServer
import JSON
import Storage
import StorageUnderTest
import Testing
import Wire

/// Many write while many follow, and groups are held open before they are committed: their sequences are
/// given, and nobody may see or pass them.
@Suite("The promise of the change feed")
struct FeedPromiseScenarios {
  /// `SOJOURN_FEED_SECONDS` varies the run. Where the ordinary one has every engine, the second one has half of the time.
  private static func seconds(on storage: TestStorage) -> Double {
    ProcessInfo.processInfo.environment["SOJOURN_FEED_SECONDS"].flatMap { Double($0) }
      ?? (storage == .sqlite || TestStorage.isWhole ? 20 : 10)
  }

  private static let writers = 16

  /// What a follower was told.
  private struct Told: Sendable {
    var sequences: [Int64] = []
    var isRising: Bool { zip(sequences, sequences.dropFirst()).allSatisfy { $0 < $1 } }
  }

  @Test(
    "holds: 16 writers, 4 followers, groups held open; nothing missed, nothing twice, in order",
    arguments: TestStorage.each)
  func promise(on storage: TestStorage) async throws {
    var options = StoragePlace.Options()
    options.beforeCommit = { usleep(.random(in: 0...12_000)) }
    let api = try await TestAPI(on: storage, options: options)
    let end = ContinuousClock.now + .seconds(Self.seconds(on: storage))
    let acknowledged = try await withThrowingTaskGroup(of: Int.self) { group in
      for writer in 0..<Self.writers {
        group.addTask { await Self.write(as: writer, to: api, until: end) }
      }
      // The clock jumps, also back: sequences go by it.
      group.addTask {
        while ContinuousClock.now < end {
          try await Task.sleep(for: .milliseconds(5))
          api.clock.advance(byMilliseconds: .random(in: -20...40))
        }
        return 0
      }
      return try await withThrowingTaskGroup(of: Told.self) { followers in
        for query in [
          "limit=1000", "limit=13", "limit=1000&wait=1", "limit=5&wait=1&model=flight",
        ] {
          followers.addTask { await Self.follow(api, query, until: end) }
        }
        var count = 0
        for try await part in group { count += part }
        let store = try #require(api.deployments[api.deploymentID]?.store)
        let written = try await store.read { try $0.oplog(from: 0, limit: .max).map(\.sequence) }
        #expect(written.count == count)
        for try await told in followers {
          #expect(told.isRising)
          #expect(told.sequences == written, "\(Set(written).subtracting(told.sequences).count) missed")
        }
        return count
      }
    }
    print(
      "Feed, \(storage.rawValue): \(acknowledged) changes in \(Self.seconds(on: storage)) s, each seen once by 4 followers."
    )
    #expect(acknowledged > 0)
    await api.deployments.close()
  }

  /// Creates, changes and deletes; how many changes were acknowledged.
  private static func write(as writer: Int, to api: TestAPI, until end: ContinuousClock.Instant) async -> Int {
    var count = 0
    var number = 0
    while ContinuousClock.now < end {
      number += 1
      let id = "0000000a-0000-4000-8000-" + String(format: "%04x%08x", writer, number)
      let path = "objects/flight/\(id)"
      var calls: [(Method, String, String)] = [
        (.put, path, "{\"flight\":{\"number\":\(number)}}"), (.patch, path, "{\"flight\":{\"number\":-\(number)}}"),
        (.delete, path, ""),
      ]
      if number.isMultiple(of: 5) {
        let operations = (0..<20).map { _ in #"{"method":"post","object":{"type":"flight"}}"# }
        calls = [(.post, "batch", "{\"operations\":[\(operations.joined(separator: ","))]}")]
      }
      for (method, path, body) in calls {
        let answer = await api.send(method, path, body)
        #expect(answer.status == 200, "\(answer.text)")
        count += method == .post ? 20 : 1
      }
    }
    return count
  }

  /// Follows until the writers are through and nothing comes any more.
  private static func follow(
    _ api: TestAPI, _ query: String, until end: ContinuousClock.Instant
  ) async -> Told {
    var told = Told()
    var start = "0"
    while true {
      // What was asked for after all was written sees all of it.
      let isLast = ContinuousClock.now > end + .seconds(1)
      let answer = await api.send(.get, "oplog.json?start=\(start)&\(query)")
      #expect(answer.status == 200, "\(answer.text)")
      guard let json = answer.json, answer.status == 200 else { return told }
      let found = json["entries"]?.elements.compactMap { $0["sequence"]?.number?.integer } ?? []
      told.sequences += found
      start = json["next_request_start"]?.string ?? ""
      if isLast, found.isEmpty, json["has_more"]?.bool == false { return told }
      if found.isEmpty { try? await Task.sleep(for: .milliseconds(1)) }
    }
  }
}
