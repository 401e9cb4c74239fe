import CCurl
import Glibc
import Storage
import Transfers
import Wire

/// One delivery on its way.
///
/// `@unchecked Sendable` is safe: it is made by one thread, handed over under a lock, and from then on
/// only touched by the loop's thread.
final class EndpointTransfer: CurlTransfer, @unchecked Sendable {
  static let connectMilliseconds = 5_000
  /// Answers are read so far.
  static let answerLimit = 64 << 10

  private let request: DeliveryRequest
  private let address: NetworkAddress
  private let wholeMilliseconds: Int
  private let completion: @Sendable (DeliveryResult) -> Void
  private let start = ContinuousClock.now
  private var answer: [UInt8] = []
  private var received = 0
  /// The answer was longer than what is read of it.
  private var isCut = false
  /// An address that was not the one to go to.
  private var refused: String?
  private let memory = TransferMemory()

  init(
    _ request: DeliveryRequest, to address: NetworkAddress, withinMilliseconds wholeMilliseconds: Int,
    _ completion: @escaping @Sendable (DeliveryResult) -> Void
  ) {
    self.request = request
    self.address = address
    self.wholeMilliseconds = wholeMilliseconds
    self.completion = completion
  }

  func prepare(_ handle: UnsafeMutableRawPointer) -> Bool {
    var isGood = memory.takeWords(of: handle)
    func check(_ code: CURLcode) { if code != CURLE_OK { isGood = false } }
    check(ccurl_set_text(handle, CURLOPT_URL, request.endpoint.text))
    check(ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"))
    check(ccurl_set_long(handle, CURLOPT_DISALLOW_USERNAME_IN_URL, 1))
    // Whatever host libcurl reads from the URL, it goes to the address that was checked. Unlike
    // CURLOPT_RESOLVE this holds for every spelling of an address, too.
    isGood = memory.set(CURLOPT_CONNECT_TO, to: ["::\(bracketed):"], of: handle) && isGood
    let context = Unmanaged.passUnretained(self).toOpaque()
    // And the socket is opened to it and to nothing else.
    check(ccurl_set_opener(handle, { context, _, target in EndpointTransfer.open(context, target) }, context))
    // No proxy, whatever the environment says: it would resolve names itself.
    check(ccurl_set_text(handle, CURLOPT_PROXY, ""))
    check(ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0))
    check(ccurl_set_long(handle, CURLOPT_HTTP_VERSION, 2))  // CURL_HTTP_VERSION_1_1
    check(ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1))
    check(ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Self.connectMilliseconds))
    check(ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, wholeMilliseconds))
    check(ccurl_set_long(handle, CURLOPT_POST, 1))
    check(ccurl_set_large(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
    check(ccurl_set_pointer(handle, CURLOPT_POSTFIELDS, request.body.base))
    // Without a waiting round for bodies above 1 MiB.
    let headers = ["Expect:"] + request.headers.map { "\($0.name): \($0.value)" }
    isGood = memory.set(CURLOPT_HTTPHEADER, to: headers, of: handle) && isGood
    check(ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context))
    check(
      ccurl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
        EndpointTransfer.of(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
      })
    return isGood
  }

  private var bracketed: String { address.isV4 ? address.description : "[\(address)]" }

  private static func of(_ context: UnsafeMutableRawPointer?) -> EndpointTransfer? {
    context.map { Unmanaged<EndpointTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func open(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafeMutablePointer<curl_sockaddr>?
  ) -> curl_socket_t {
    guard let transfer = of(context), let target else { return ccurl_no_socket() }
    let actual = ccurl_address(target).flatMap { NetworkAddress($0) }
    guard let actual, actual == transfer.address, transfer.request.permitted.permits(actual) else {
      transfer.refused = actual?.description ?? "of another family"
      return ccurl_no_socket()
    }
    // O_CLOEXEC is SOCK_CLOEXEC on Linux.
    return socket(target.pointee.family, target.pointee.socktype | O_CLOEXEC, target.pointee.protocol)
  }

  /// Another number than the count ends the transfer.
  private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    answer.append(contentsOf: bytes.prefix(WebhookAttempt.answerBytes - answer.count))
    received += bytes.count
    isCut = received > Self.answerLimit
    return isCut ? 0 : bytes.count
  }

  func finish(_ handle: UnsafeMutableRawPointer, _ code: CURLcode) {
    var status = 0
    _ = ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    let hasEnded = code == CURLE_OK || (isCut && code == CURLE_WRITE_ERROR)
    let problem =
      hasEnded ? ((200...299).contains(status) ? nil : Self.problem(of: status)) : self.problem(code)
    // Seconds, also of a date; 0 where there is no such header.
    var seconds: curl_off_t = 0
    _ = ccurl_get_large(handle, CURLINFO_RETRY_AFTER, &seconds)
    complete(
      status: status > 0 ? status : nil, problem, hasEnded ? RetryAfter(status: status, seconds: Int64(seconds)) : nil)
  }

  func fail(_ reason: String) { complete(status: nil, reason) }

  private func complete(status: Int?, _ problem: String?, _ wish: RetryAfter? = nil) {
    let milliseconds = Int(max(0, (ContinuousClock.now - start) / .milliseconds(1)))
    completion(
      DeliveryResult(status: status, problem: problem, milliseconds: milliseconds, answer: answer, wish: wish))
  }

  private static func problem(of status: Int) -> String {
    (300...399).contains(status)
      ? "it answered \(status): redirects are not followed; give the endpoint's own address"
      : "it answered \(status)"
  }

  private func problem(_ code: CURLcode) -> String {
    if let refused { return "the address \(refused) is not the one that was checked" }
    var text = memory.reason(of: code)
    while text.last == "." || text.last == "\n" { text.removeLast() }
    return CutText.cut(text, to: 300)
  }
}
