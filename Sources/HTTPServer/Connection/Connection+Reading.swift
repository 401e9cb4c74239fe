import CMicrohttpd
import Glibc

/// From the bytes of a head to a `RequestHead`, and what becomes of its body.
extension Connection {
  func headCompleted(
    _ raw: OpaquePointer, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>
  ) -> Bool {
    // libmicrohttpd's texts end at a zero byte. One inside the target would hide what stands behind it:
    // the version begins one byte behind the end of the target, if that end is the true one.
    let versionAddress = UInt(bitPattern: version)
    if versionAddress > targetAddress, versionAddress &- targetAddress &- 1 != UInt(target.length) {
      return false
    }
    let headers = Headers(packed: packedHeaders(raw))
    let framing = RequestFraming(headers)
    let head = requestHead(Method(method), headers, framing)
    exchange = Exchange(head: head, started: Service.now())
    sent = (0, 0)
    caller = nil
    received = 0
    kind = 0
    enter(framing.hasBody ? .body : .answering)

    let limits = service.limits
    let line = strlen(method) + target.length + strlen(version) + 2
    if line > limits.requestLine {
      return refuse(raw, .requestLineTooLong(limit: limits.requestLine), before: framing)
    }
    if sojourn_http_head_size(raw) - line > limits.head {
      return refuse(raw, .headTooLarge(limit: limits.head), before: framing)
    }
    if framing.isAmbiguous { return refuse(raw, .brokenEncoding, before: framing) }
    let verdict = service.handler.verdict(on: head, kind: &kind)
    var limit = limits.body
    if case .stream(let receiver) = verdict { limit = receiver.limit }
    if let length = framing.declaredLength, length > limit {
      return refuse(raw, .bodyTooLarge(limit: limit), before: framing)
    }
    do throws(TransportFailure) {
      switch verdict {
      case .answer(let response): return answer(raw, response, before: framing)
      case .read(let respond): stage = try collecting(respond, framing)
      case .stream(let receiver): stage = try streaming(receiver, framing, head)
      }
    } catch { return refuse(raw, error, before: framing) }
    return true
  }

  private func collecting(
    _ respond: @escaping @Sendable (RequestBody) async -> Response, _ framing: RequestFraming
  ) throws(TransportFailure) -> Stage {
    guard framing.hasBody else { return .complete(respond) }
    return .collecting(
      BodyCollector(
        limit: service.limits.body, declared: framing.declaredLength, coding: try framing.inflating(),
        budget: service.bodies),
      respond)
  }

  private func streaming(
    _ receiver: any BodyReceiver, _ framing: RequestFraming, _ head: RequestHead
  ) throws(TransportFailure) -> Stage {
    guard framing.hasBody else { return .complete({ _ in await receiver.finish() }) }
    return .streaming(
      BodyStream(
        to: receiver, coding: try framing.inflating(), slack: service.limits.connectionMemory * 2,
        budget: service.bodies, refusal: { [service] in service.failure($0, of: head) }))
  }

  private func packedHeaders(_ raw: OpaquePointer) -> [UInt8] {
    let size = sojourn_http_pack_headers(raw, nil)
    return [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      count = size == 0 ? 0 : sojourn_http_pack_headers(raw, bytes.baseAddress)
    }
  }

  private func requestHead(_ method: Method, _ headers: Headers, _ framing: RequestFraming) -> RequestHead {
    var head = RequestHead(
      method: method, rawPath: target.rawPath, rawQuery: target.rawQuery, headers: headers,
      remoteAddress: peerText, scheme: endpoint.scheme == .https ? "https" : "http",
      requestID: framing.requestID ?? service.identifiers.next(), declaredLength: framing.declaredLength)
    if isTrusted, let peer {
      let forwarding = service.forwarding
      head.remoteAddress =
        forwarding.caller(peer: peer, forwardedFor: headers.all("x-forwarded-for")).description
      head.scheme = forwarding.scheme(forwardedProto: headers.all("x-forwarded-proto")) ?? head.scheme
    }
    return head
  }
}

extension Method {
  init(_ token: UnsafePointer<CChar>) {
    switch UInt8(bitPattern: token.pointee) {
    case UInt8(ascii: "G") where strcmp(token, "GET") == 0: self = .get
    case UInt8(ascii: "H") where strcmp(token, "HEAD") == 0: self = .head
    case UInt8(ascii: "P") where strcmp(token, "POST") == 0: self = .post
    case UInt8(ascii: "P") where strcmp(token, "PUT") == 0: self = .put
    case UInt8(ascii: "P") where strcmp(token, "PATCH") == 0: self = .patch
    case UInt8(ascii: "D") where strcmp(token, "DELETE") == 0: self = .delete
    case UInt8(ascii: "O") where strcmp(token, "OPTIONS") == 0: self = .options
    default: self = .other(String(cString: token))
    }
  }
}
