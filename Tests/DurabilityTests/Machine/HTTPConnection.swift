import Foundation
import Glibc
import JSON
import ServerUnderTest

/// A blocking client on one keep-alive connection, for one thread. It tells an answer that came whole
/// from one that did not.
final class HTTPConnection {
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  struct Answer {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func json(expecting status: Int) throws -> JSONValue {
      guard self.status == status else { throw TestFault("\(self.status) instead of \(status): \(text)") }
      return try JSONDocument.read(body).root
    }
  }

  /// The other side is gone: before an answer, or in the middle of one.
  struct Lost: Error { let wasInAnswer: Bool }

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else { throw Lost(wasInAnswer: false) }
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    var patience = timeval(tv_sec: 40, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  func request(
    _ method: String, _ path: String, authorization: String? = nil, body: String? = nil
  ) throws -> Answer {
    try send(HTTPConnection.bytes(method, path, authorization: authorization, body: body))
    return try receive()
  }

  static func bytes(_ method: String, _ path: String, authorization: String?, body: String?) -> [UInt8] {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
    if let authorization { text += "Authorization: \(authorization)\r\n" }
    if let body { text += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
    return Array((text + "\r\n" + (body ?? "")).utf8)
  }

  func send(_ bytes: [UInt8]) throws {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + offset, $0.count - offset, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Lost(wasInAnswer: false) }
      offset += count
    }
  }

  /// The next answer on the connection, whole.
  func receive() throws -> Answer {
    var end: Int?
    while end == nil {
      end = buffer.indices.first { buffer[$0...].starts(with: [13, 10, 13, 10]) }
      if end == nil { try fill() }
    }
    let head = String(decoding: buffer[..<(end ?? 0)], as: UTF8.self)
    buffer.removeFirst((end ?? 0) + 4)
    let lines = head.components(separatedBy: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] =
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    let words = lines[0].split(separator: " ")
    guard words.count >= 2, let status = Int(words[1]), let length = Int(headers["content-length"] ?? "0")
    else { throw TestFault("no answer of HTTP: \(head.prefix(200))") }
    while buffer.count < length { try fill() }
    let body = Array(buffer[..<length])
    buffer.removeFirst(length)
    return Answer(status: status, headers: headers, body: body)
  }

  private func fill() throws {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Lost(wasInAnswer: !buffer.isEmpty) }
      buffer.append(contentsOf: chunk[..<count])
      return
    }
  }
}
