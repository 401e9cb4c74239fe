import Synchronization

/// Where a connection stands, as its own thread says and the watchdog reads.
///
/// One word, so that both parts always belong together.
struct ConnectionProgress: Equatable {
  enum Phase: UInt64 {
    /// New: no head has been complete yet.
    case fresh
    /// Between two requests, or in the head of the next.
    case idle
    /// A body is coming in.
    case body
    /// The request is complete; its answer is made or sent.
    case answering
    /// Answered while the body is still coming in: it is thrown away for a while, so that the client
    /// gets to read the answer instead of a reset.
    case lingering
  }

  var phase: Phase
  /// Requests that came to an end.
  var requests: UInt64

  init(phase: Phase, requests: UInt64) {
    self.phase = phase
    self.requests = requests
  }

  init(word: UInt64) {
    phase = Phase(rawValue: word & 7) ?? .fresh
    requests = word >> 3
  }

  var word: UInt64 { requests << 3 | phase.rawValue }
}
