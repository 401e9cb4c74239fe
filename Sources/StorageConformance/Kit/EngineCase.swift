import Storage
import Wire

/// Where a case finds an engine: one with data of its own, none at first.
package protocol EngineBed: Sendable {
  /// The engine of this data. Once at a time: it is closed before it is asked for again.
  func engine(clock: any WallClock) async throws -> any StorageEngine
  /// Another node on this data, while its engine is open; it is closed before that one.
  func secondNode(clock: any WallClock) async throws -> any StorageEngine
}

/// One promise of `StorageEngine` or of its `ControlStore`, to be tried on an engine.
package struct EngineCase: Sendable, CustomStringConvertible {
  /// The promise as a sentence.
  package let description: String
  /// - Throws: `ConformanceFailure` where the engine breaks the promise, or what the engine threw.
  package let run: @Sendable (any EngineBed) async throws -> Void

  /// `body` gets an engine that is closed after it, however it ends.
  init(_ sentence: String, _ body: @Sendable @escaping (any StorageEngine) async throws -> Void) {
    self.init(sentence, visiting: { data in try await data.visit(body) })
  }

  /// `body` opens engines itself, one after the other.
  init(_ sentence: String, visiting body: @Sendable @escaping (EngineData) async throws -> Void) {
    description = sentence
    run = { bed in try await body(EngineData(bed: bed)) }
  }
}

/// The data of an engine that can be closed and opened again.
struct EngineData: Sendable {
  let bed: any EngineBed
  private let clock = ManualClock(milliseconds: Scene.start)

  init(bed: any EngineBed) { self.bed = bed }

  /// Runs `body` on two nodes with the same data.
  func visitTwice<Result>(
    _ body: (any StorageEngine, any StorageEngine) async throws -> Result
  ) async throws -> Result {
    try await visit { first in
      let second = try await bed.secondNode(clock: clock)
      do {
        let result = try await body(first, second)
        await second.close()
        return result
      } catch {
        await second.close()
        throw error
      }
    }
  }

  func visit<Result>(_ body: (any StorageEngine) async throws -> Result) async throws -> Result {
    let engine = try await bed.engine(clock: clock)
    do {
      let result = try await body(engine)
      await engine.close()
      return result
    } catch {
      await engine.close()
      throw error
    }
  }
}

extension StorageConformance {
  package static let engineCases: [EngineCase] =
    controlStores + controlChanges + controlNodes + people + visits + namedViews + audits + engines
}
