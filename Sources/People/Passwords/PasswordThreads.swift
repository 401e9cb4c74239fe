import Threads

/// Where passwords are hashed: on two threads of their own, since a hash takes a tenth of a second and 64 MiB. One is
/// for whoever is known already, so that strangers cannot keep them waiting.
final class PasswordThreads: Sendable {
  enum Lane: Sendable { case strangers, known }

  /// Together 32 wait at most.
  private static let waitingStrangers = 24
  private static let waitingKnown = 8

  private let strangers: BlockingThreads
  private let known: BlockingThreads

  /// - Throws: where the system has no thread left.
  init() throws {
    strangers = try BlockingThreads(count: 1, waiting: Self.waitingStrangers, named: "password")
    known = try BlockingThreads(count: 1, waiting: Self.waitingKnown, named: "password-known")
  }

  /// - Throws: `PeopleFault.busy` where too many wait.
  func run<Result: Sendable>(
    _ lane: Lane, _ body: @Sendable @escaping () throws -> Result
  ) async throws -> Result {
    do {
      return try await (lane == .known ? known : strangers).run(body)
    } catch let refusal as QueueRefusal {
      throw PeopleFault(refusal)
    }
  }

  func close() {
    strangers.close()
    known.close()
  }
}
