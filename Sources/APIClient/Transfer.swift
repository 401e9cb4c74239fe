import CCurl
import Transfers
import Wire

/// One request on its way, and what has come back so far.
///
/// `@unchecked Sendable` is safe: it is made by one thread, handed over under a lock, and from then on
/// only touched by the loop's thread.
final class Transfer: CurlTransfer, @unchecked Sendable {
  private static let headerLimit = 64 << 10

  private let request: APIRequest
  private let configuration: APIClient.Configuration
  private let completion: (Result<APIResponse, TransferFailure>) -> Void
  private var headers: [(name: String, value: String)] = []
  private var headerBytes = 0
  private var body: [UInt8] = []
  private var isTooLarge = false
  private let memory = TransferMemory()

  init(
    _ request: APIRequest, _ configuration: APIClient.Configuration,
    _ completion: @escaping @Sendable (Result<APIResponse, TransferFailure>) -> Void
  ) {
    self.request = request
    self.configuration = configuration
    self.completion = completion
  }

  /// Sets the handle up; false when libcurl refuses an option. The transfer must outlive its use of the
  /// handle.
  func prepare(_ handle: UnsafeMutableRawPointer) -> Bool {
    var isGood = memory.takeWords(of: handle)
    func check(_ code: CURLcode) { if code != CURLE_OK { isGood = false } }
    check(ccurl_set_text(handle, CURLOPT_URL, configuration.base.url(request.path, query: request.query)))
    check(ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"))
    check(ccurl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue))
    check(ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1))
    check(ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.milliseconds))
    check(ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, configuration.timeout.milliseconds))
    if let authorities = configuration.authorities {
      check(ccurl_set_text(handle, CURLOPT_CAINFO, authorities))
    }
    if let socket = configuration.unixSocket {
      check(ccurl_set_text(handle, CURLOPT_UNIX_SOCKET_PATH, socket))
    }
    if configuration.base.isLoopback { check(ccurl_set_text(handle, CURLOPT_NOPROXY, "*")) }
    if let body = request.body {
      check(ccurl_set_long(handle, CURLOPT_POST, 1))
      check(ccurl_set_large(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
      check(ccurl_set_pointer(handle, CURLOPT_POSTFIELDS, body.base))
    }
    isGood = isGood && prepareHeaders(handle)
    let context = Unmanaged.passUnretained(self).toOpaque()
    check(ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context))
    check(ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context))
    check(
      ccurl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
        Transfer.of(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
      })
    check(
      ccurl_set_receiver(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
        Transfer.of(context)?.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
      })
    return isGood
  }

  private func prepareHeaders(_ handle: UnsafeMutableRawPointer) -> Bool {
    // Without a waiting round for bodies above 1 MiB.
    var lines = ["Expect:", "Accept: application/json"]
    if request.body != nil, !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
      lines.append("Content-Type: application/json")
    }
    for (name, value) in request.headers {
      guard (name + value).utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return false }
      lines.append("\(name): \(value)")
    }
    switch configuration.credentials {
    case .none: break
    case .basic(let username, let password):
      guard ccurl_set_long(handle, CURLOPT_HTTPAUTH, 1) == CURLE_OK,  // CURLAUTH_BASIC
        ccurl_set_text(handle, CURLOPT_USERNAME, username) == CURLE_OK,
        ccurl_set_text(handle, CURLOPT_PASSWORD, password) == CURLE_OK
      else { return false }
    case .token(let token): lines.append("Authorization: Bearer \(token)")
    }
    return memory.set(CURLOPT_HTTPHEADER, to: lines, of: handle)
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Another number than the count ends the transfer.
  private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard body.count + bytes.count <= configuration.bodyLimit else {
      isTooLarge = true
      return 0
    }
    body.append(contentsOf: bytes)
    return bytes.count
  }

  private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    headerBytes += bytes.count
    guard headerBytes <= Self.headerLimit else {
      isTooLarge = true
      return 0
    }
    // A new head begins, after one of 100 Continue.
    if bytes.starts(with: "HTTP/".utf8) { headers.removeAll() }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return bytes.count }
    func text(_ range: Range<Int>) -> Substring {
      var text = Substring(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
      while let first = text.first, first.isWhitespace { text.removeFirst() }
      while let last = text.last, last.isWhitespace { text.removeLast() }
      return text
    }
    headers.append((text(0..<colon).lowercased(), String(text((colon + 1)..<bytes.count))))
    return bytes.count
  }

  func finish(_ handle: UnsafeMutableRawPointer, _ code: CURLcode) {
    guard code == CURLE_OK else { return finish(.failure(failure(code))) }
    var status = 0
    _ = ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    finish(.success(APIResponse(status: status, headers: headers, body: body)))
  }

  func fail(_ reason: String) { finish(.failure(TransferFailure(.other, reason))) }

  private func finish(_ result: Result<APIResponse, TransferFailure>) { completion(result) }

  private func failure(_ code: CURLcode) -> TransferFailure {
    if isTooLarge {
      return TransferFailure(.other, "the answer is larger than \(configuration.bodyLimit) bytes")
    }
    var text = memory.reason(of: code)
    while text.last == "." || text.last == "\n" { text.removeLast() }
    switch code {
    case CURLE_PEER_FAILED_VERIFICATION:
      return TransferFailure(.certificate, "the server's certificate is not trusted: \(text)")
    case CURLE_SSL_CACERT_BADFILE:
      return TransferFailure(
        .other, "the certificates to trust cannot be read: \(configuration.authorities ?? "the system's")")
    case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_OPERATION_TIMEDOUT, CURLE_GOT_NOTHING,
      CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_SSL_CONNECT_ERROR, CURLE_HTTP2,
      CURLE_HTTP2_STREAM, CURLE_WEIRD_SERVER_REPLY:
      return TransferFailure(.connection, text)
    default:
      return TransferFailure(.other, text)
    }
  }
}

extension Duration {
  /// Whole milliseconds, at least 1, for libcurl, where 0 would mean no limit.
  fileprivate var milliseconds: Int { Int(max(1, min(self / .milliseconds(1), 86_400_000))) }
}
