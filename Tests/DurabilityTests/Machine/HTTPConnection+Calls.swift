import JSON
import ServerUnderTest

extension HTTPConnection {
  func request(
    _ method: String, _ path: String, authorization: String?, body: String? = nil
  ) throws(TestFault) -> Answer {
    send(HTTPConnection.bytes(method, path, authorization: authorization, body: body))
    return try answer()
  }

  static func bytes(_ method: String, _ path: String, authorization: String?, body: String?) -> [UInt8] {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
    if let authorization { text += "Authorization: \(authorization)\r\n" }
    if let body { text += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
    return Array((text + "\r\n" + (body ?? "")).utf8)
  }
}

extension Answer {
  func json(expecting status: Int) throws(TestFault) -> JSONValue {
    guard self.status == status else { throw TestFault("\(self.status) instead of \(status): \(text)") }
    return try json
  }
}
