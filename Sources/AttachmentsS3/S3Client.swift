import Attachments
import Transfers
import Wire

/// Sends requests to an object store, again where that may help.
package final class S3Client: Sendable {
  package let settings: S3Settings
  let clock: any WallClock
  private let loop: TransferLoop
  private let sleep: @Sendable (Duration) async -> Void

  /// How often a request is sent in all, and the first pause; each further one is four times as long.
  static let tries = 4
  static let firstPause = Duration.milliseconds(100)

  package init(
    _ settings: S3Settings, clock: any WallClock,
    sleep: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
  ) throws(BlobFault) {
    self.settings = settings
    self.clock = clock
    self.sleep = sleep
    do {
      loop = try TransferLoop.start(named: "s3", connections: 16)
    } catch {
      throw .unavailable("\(error)")
    }
  }

  deinit { loop.stop() }

  /// All requests may be done twice. A status of 404 is an answer; 2xx is; everything else is an error.
  func send(_ request: S3Request) async throws(BlobFault) -> S3Response {
    var pause = Self.firstPause
    for attempt in 1...Self.tries {
      let problem: String
      switch await sendOnce(request) {
      case .success(let answer) where (200...299).contains(answer.status) || answer.status == 404: return answer
      case .success(let answer):
        problem = answer.problem
        let isPassing = answer.status >= 500 && answer.status != 501 || answer.status == 429 || answer.status == 408
        if !isPassing { throw fault(problem) }
      case .failure(let failure):
        problem = failure.words
        // Bytes that have gone into the file would come twice.
        if !failure.isPassing || request.target != nil { throw fault(problem) }
      }
      if attempt == Self.tries { throw fault("\(problem), \(Self.tries) times") }
      await sleep(pause * Double.random(in: 1...1.2))
      pause = pause * 4
    }
    throw fault("no try was made")
  }

  func fault(_ problem: String) -> BlobFault { .unavailable("\(settings): \(problem)") }

  private func sendOnce(_ request: S3Request) async -> Result<S3Response, S3Transfer.Failure> {
    await withCheckedContinuation { continuation in
      loop.submit(S3Transfer(request, settings, at: clock.now) { continuation.resume(returning: $0) })
    }
  }
}
