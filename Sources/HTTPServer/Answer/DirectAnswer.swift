import CMicrohttpd
import Glibc
import Wire

/// An answer written straight to the client while its body is still coming in.
///
/// libmicrohttpd takes an answer only before the body or after its end. To a client that sends without
/// end, neither comes: so these few hundred bytes are written past it. That is sound as nothing else is
/// being sent then: an earlier answer has gone out before this request was read.
enum DirectAnswer {
  /// False when it did not go out whole.
  static func send(_ answer: Response, to head: RequestHead, on connection: OpaquePointer) -> Bool {
    let bytes = serialized(answer, to: head)
    return bytes.withUnsafeBytes { sojourn_http_send(connection, $0.baseAddress, $0.count) } == bytes.count
  }

  static func serialized(_ answer: Response, to head: RequestHead) -> [UInt8] {
    var writer = ByteWriter(capacity: 1024)
    writer.append(text: "HTTP/1.1 \(answer.status) ")
    writer.append(text: String(cString: MHD_get_reason_phrase_for(UInt32(clamping: answer.status))))
    writer.append("\r\nDate: ")
    writer.append(text: date())
    writer.append("\r\nConnection: close\r\n")
    for (name, value) in answer.fields where !(name + value).utf8.contains(where: { $0 == 13 || $0 == 10 }) {
      writer.append(text: "\(name): \(value)\r\n")
    }
    writer.append(text: "X-Request-Id: \(head.requestID)\r\nX-Content-Type-Options: nosniff\r\n")
    // Refusals are short texts; of a file only the header would fit here.
    var body: [UInt8] = []
    if case .block(let block) = answer.body { body = Array(block.bytes) }
    writer.append(text: "Content-Length: \(body.count)\r\n\r\n")
    if head.method != .head { writer.append(body) }
    return writer.array
  }

  private static func date() -> String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    var text = [CChar](repeating: 0, count: 40)
    strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
