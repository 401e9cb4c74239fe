import Synchronization
import Wire

/// The rate limits of one deployment: one bucket for all of its integrations («REST API») and one for each
/// app user, whose devices share it (api.md section 14).
package final class RateLimiter: Sendable {
  package struct Limits: Sendable, Equatable {
    package var deployment: RateLimit?
    package var users: RateLimit?
  }

  /// A request that is over a limit.
  package struct Refusal: Sendable, Equatable {
    package var limit: RateLimit
    /// Whether it is the user's own limit, and not the deployment's.
    package var isUsers: Bool
    /// In how many seconds there is room again; at least 1.
    package var seconds: Int
  }

  private struct State {
    var limits = Limits()
    var deployment: TokenBucket?
    var users: BucketTable<ObjectID>?
  }

  private let state = Mutex(State())
  private let refusedRequests = Atomic<Int>(0)
  private let refusedDevices = Atomic<Int>(0)

  package var limits: Limits { state.withLock { $0.limits } }

  /// Requests that were refused since the start: of integrations, and of devices.
  package var refused: (requests: Int, devices: Int) {
    (refusedRequests.load(ordering: .relaxed), refusedDevices.load(ordering: .relaxed))
  }

  /// Takes other limits. Buckets of limits that stay the same are kept.
  func change(to limits: Limits) {
    state.withLock { state in
      if state.limits.deployment != limits.deployment { state.deployment = nil }
      if state.limits.users != limits.users {
        state.users = limits.users.map { BucketTable(rate: $0.rate, burst: Double($0.burst)) }
      }
      state.limits = limits
    }
  }

  /// Counts a request; nil where it may go on.
  package func refusal(of caller: Caller, atMilliseconds now: Int64) -> Refusal? {
    let refusal = state.withLock { state -> Refusal? in
      if case .device(let user, _) = caller {
        guard let limit = state.limits.users else { return nil }
        return state.users?.take(for: user, atMilliseconds: now).map {
          Refusal(limit: limit, isUsers: true, seconds: $0)
        }
      }
      guard let limit = state.limits.deployment else { return nil }
      var bucket =
        state.deployment ?? TokenBucket(rate: limit.rate, burst: Double(limit.burst), atMilliseconds: now)
      let seconds = bucket.take(atMilliseconds: now)
      state.deployment = bucket
      return seconds.map { Refusal(limit: limit, isUsers: false, seconds: $0) }
    }
    guard let refusal else { return nil }
    if refusal.isUsers {
      refusedDevices.add(1, ordering: .relaxed)
    } else {
      refusedRequests.add(1, ordering: .relaxed)
    }
    return refusal
  }
}
