/// When a request is sent again, and when no more (api.md sections 14 and 16).
///
/// The first pause after a 429 is one second, after a 5xx or a broken connection 50 ms; each further
/// pause is three times as long, up to ten seconds. A `Retry-After` makes a pause longer, up to a minute.
package struct RetrySchedule: Sendable, Equatable {
  package enum Outcome: Sendable, Equatable {
    /// An answer's status, and its `Retry-After` in seconds.
    case status(Int, retryAfter: Int?)
    case failure(TransferFailure.Cause)
  }

  /// The first one included.
  package let tries: Int

  package init(tries: Int) { self.tries = tries }

  /// One repetition, as existing clients do it.
  package static let once = RetrySchedule(tries: 2)
  /// For an import, which should outlive a restart of the server: about half a minute in all.
  package static let patient = RetrySchedule(tries: 8)

  /// How long to wait before the next try; nil when this outcome is final. `attempt` counts from 1, and
  /// `jitter`, 0…1, lengthens the pause by up to a fifth, so that clients do not come back in step.
  package func pause(after outcome: Outcome, attempt: Int, jitter: Double = 0) -> Duration? {
    guard attempt >= 1, attempt < tries else { return nil }
    var first = 0.05
    var atLeast = 0.0
    switch outcome {
    case .status(let status, let retryAfter):
      guard status == 429 || (500...599).contains(status), status != 501 else { return nil }
      if status == 429 { first = 1 }
      atLeast = Double(min(max(retryAfter ?? 0, 0), 60))
    case .failure(.connection): break
    case .failure: return nil
    }
    var seconds = first
    for _ in 1..<attempt where seconds < 10 { seconds *= 3 }
    seconds = max(min(seconds, 10), atLeast)
    return .seconds(seconds * (1 + 0.2 * min(max(jitter, 0), 1)))
  }
}

extension APIResponse {
  var outcome: RetrySchedule.Outcome {
    .status(status, retryAfter: header("retry-after").flatMap { Int($0) })
  }
}

extension APITransport {
  /// Sends a request until an outcome is final. Only for requests that may be done twice.
  package func send(
    _ request: APIRequest, retrying schedule: RetrySchedule,
    sleep: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
  ) async throws(TransferFailure) -> APIResponse {
    var attempt = 1
    while true {
      let outcome: RetrySchedule.Outcome
      let result: Result<APIResponse, TransferFailure>
      do {
        let response = try await send(request)
        (outcome, result) = (response.outcome, .success(response))
      } catch {
        (outcome, result) = (.failure(error.cause), .failure(error))
      }
      guard
        let pause = schedule.pause(after: outcome, attempt: attempt, jitter: .random(in: 0...1))
      else { return try result.get() }
      await sleep(pause)
      attempt += 1
    }
  }
}
