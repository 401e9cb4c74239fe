import CMicrohttpd

/// From an answer to the bytes of it.
extension Connection {
  /// Bodies up to this size are answered beginning on the connection's thread: for short work the way to
  /// another thread and back costs more than the work.
  static let immediateBody = 16 * 1024

  /// Begins the handler's work on a complete request.
  func start(
    _ raw: OpaquePointer, _ respond: @escaping @Sendable (RequestBody) async -> Response, _ body: RequestBody
  ) -> Bool {
    guard let exchange = current.exchange else { return false }
    enter(.answering)
    let service = service
    if service.stage == .ending { return answer(raw, exchange.failure(.draining)) }
    if body.bytes.count <= Connection.immediateBody {
      Task.immediate(executorPreference: exchange) {
        exchange.leave(await service.perform(respond, body, exchange.head))
      }
      if case .answer(let answer)? = exchange.take() { return queue(raw, answer) }
    } else {
      Task.detached { exchange.leave(await service.perform(respond, body, exchange.head)) }
    }
    stage = .waiting
    waiting = exchange
    current.wasSuspended = true
    switch exchange.takeOrSuspend(raw, idleTimeout: idleTimeout) {
    case .suspended: return true
    case .answer(let answer):
      waiting = nil
      current.wasSuspended = false
      return queue(raw, answer)
    // These belong to pieces of a body, and the body is complete.
    case .more, .early: return false
    }
  }

  func finish(
    _ raw: OpaquePointer, _ collector: BodyCollector,
    _ respond: @escaping @Sendable (RequestBody) async -> Response
  ) -> Bool {
    guard let exchange = current.exchange else { return false }
    let body: RequestBody
    do { body = try collector.finish() } catch {
      return answer(raw, exchange.failure(error))
    }
    return start(raw, respond, body)
  }

  /// Refuses a request in the middle of its body.
  func refuse(_ raw: OpaquePointer, _ failure: TransportFailure) -> Bool {
    guard let exchange = current.exchange else { return false }
    stage = .discarding(exchange.failure(failure))
    return true
  }

  /// Refuses a request whose head is complete.
  func refuse(_ raw: OpaquePointer, _ failure: TransportFailure, before framing: RequestFraming) -> Bool {
    guard let exchange = current.exchange else { return false }
    return answer(raw, exchange.failure(failure), before: framing)
  }

  /// Answers a request whose head is complete, without its body.
  func answer(_ raw: OpaquePointer, _ response: Response, before framing: RequestFraming) -> Bool {
    // A client that waits for leave to send gets the answer instead. libmicrohttpd closes then.
    if framing.hasBody && framing.expectsContinue { return answer(raw, response) }
    if framing.fault != nil || (framing.declaredLength ?? 0) > refusedBodyLimit {
      return answerDirectly(raw, response)
    }
    stage = .discarding(response)
    return true
  }

  func answer(_ raw: OpaquePointer, _ response: Response) -> Bool {
    guard let exchange = current.exchange else { return false }
    enter(.answering)
    return queue(raw, service.prepare(response, to: exchange.head))
  }

  func queue(_ raw: OpaquePointer, _ answer: PreparedAnswer?) -> Bool {
    guard let answer else { return false }
    current.sent = (answer.status, answer.bodyBytes)
    current.caller = answer.caller
    stage = .answered
    return answer.queue(on: raw)
  }

  /// Answers while the body is coming in, and lets it come for a while.
  func answerDirectly(_ raw: OpaquePointer, _ response: Response) -> Bool {
    guard let exchange = current.exchange else { return false }
    current.sent = (response.status, response.bodyLength)
    current.caller = response.caller
    current.sentDirectly = DirectAnswer.send(response, to: exchange.head, on: raw)
    stage = .lingering
    enter(.lingering)
    return current.sentDirectly
  }
}

extension Connection {
  /// The HTTP library is about to refuse the current request by itself, in HTML. Answers it here instead;
  /// false where that cannot be.
  func refused(_ raw: OpaquePointer, status: Int) -> Bool {
    // The connection has to be resumed before it can be closed.
    guard waiting == nil else { return false }
    // What comes behind a request that was answered past the library need not be answered.
    if case .lingering = stage { return true }
    let exchange = exchangeForRefusal()
    // Whether it goes out or not, no other answer can follow it.
    if case .discarding(let response) = stage {
      _ = answerDirectly(raw, response)
    } else {
      _ = answerDirectly(raw, exchange.failure(.unreadable(status: status)))
    }
    completed(raw, whole: current.sentDirectly)
    return true
  }

  /// The exchange of the current request; one that has what is known, where its head is not complete: the path is
  /// good for the log.
  func exchangeForRefusal() -> Exchange {
    if let exchange = current.exchange { return exchange }
    var path = "/"
    if case .head = stage { path = target.rawPath }
    let exchange = Exchange(
      head: RequestHead(
        method: .other("-"), rawPath: path, headers: Headers([]), remoteAddress: peer.text,
        scheme: endpoint.scheme.rawValue, requestID: service.identifiers.next()),
      at: service.sites.site(at: path), started: Service.now())
    current = CurrentRequest(exchange: exchange)
    return exchange
  }
}

extension Service {
  /// Runs the handler and makes its answer ready to send.
  func perform(
    _ respond: @Sendable (RequestBody) async -> Response, _ body: RequestBody, _ head: RequestHead
  ) async -> PreparedAnswer? {
    let response = await respond(body)
    if isLongToCompress(response) { await Task.yield() }
    return prepare(response, to: head)
  }

  /// Whether compressing it on a connection's thread would hold up its other connections.
  func isLongToCompress(_ response: Response) -> Bool {
    configuration.compression && response.bodyLength > Response.quickCompression && response.isCompressible
  }
}
