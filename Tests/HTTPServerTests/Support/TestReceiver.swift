import Crypto
import Synchronization
import Wire

@testable import HTTPServer

/// Counts and hashes what it is given.
final class TestReceiver: BodyReceiver {
  let limit: Int
  private let most: Int
  private let pause: Duration?
  private let isAbandoned: (@Sendable () -> Void)?
  private let state = Mutex((hash: SHA256(), count: 0, pieces: 0, largest: 0, isFinished: false))

  /// Refuses more than `most` bytes itself, and waits for `pause` before each piece.
  init(limit: Int, most: Int = .max, pause: Duration? = nil, isAbandoned: (@Sendable () -> Void)? = nil) {
    self.limit = limit
    self.most = most
    self.pause = pause
    self.isAbandoned = isAbandoned
  }

  deinit { if !state.withLock({ $0.isFinished }) { isAbandoned?() } }

  func receive(_ piece: RequestBody) async -> Response? {
    if let pause { try? await Task.sleep(for: pause) }
    return state.withLock { state in
      withExtendedLifetime(piece) { state.hash.update(piece.bytes) }
      state.count += piece.bytes.count
      state.pieces += 1
      state.largest = max(state.largest, piece.bytes.count)
      return state.count > most ? .text(507, "full") : nil
    }
  }

  func finish() async -> Response {
    state.withLock { state in
      state.isFinished = true
      let text = "\(state.count) \(Hex.encode(state.hash.finish()))"
      state.hash = SHA256()
      let isBounded = state.largest <= 4 << 20 && (state.count < 1 << 20 || state.pieces > 1)
      return .text(200, isBounded ? text : "unbounded \(state.largest)")
    }
  }
}
