import Glibc

/// A plain socket that sends what it is told and takes answers apart.
final class TestClient {
  enum Failure: Error { case noThread, noConnection, closed, timeout, malformed(String) }

  struct Answer {
    var status: Int
    var headers: [String: String]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  let descriptor: Int32
  private var buffer: [UInt8] = []

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var patience = timeval(tv_sec: 8, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let status = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw Failure.noConnection }
  }

  deinit { close(descriptor) }

  /// False when the other side is gone.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      done += count
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Sends a request with a body of known length, and reads the answer.
  func request(
    _ method: String, _ target: String, headers: [String] = [], body: [UInt8]? = nil
  ) throws -> Answer {
    var head = "\(method) \(target) HTTP/1.1\r\nHost: test\r\n"
    for header in headers { head += header + "\r\n" }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    send(Array((head + "\r\n").utf8) + (body ?? []))
    return try answer(hasBody: method != "HEAD")
  }

  func answer(hasBody: Bool = true) throws -> Answer {
    let end: [UInt8] = [13, 10, 13, 10]
    var position: Int?
    while position == nil {
      if buffer.count >= 4 {
        position = (0...(buffer.count - 4)).first { buffer[$0..<($0 + 4)].elementsEqual(end) }
      }
      if position == nil { try fill() }
    }
    let head = String(decoding: buffer[..<position!], as: UTF8.self)
    buffer.removeFirst(position! + 4)
    var lines = head.split(separator: "\r\n").map(String.init)
    let parts = lines.removeFirst().split(separator: " ")
    guard parts.count >= 2, parts[0] == "HTTP/1.1", let status = Int(parts[1]) else {
      throw Failure.malformed(head)
    }
    var headers: [String: String] = [:]
    for line in lines {
      guard let colon = line.firstIndex(of: ":") else { throw Failure.malformed(line) }
      headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
    }
    let length = hasBody && status >= 200 ? Int(headers["content-length"] ?? "0") ?? 0 : 0
    while buffer.count < length { try fill() }
    let body = Array(buffer[..<length])
    buffer.removeFirst(length)
    return Answer(status: status, headers: headers, body: body)
  }

  /// Whether the server ends the connection without sending any more.
  func isClosed() -> Bool {
    guard buffer.isEmpty else { return false }
    do { try fill() } catch Failure.closed { return true } catch { return false }
    return false
  }

  /// Whether bytes are there to be read at once.
  func hasBytes() -> Bool {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return !buffer.isEmpty || Glibc.poll(&poll, 1, 0) > 0
  }

  private func fill() throws {
    var part = [UInt8](repeating: 0, count: 64 * 1024)
    let count = recv(descriptor, &part, part.count, 0)
    if count > 0 {
      buffer += part[..<count]
    } else {
      throw count == 0 || errno == ECONNRESET ? Failure.closed : Failure.timeout
    }
  }
}
