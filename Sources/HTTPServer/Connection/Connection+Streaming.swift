import CMicrohttpd

/// A body that goes to its receiver piece by piece. While a task has a piece, the connection is suspended:
/// the client is read no faster than its bytes can be kept.
extension Connection {
  func streamed(_ raw: OpaquePointer, _ stream: BodyStream, _ part: UnsafeRawBufferPointer) -> Bool {
    guard let exchange = current.exchange else { return false }
    if waiting != nil, let outcome = exchange.take() {
      waiting = nil
      enter(.body)
      switch outcome {
      case .more: break
      case .early(let response): return end(raw, with: response, part)
      // The server is being stopped: nothing can be said in the middle of a body.
      case .answer(let answer):
        answer?.discard()
        return false
      case .suspended: return false
      }
    }
    if part.isEmpty {
      guard waiting == nil else { return false }
      return start(raw, { await stream.end($0) }, stream.takePiece())
    }
    countBody(part.count)
    do { try stream.add(part) } catch { return refuse(raw, error) }
    // libmicrohttpd may go on to hand out what it has read of a chunked body after it was suspended.
    return stream.isPieceReady && waiting == nil ? pass(raw, stream, exchange) : true
  }

  private func pass(_ raw: OpaquePointer, _ stream: BodyStream, _ exchange: Exchange) -> Bool {
    let piece = stream.takePiece()
    // The time that a piece takes is not the client's.
    enter(.answering)
    waiting = exchange
    current.wasSuspended = true
    Task.detached {
      if let answer = await stream.pass(piece) {
        exchange.leave(.early(answer))
      } else {
        exchange.leave(.more)
      }
    }
    // Whether it is done already is seen at the next call.
    exchange.suspend(raw, idleTimeout: idleTimeout)
    return true
  }

  /// Answers before the end: what little still comes is thrown away first, so that the connection can go on.
  private func end(_ raw: OpaquePointer, with response: Response, _ part: UnsafeRawBufferPointer) -> Bool {
    if part.isEmpty { return answer(raw, response) }
    countBody(part.count)
    if let declared = current.exchange?.head.declaredLength, declared - current.received > refusedBodyLimit {
      return answerDirectly(raw, response)
    }
    current.received = 0
    stage = .discarding(response)
    return true
  }
}
