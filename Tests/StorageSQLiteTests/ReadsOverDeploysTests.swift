import DataModel
import Foundation
import Storage
import Synchronization
import Testing
import Wire

@testable import StorageSQLite

/// A deploy and a write that come between a read's beginning and its snapshot.
@Suite("Reads over deploys")
struct ReadsOverDeploysTests {
  private static func model(_ type: String) throws -> DataModel {
    let xml = """
      <data-model><model name="flight" label="F"><field name="number" label="N" type="\(type)"/>
      <display>F</display></model></data-model>
      """
    return try #require(DataModelReader.read(Array(xml.utf8)).model)
  }

  private static let id = ObjectID(high: 1, low: 1)

  /// A store with one flight, whose number is the integer 7.
  private static func store(in bed: SQLiteBed) async throws -> (SQLiteObjectStore, StoredModel) {
    let clock = ManualClock(milliseconds: 1_359_623_100_000)
    let store = try bed.create(try model("integer"), clock: clock, options: SQLiteBed.options)
    let flight = try #require(store.dataModel["flight"])
    _ = try await store.write(WritePlan(steps: [.create(flight, id, [.integer(7)])], origin: "password"))
    return (store, flight)
  }

  /// Runs `work` to its end while the calling thread, which is none of those that tasks share, waits.
  private static func wait(for work: @escaping @Sendable () async -> Void) {
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      await work()
      done.signal()
    }
    done.wait()
  }

  @Test("A read whose snapshot comes to be after a deploy is refused, and the store knows the data model by then")
  func between() async throws {
    // the read                               | the others
    // begins under: number is an integer     |
    //                                        | number is a text; "8" is written
    // its first statement makes the snapshot |
    let bed = try SQLiteBed()
    let (store, old) = try await Self.store(in: bed)
    let later = try Self.model("text")
    let runs = Counter()
    await #expect(throws: StorageError.replan(version: 2)) {
      try await store.read { snapshot in
        if runs.next() == 1 {
          Self.wait {
            guard let new = try? await store.deploy(later, by: nil)["flight"] else { return }
            _ = try? await store.write(
              WritePlan(steps: [.patch(new, Self.id, [(0, .text("8"))])], origin: "password"))
          }
        }
        _ = try snapshot.object(old, Self.id)
      }
    }
    #expect(runs.count == 2)
    // From now on it is known from the beginning.
    await #expect(throws: StorageError.replan(version: 2)) {
      try await store.read { snapshot in
        _ = runs.next()
        _ = try snapshot.object(old, Self.id)
      }
    }
    #expect(runs.count == 3)
    let new = try #require(store.dataModel["flight"])
    #expect(try await store.read { try $0.object(new, Self.id)?.value(0, RowPage.Lead.count) } == .text("8"))
    await store.close()
  }

  @Test("A read whose snapshot is older than the deploy is not begun again")
  func older() async throws {
    let bed = try SQLiteBed()
    let (store, old) = try await Self.store(in: bed)
    let later = try Self.model("text")
    let runs = Counter()
    let read = try await store.read { snapshot in
      _ = try snapshot.nextSequence()
      if runs.next() == 1 { Self.wait { _ = try? await store.deploy(later, by: nil) } }
      return try snapshot.object(old, Self.id)?.value(0, RowPage.Lead.count)
    }
    #expect(read == .integer(7))
    #expect(runs.count == 1)
    await store.close()
  }
}

private final class Counter: Sendable {
  private let value = Mutex(0)
  var count: Int { value.withLock { $0 } }

  func next() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }
}
