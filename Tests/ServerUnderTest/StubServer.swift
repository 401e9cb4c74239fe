import Glibc
import Synchronization

/// A small HTTP/1.1 server on a free loopback port that does what a test says. Connections are kept alive.
package final class StubServer: Sendable {
  package struct Request: Sendable {
    package let method: String
    package let target: String
    /// Names in lower case.
    package let headers: [String: String]
    package let body: [UInt8]
    /// Which connection it came over, from 0.
    package let connection: Int
  }

  package enum Answer: Sendable {
    case answer(Int, headers: [String] = [], body: String = "")
    /// Closes without an answer.
    case hangUp
    /// Sends these bytes and closes.
    case raw(String)
    /// Sends nothing and keeps the connection for so many seconds.
    case silence(seconds: UInt32 = 3)
    /// Sends these bytes, and then nothing for so many seconds.
    case stall(after: String, seconds: UInt32 = 3)
    /// Breaks the connection.
    case reset
  }

  package let port: UInt16
  private let listener: Int32
  private let requests = Mutex<[Request]>([])
  private let accepted = Mutex(0)
  private let remembers: Bool
  private let handler: @Sendable (Request) -> Answer

  struct NoSocket: Error {}

  /// Listens at 127.0.0.`host`. `remembers` keeps every request for `seen`.
  package init(
    host: UInt32 = 1, port wanted: UInt16 = 0, remembers: Bool = true,
    _ handler: @escaping @Sendable (Request) -> Answer
  ) throws {
    self.handler = handler
    self.remembers = remembers
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = (0x7F00_0000 + host).bigEndian
    address.sin_port = wanted.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 64) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard isBound else { throw NoSocket() }
    Self.thread { [self] in
      var count = 0
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 { return }
        let number = count
        count += 1
        accepted.withLock { $0 += 1 }
        Self.thread { self.serve(connection, number) }
      }
    }
  }

  /// The listener's thread holds the server; a test ends it.
  package func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  deinit { close(listener) }

  package var base: String { "http://127.0.0.1:\(port)/api/v4/0123456789abcdef01234567" }
  package var seen: [Request] { requests.withLock { $0 } }

  /// Connections so far.
  package var connectionCount: Int { accepted.withLock { $0 } }

  private func serve(_ connection: Int32, _ number: Int) {
    defer { close(connection) }
    var buffer: [UInt8] = []
    while let request = Self.request(connection, &buffer, number) {
      if remembers { requests.withLock { $0.append(request) } }
      switch handler(request) {
      case .answer(let status, let headers, let body):
        let lines =
          ["HTTP/1.1 \(status) Stub", "Content-Length: \(body.utf8.count)"] + headers + ["", ""]
        Self.send(connection, lines.joined(separator: "\r\n") + body)
      case .raw(let text):
        Self.send(connection, text)
        return
      case .hangUp: return
      case .silence(let seconds): sleep(seconds)
      case .stall(let text, let seconds):
        Self.send(connection, text)
        sleep(seconds)
        return
      case .reset:
        var atOnce = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<Glibc.linger>.size))
        return
      }
    }
  }

  private static func request(_ connection: Int32, _ buffer: inout [UInt8], _ number: Int) -> Request? {
    func more() -> Bool {
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = recv(connection, &chunk, chunk.count, 0)
      if count > 0 { buffer += chunk[..<count] }
      return count > 0
    }
    let mark = Array("\r\n\r\n".utf8)
    var end: Int?
    while end == nil {
      end = buffer.count < 4 ? nil : (0...(buffer.count - 4)).first { Array(buffer[$0..<($0 + 4)]) == mark }
      if end == nil, !more() { return nil }
    }
    let head = String(decoding: buffer[..<(end ?? 0)], as: UTF8.self)
    let lines = head.split(separator: "\r\n")
    let words = (lines.first ?? "").split(separator: " ")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
    }
    let bodyStart = (end ?? 0) + 4
    let length = Int(headers["content-length"] ?? "") ?? 0
    while buffer.count < bodyStart + length { if !more() { return nil } }
    let body = Array(buffer[bodyStart..<(bodyStart + length)])
    buffer.removeFirst(bodyStart + length)
    return Request(
      method: String(words.first ?? ""), target: String(words.dropFirst().first ?? ""), headers: headers,
      body: body, connection: number)
  }

  private static func send(_ connection: Int32, _ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glibc.send(
          connection, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
        if count <= 0 { return }
        sent += count
      }
    }
  }

  private static func thread(_ work: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
      let work: @Sendable () -> Void
      init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { context in
        Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().work()
        return nil
      }, Unmanaged.passRetained(Box(work)).toOpaque())
    pthread_detach(thread)
  }
}
