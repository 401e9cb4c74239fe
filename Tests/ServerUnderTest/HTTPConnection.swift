import Glibc

/// A connection over which bytes go out exactly as a test wrote them, and answers are taken apart.
///
/// Not thread-safe: one task has one.
package final class HTTPConnection {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// Whether a part of an answer has been taken from the buffer.
  private var isInAnswer = false

  package init(port: UInt16, seconds: Int = 30) throws(TestFault) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var patience = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    let status = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else {
      close(descriptor)
      throw TestFault(
        "nobody listens at port \(port): \(String(cString: strerror(errno)))", endedInAnswer: false)
    }
  }

  deinit { close(descriptor) }

  /// False when the other side is gone.
  @discardableResult
  package func send(_ bytes: [UInt8]) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      done += count
    }
    return true
  }

  /// Sends a request and reads its answer. `Content-Length` is added where there is a body; an answer
  /// that comes before the whole body went out counts as well.
  package func request(
    _ method: String, _ target: String, headers: [String] = [], body: [UInt8]? = nil
  ) throws(TestFault) -> Answer {
    var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
    for header in headers { head += "\(header)\r\n" }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    send(Array((head + "\r\n").utf8) + (body ?? []))
    return try answer(hasBody: method != "HEAD")
  }

  /// Reads the next answer.
  /// - Throws: when the connection ends or rests too long before it is whole.
  package func answer(hasBody: Bool = true) throws(TestFault) -> Answer {
    defer { isInAnswer = false }
    while true {
      let answer = try head()
      // 100 Continue comes before the answer.
      if answer.status == 100 { continue }
      guard hasBody, answer.status != 204, answer.status != 304 else { return answer }
      return try withBody(answer)
    }
  }

  /// Reads so many bytes of what comes, and leaves the rest where it is.
  package func read(atLeast count: Int) throws(TestFault) { while buffer.count < count { try fill() } }

  private func head() throws(TestFault) -> Answer {
    var lines: [String] = []
    while true {
      let line = try line()
      if line.isEmpty {
        if lines.isEmpty { continue }
        break
      }
      lines.append(line)
    }
    let words = lines[0].split(separator: " ")
    guard words.count >= 2, let status = Int(words[1]) else { throw TestFault("no status line: \(lines[0])") }
    let headers = lines.dropFirst().map { line in
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      return (
        name: line[..<colon].lowercased(), value: String(line[colon...].dropFirst().drop { $0 == " " })
      )
    }
    return Answer(status: status, headers: headers, body: [])
  }

  private func withBody(_ head: Answer) throws(TestFault) -> Answer {
    var answer = head
    if answer[header: "transfer-encoding"] == "chunked" {
      while true {
        guard let size = Int(try line(), radix: 16) else { throw TestFault("a chunk without a size") }
        answer.body += try take(size)
        _ = try line()
        if size == 0 { return answer }
      }
    }
    guard let length = answer[header: "content-length"].flatMap({ Int($0) }) else {
      throw TestFault("an answer \(answer.status) without a length")
    }
    answer.body = try take(length)
    return answer
  }

  private func line() throws(TestFault) -> String {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = buffer[..<end].filter { $0 != UInt8(ascii: "\r") }
        buffer.removeSubrange(...end)
        isInAnswer = true
        return String(decoding: line, as: UTF8.self)
      }
      try fill()
    }
  }

  private func take(_ count: Int) throws(TestFault) -> [UInt8] {
    while buffer.count < count { try fill() }
    defer { buffer.removeSubrange(..<count) }
    return Array(buffer[..<count])
  }

  private func fill() throws(TestFault) {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    if count < 0, errno == EINTR { return }
    guard count > 0 else {
      throw TestFault(
        "the connection ended before the answer was whole", endedInAnswer: isInAnswer || !buffer.isEmpty)
    }
    buffer += chunk[..<count]
  }
}
