import CMicrohttpd
import Glibc
import Wire

/// From the bytes of a head to a `RequestHead`, and what becomes of its body.
extension Connection {
  func headCompleted(
    _ raw: OpaquePointer, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>
  ) -> Bool {
    let headSize = sojourn_http_head_size(raw)
    let (packed, hides) = packedHeaders(raw, lineEnd: version + strlen(version), headEnd: method + headSize)
    let headers = Headers(packed: packed)
    var framing = RequestFraming(headers, needsHost: strcmp(version, "HTTP/1.0") != 0)
    if hides { framing.fault = .hiddenBytes }
    // libmicrohttpd's texts end at a zero byte. One inside the target would hide what stands behind it:
    // the version begins one byte behind the end of the target, if that end is the true one.
    let versionAddress = UInt(bitPattern: version)
    let isCut = versionAddress > targetAddress && versionAddress &- targetAddress &- 1 != UInt(target.length)
    if isCut || target.hasBlank { framing.note(.target) }
    var head = requestHead(Method(method), headers, framing)
    let site = service.sites.site(at: head.rawPath)
    site.handler.prepare(&head)
    let exchange = Exchange(head: head, at: site, started: Service.now())
    current = CurrentRequest(exchange: exchange)
    enter(framing.hasBody ? .body : .answering)

    let line = strlen(method) + target.length + strlen(version) + 2
    if line > site.limits.requestLine {
      return refuse(raw, .requestLineTooLong(limit: site.limits.requestLine), before: framing)
    }
    if headSize - line > site.limits.head {
      return refuse(raw, .headTooLarge(limit: site.limits.head), before: framing)
    }
    // Too little would be left for the header of an answer, which libmicrohttpd would drop then.
    if headSize + framing.memory > service.limits.connectionMemory - TransportLimits.answerHead {
      return answerDirectly(raw, exchange.failure(.unreadable(status: 431)))
    }
    if let fault = framing.fault { return refuse(raw, .malformed(fault), before: framing) }
    return judge(raw, exchange, framing)
  }

  /// Asks the site, and makes ready for the body that it wants.
  private func judge(_ raw: OpaquePointer, _ exchange: Exchange, _ framing: RequestFraming) -> Bool {
    let length = framing.declaredLength ?? 0
    let most = exchange.site.limits.body
    do throws(TransportFailure) {
      switch exchange.site.handler.verdict(on: exchange.head, kind: &current.kind) {
      case .answer(let response):
        if framing.hasBody || !service.isLongToCompress(response) { return answer(raw, response, before: framing) }
        stage = .complete { _ in response }
      case .read(let respond):
        if length > most { throw .bodyTooLarge(limit: most) }
        stage = try collecting(respond, framing, upTo: most)
      case .stream(let receiver):
        if length > receiver.limit { throw .streamTooLarge(limit: receiver.limit) }
        stage = try streaming(receiver, framing, exchange)
      }
    } catch { return refuse(raw, error, before: framing) }
    return true
  }

  private func collecting(
    _ respond: @escaping @Sendable (RequestBody) async -> Response, _ framing: RequestFraming, upTo limit: Int
  ) throws(TransportFailure) -> Stage {
    guard framing.hasBody else { return .complete(respond) }
    return .collecting(
      BodyCollector(
        limit: limit, declared: framing.declaredLength, coding: try framing.inflating(),
        budget: service.bodies),
      respond)
  }

  private func streaming(
    _ receiver: any BodyReceiver, _ framing: RequestFraming, _ exchange: Exchange
  ) throws(TransportFailure) -> Stage {
    guard framing.hasBody else { return .complete({ _ in await receiver.finish() }) }
    return .streaming(
      BodyStream(
        to: receiver, coding: try framing.inflating(), slack: service.limits.connectionMemory * 2,
        budget: service.bodies, refusal: { exchange.failure($0) }))
  }

  /// And whether the head holds more than they show.
  private func packedHeaders(
    _ raw: OpaquePointer, lineEnd: UnsafePointer<CChar>, headEnd: UnsafePointer<CChar>
  ) -> (packed: [UInt8], hides: Bool) {
    var hides = false
    let size = sojourn_http_measure_headers(raw, lineEnd, headEnd, &hides)
    let packed = [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      if size > 0 { sojourn_http_pack_headers(raw, bytes.baseAddress) }
      count = size
    }
    return (packed, hides)
  }

  private func requestHead(_ method: Method, _ headers: Headers, _ framing: RequestFraming) -> RequestHead {
    var head = RequestHead(
      method: method, rawPath: target.rawPath, rawQuery: target.rawQuery, headers: headers,
      remoteAddress: peer.text, scheme: endpoint.scheme == .https ? "https" : "http",
      requestID: framing.requestID ?? service.identifiers.next(), declaredLength: framing.declaredLength,
      hasBody: framing.hasBody)
    if peer.isTrusted, let address = peer.address {
      let way = service.forwarding.way(from: address, forwardedFor: headers.all("x-forwarded-for"))
      head.remoteAddress = way.caller.description
      head.scheme = way.scheme(of: headers.all("x-forwarded-proto")) ?? head.scheme
      head.forwardedHost = way.host(of: headers.all("x-forwarded-host"))
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
