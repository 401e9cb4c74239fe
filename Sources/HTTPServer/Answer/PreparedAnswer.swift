import CMicrohttpd
import Glibc
import Wire

/// An answer in the form of libmicrohttpd, ready to be queued. Whoever holds it must `queue` or `discard`
/// it, once.
///
/// `@unchecked Sendable` is safe: libmicrohttpd's response is made by one thread, then handed on under a
/// lock and touched by one thread only.
struct PreparedAnswer: @unchecked Sendable {
  private let response: OpaquePointer
  let status: Int
  /// Bytes of the body as it goes out.
  let bodyBytes: Int
  /// As `Response.caller`.
  let caller: String?

  /// Nil when there is no memory, or no descriptor left for a file.
  init?(_ answer: Response, to head: RequestHead, closing: Bool) {
    guard let response = PreparedAnswer.make(answer.body) else { return nil }
    self.response = response
    caller = answer.caller
    status = (200...599).contains(answer.status) ? answer.status : 500
    bodyBytes = head.method == .head ? 0 : answer.bodyLength
    // libmicrohttpd adds Date and Content-Length, and refuses fields with line breaks in them.
    for (name, value) in answer.headers { MHD_add_response_header(response, name, value) }
    answer.tag?.withCString { _ = MHD_add_response_header(response, "ETag", $0) }
    if let number = answer.number {
      number.name.withUTF8Buffer { name in
        _ = name.withMemoryRebound(to: CChar.self) { name in
          StackText.with {
            $0.prepend(number.value)
          } in: {
            MHD_add_response_header(response, name.baseAddress, $0)
          }
        }
      }
    }
    MHD_add_response_header(response, "X-Request-Id", head.requestID)
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff")
    if closing { MHD_add_response_header(response, "Connection", "close") }
  }

  private static func make(_ body: Response.Body) -> OpaquePointer? {
    switch body {
    case .block(let block) where block.count > 0:
      let owner = Unmanaged.passRetained(block).toOpaque()
      let response = sojourn_response_with_block(
        block.count, block.base, { Unmanaged<ByteBlock>.fromOpaque($0!).release() }, owner)
      if response == nil { Unmanaged<ByteBlock>.fromOpaque(owner).release() }
      return response
    case .file(let file, let offset, let length) where length > 0:
      // libmicrohttpd closes the descriptor that it is given; the owner closes its own.
      let copy = fcntl(file.number, F_DUPFD_CLOEXEC, 0)
      guard copy >= 0 else { return nil }
      let response = MHD_create_response_from_fd_at_offset64(UInt64(length), copy, UInt64(offset))
      if response == nil { close(copy) }
      return response
    case .parts(let file, let parts) where !parts.isEmpty:
      return PartsReader(file, parts).response()
    case .empty, .block, .file, .parts:
      return sojourn_response_empty()
    }
  }

  /// Gives it to the connection, on its thread. False when it cannot take one.
  func queue(on connection: OpaquePointer) -> Bool {
    let queued = sojourn_http_queue(connection, UInt32(status), response)
    MHD_destroy_response(response)
    return queued
  }

  func discard() { MHD_destroy_response(response) }
}
