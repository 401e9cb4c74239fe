extension Connection {
  /// What the next call from libmicrohttpd is about.
  enum Stage {
    case idle
    /// The request line is known, the header fields are not.
    case head
    /// There is no body; the next call says that the request is complete.
    case complete(@Sendable (RequestBody) async -> Response)
    case collecting(BodyCollector, @Sendable (RequestBody) async -> Response)
    case streaming(BodyStream)
    /// The answer is known; what still comes of the body is thrown away first, up to the site's limit.
    case discarding(Response)
    /// Suspended until the answer is there.
    case waiting
    case answered
    /// Answered past libmicrohttpd; the rest of the body is thrown away until the watchdog's patience ends.
    case lingering
    /// A call came that its stage cannot have: whatever comes next is answered with 500.
    case broken
  }
}

extension Connection.Stage {
  /// The calls from libmicrohttpd that not every stage can get. That a request has ended, and that the library is
  /// about to refuse it, it may say at any stage.
  enum Event: CaseIterable {
    /// A request line was read.
    case began
    /// Bytes of a body came.
    case part
    /// The head is complete, the body has ended, or a suspended connection goes on.
    case step
  }

  func allows(_ event: Event) -> Bool {
    switch self {
    case .idle: event == .began
    case .head, .complete, .waiting: event == .step
    case .collecting, .streaming, .discarding, .lingering: event != .began
    case .answered, .broken: false
    }
  }

  /// For the log: without what belongs to the stage.
  var name: StaticString {
    switch self {
    case .idle: "idle"
    case .head: "head"
    case .complete: "complete"
    case .collecting: "collecting"
    case .streaming: "streaming"
    case .discarding: "discarding"
    case .waiting: "waiting"
    case .answered: "answered"
    case .lingering: "lingering"
    case .broken: "broken"
    }
  }
}

/// What becomes of a call that its stage cannot have, which is a fault of ours or of libmicrohttpd: debug builds trap.
extension Connection {
  /// For calls that cannot be answered: the next one is.
  func breakOff(_ event: Stage.Event) {
    assertionFailure("\(event) in the stage \(stage.name)")
    stage = .broken
  }

  /// Answers with 500, where no answer is on its way yet, and closes the connection. The handler logs it.
  func unexpected(_ raw: OpaquePointer, _ event: Stage.Event) -> Bool {
    if case .broken = stage {} else { assertionFailure("\(event) in the stage \(stage.name)") }
    waiting = nil
    let sentence = "libmicrohttpd called with \(event) while the connection's stage was \(stage.name)"
    let response = exchangeForRefusal().failure(.unexpected(sentence))
    switch stage {
    case .answered, .lingering: return false
    default: return answerDirectly(raw, response)
    }
  }
}
