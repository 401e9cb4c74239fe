import Synchronization
import Testing

@testable import API

@Suite("The memory that reading bodies takes")
struct ReadingMemoryTests {
  /// Holds a body of `megabytes` until it is told to go on.
  private final class Reading: Sendable {
    private let task: Task<Void, any Error>
    private let gate: AsyncStream<Void>.Continuation
    let began: Task<Void, Never>

    init(_ megabytes: Int, in memory: ReadingMemory) {
      let (gates, gate) = AsyncStream<Void>.makeStream()
      let (starts, start) = AsyncStream<Void>.makeStream()
      self.gate = gate
      began = Task { for await _ in starts {} }
      task = Task {
        defer { start.finish() }
        try await memory.reading(megabytes << 20) {
          start.finish()
          for await _ in gates {}
        }
      }
    }

    func end() async throws {
      gate.finish()
      try await task.value
    }
  }

  private func waiting(_ count: Int, in memory: ReadingMemory) async {
    while memory.waitingCount != count { await Task.yield() }
  }

  @Test("is given in turn, and a small body does not wait behind a large one")
  func turns() async throws {
    let memory = ReadingMemory(limit: ReadingMemory.cost(ofBody: 50 << 20), patience: .seconds(3600))
    let first = Reading(40, in: memory)
    await first.began.value
    let second = Reading(50, in: memory)
    await waiting(1, in: memory)
    let third = Reading(40, in: memory)
    await waiting(2, in: memory)
    try await memory.reading(1 << 20) {}
    try await first.end()
    await second.began.value
    await waiting(1, in: memory)
    try await second.end()
    await third.began.value
    try await third.end()
  }

  @Test("is waited for only so long: then it is a 503 with Retry-After, and those behind go on")
  func patience() async throws {
    let memory = ReadingMemory(limit: ReadingMemory.cost(ofBody: 50 << 20), patience: .milliseconds(1))
    let first = Reading(50, in: memory)
    await first.began.value
    let error = await #expect(throws: APIError.self) { try await memory.reading(40 << 20) {} }
    #expect(error?.status == 503 && error?.retryAfter == 5)
    try await first.end()
    try await memory.reading(50 << 20) {}
  }

  @Test("is never too little for a body that is allowed, and its costs do not overflow")
  func tooLarge() async throws {
    let memory = ReadingMemory(limit: 1000)
    try await memory.reading(.max) {}
    try await memory.reading(0) {}
    #expect(ReadingMemory.cost(ofBody: 1000) == 17_000)
    #expect(ReadingMemory.cost(ofBody: 50_000_000) == 442_000_000)
  }
}
