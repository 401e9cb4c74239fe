import CCurl
import Glibc
import Transfers
import Wire

/// One request to an object store on its way: bodies come from a file or go into one, in constant memory.
///
/// `@unchecked Sendable` is safe: it is made by one thread, handed over under a lock, and from then on
/// only touched by the loop's thread.
final class S3Transfer: CurlTransfer, @unchecked Sendable {
  /// Why no answer came; the words are for the log.
  struct Failure: Error {
    let words: String
    /// Another try may succeed.
    let isPassing: Bool
  }

  /// What is read of an answer into memory: a page of a list has 1000 entries.
  static let mostBytes = 4 << 20
  private static let connectMilliseconds = 5_000
  /// For requests without a body either way.
  private static let wholeMilliseconds = 30_000
  /// For the others: slower than a kilobyte a second for so long is a standstill.
  private static let standstillSeconds = 30

  private let request: S3Request
  private let settings: S3Settings
  private let headers: [(name: String, value: String)]
  private let completion: @Sendable (Result<S3Response, Failure>) -> Void
  private var sent = 0
  private var body: [UInt8] = []
  /// Why the transfer was ended from here.
  private var ownReason: String?
  private let memory = TransferMemory()

  init(
    _ request: S3Request, _ settings: S3Settings, at now: Instant,
    _ completion: @escaping @Sendable (Result<S3Response, Failure>) -> Void
  ) {
    self.request = request
    self.settings = settings
    self.headers = request.headers(settings, at: now)
    self.completion = completion
  }

  func prepare(_ handle: UnsafeMutableRawPointer) -> Bool {
    var isGood = memory.takeWords(of: handle)
    func check(_ code: CURLcode) { if code != CURLE_OK { isGood = false } }
    let context = Unmanaged.passUnretained(self).toOpaque()
    check(ccurl_set_text(handle, CURLOPT_URL, request.url(settings)))
    check(ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https"))
    check(ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1))
    check(ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Self.connectMilliseconds))
    if settings.isLoopback { check(ccurl_set_text(handle, CURLOPT_NOPROXY, "*")) }
    switch request.method {
    case .get: check(ccurl_set_long(handle, CURLOPT_HTTPGET, 1))
    case .head: check(ccurl_set_long(handle, CURLOPT_NOBODY, 1))
    case .delete: check(ccurl_set_text(handle, CURLOPT_CUSTOMREQUEST, "DELETE"))
    case .put: check(ccurl_set_long(handle, CURLOPT_UPLOAD, 1))
    }
    if request.method == .put {
      check(ccurl_set_large(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(request.bodySize)))
      check(ccurl_set_pointer(handle, CURLOPT_READDATA, context))
      check(
        ccurl_set_receiver(handle, CURLOPT_READFUNCTION) { buffer, size, count, context in
          S3Transfer.of(context)?.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
            ?? S3Transfer.abort
        })
    }
    if request.target != nil {
      // What an error says does not belong into the file.
      check(ccurl_set_long(handle, CURLOPT_FAILONERROR, 1))
    }
    if request.target != nil || request.method == .put {
      check(ccurl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1024))
      check(ccurl_set_long(handle, CURLOPT_LOW_SPEED_TIME, Self.standstillSeconds))
    } else {
      check(ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, Self.wholeMilliseconds))
    }
    check(ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context))
    check(
      ccurl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
        S3Transfer.of(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
      })
    // Without a waiting round before a body.
    let lines = ["Expect:"] + headers.map { "\($0.name): \($0.value)" }
    return memory.set(CURLOPT_HTTPHEADER, to: lines, of: handle) && isGood
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> S3Transfer? {
    context.map { Unmanaged<S3Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// What libcurl calls `CURL_READFUNC_ABORT`.
  private static let abort = 0x1000_0000

  private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard case .file(let file, let size, _) = request.body, let room = buffer.baseAddress else { return 0 }
    let count = min(buffer.count, size - sent)
    if count == 0 { return 0 }
    var got = pread(file.number, room, count, off_t(sent))
    while got < 0, errno == EINTR { got = pread(file.number, room, count, off_t(sent)) }
    guard got > 0 else {
      ownReason = "the file to send cannot be read"
      return Self.abort
    }
    sent += got
    return got
  }

  /// Another number than the count ends the transfer.
  private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let target = request.target else {
      guard body.count + bytes.count <= Self.mostBytes else {
        ownReason = "its answer is larger than \(Self.mostBytes) bytes"
        return 0
      }
      body.append(contentsOf: bytes)
      return bytes.count
    }
    var done = 0
    while done < bytes.count {
      let wrote = write(target.number, bytes.baseAddress! + done, bytes.count - done)
      if wrote < 0, errno == EINTR { continue }
      guard wrote > 0 else {
        ownReason = "what it sends cannot be written: \(String(cString: strerror(errno)))"
        return 0
      }
      done += wrote
    }
    return done
  }

  func finish(_ handle: UnsafeMutableRawPointer, _ code: CURLcode) {
    guard code == CURLE_OK || code == CURLE_HTTP_RETURNED_ERROR else { return completion(.failure(failure(code))) }
    var status = 0
    var length: curl_off_t = -1
    _ = ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    _ = ccurl_get_large(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length)
    completion(.success(S3Response(status: status, length: length < 0 ? nil : Int(length), body: body)))
  }

  func fail(_ reason: String) { completion(.failure(Failure(words: reason, isPassing: false))) }

  private func failure(_ code: CURLcode) -> Failure {
    if let ownReason { return Failure(words: ownReason, isPassing: false) }
    let text = CutText.cut(memory.reason(of: code))
    switch code {
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
      return Failure(words: text, isPassing: false)
    default: return Failure(words: text, isPassing: true)
    }
  }
}
