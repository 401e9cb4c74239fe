import Glibc
import Synchronization
import Threads
import Wire

@testable import HTTPServer

/// A small set of routes that show what the server does with them.
final class TestHandler: Handler {
  let exchanges = Mutex<[FinishedExchange]>([])
  /// Receivers of bodies that were let go of without an end.
  let abandoned = Mutex(0)
  /// Requests that wait on `/gate`.
  let gate = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

  static let large = String(repeating: #"{"name":"Newark Liberty Intl"},"#, count: 4000)

  func verdict(on head: RequestHead) -> Verdict {
    switch head.rawPath {
    case "/refused": return .answer(.text(401, "HTTP Basic: Access denied."))
    case "/gate":
      return .read { [self] _ in
        await pass()
        return .text(200, "through")
      }
    case "/suspended":
      return .read { body in
        await Task.yield()
        return .text(200, "suspended \(body.bytes.count)")
      }
    case let path where path.hasPrefix("/announced/"):
      let microseconds = UInt32(path.dropFirst("/announced/".count)) ?? 0
      return .read { body in
        await Self.goOnWhereAnnounced()
        usleep(microseconds)
        return .text(200, "announced \(body.bytes.count)")
      }
    case "/echo":
      return .read { body in Response(status: 200, body: .block(ByteBlock(Array(body.bytes)))) }
    case "/count": return .read { body in .text(200, "\(body.bytes.count)") }
    case "/padding":
      return .read { body in
        let behind = UnsafeRawBufferPointer(
          start: body.bytes.baseAddress.map { $0 + body.bytes.count }, count: RequestBody.padding)
        return .text(200, behind.allSatisfy { $0 == 0 } ? "zeros" : "garbage")
      }
    case "/large": return .read { _ in .json(TestHandler.large) }
    case "/large-at-once": return .answer(.json(TestHandler.large))
    case "/etag":
      return .read { _ in
        var response = Response.json(TestHandler.large)
        response.headers.append(("ETag", "\"7\""))
        return response
      }
    case "/file": return .read { _ in .file(TestHandler.large, offset: 0) }
    case "/file-part": return .read { _ in .file(TestHandler.large, offset: 1000) }
    case "/stream": return .stream(TestReceiver(limit: 4_000_000))
    case "/stream-long": return .stream(TestReceiver(limit: 2_000_000_000))
    case "/stream-slowly": return .stream(TestReceiver(limit: 4_000_000, pause: .milliseconds(500)))
    case "/stream-refused": return .stream(TestReceiver(limit: 300_000_000, most: 300_000))
    case "/stream-gone":
      return .stream(TestReceiver(limit: 4_000_000) { [self] in abandoned.withLock { $0 += 1 } })
    case "/parts": return .read { _ in .parts(TestHandler.large, [1..<5, 100..<100_000, 7..<8]) }
    case "/nothing": return .read { _ in Response(status: 204) }
    default:
      return .read { _ in
        .text(
          200,
          "\(head.method) \(head.rawPath) \(head.rawQuery ?? "-") \(head.remoteAddress) \(head.scheme)"
            + (head.forwardedHost.map { " \($0)" } ?? ""))
      }
    }
  }

  func response(to failure: TransportFailure, of head: RequestHead) -> Response {
    switch failure {
    case .requestLineTooLong: .text(414, "line")
    case .headTooLarge: .text(431, "head")
    case .bodyTooLarge: .text(413, "body")
    case .streamTooLarge: .text(413, "stream")
    case .malformed(let fault): .text(400, "\(fault)")
    case .unreadable(let status): .text(status, "unreadable")
    case .unknownEncoding(let name): .text(415, name)
    case .brokenEncoding: .text(400, "broken")
    case .busy: .text(503, "busy")
    case .draining: .text(503, "draining")
    case .unexpected: .text(500, "unexpected")
    }
  }

  func finished(_ exchange: FinishedExchange) { exchanges.withLock { $0.append(exchange) } }

  private func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = gate.withLock { gate in
        if !gate.isOpen { gate.waiting.append(continuation) }
        return gate.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  /// The task goes on on a thread of its own, which says so, as a writer's does.
  private static func goOnWhereAnnounced() async {
    await withCheckedContinuation { continuation in
      let thread = try? OwnThread { ResumingExecutor.offeringThread(isLast: true) { continuation.resume() } }
      if thread == nil { continuation.resume() }
    }
  }

  func openGate() {
    let waiting = gate.withLock { gate in
      gate.isOpen = true
      defer { gate.waiting = [] }
      return gate.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}

extension Response {
  static func text(_ status: Int, _ text: String) -> Response {
    Response(
      status: status, headers: [("Content-Type", "text/plain")], body: .block(ByteBlock(Array(text.utf8))))
  }

  static func json(_ text: String) -> Response {
    Response(
      status: 200, headers: [("Content-Type", "application/json")], body: .block(ByteBlock(Array(text.utf8))))
  }

  /// Each range between its bounds in brackets.
  static func parts(_ text: String, _ ranges: [Range<Int>]) -> Response {
    guard let file = TemporaryFile.holding(Array(text.utf8)) else { return .text(500, "no file") }
    let parts = ranges.flatMap { range in
      [Part.text("[\(range.lowerBound)"), .range(range), .text(""), .text("\(range.upperBound)]")]
    }
    return Response(
      status: 206, headers: [("Content-Type", "multipart/byteranges; boundary=x")], body: .parts(file, parts))
  }

  static func file(_ text: String, offset: Int) -> Response {
    guard let file = TemporaryFile.holding(Array(text.utf8)) else { return .text(500, "no file") }
    return Response(
      status: 200, headers: [("Content-Type", "application/octet-stream")],
      body: .file(file, offset: offset, length: text.utf8.count - offset))
  }
}
