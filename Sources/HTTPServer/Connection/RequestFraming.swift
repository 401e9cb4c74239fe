import Wire

/// What the head says about the body behind it.
struct RequestFraming {
  enum Coding: Equatable {
    case identity
    case gzip
    case deflate
    case unknown(String)
  }

  var declaredLength: Int?
  var isChunked = false
  var expectsContinue = false
  var coding = Coding.identity
  /// Two lengths, a length beside a transfer coding, or a coding that is not `chunked`: proxies and
  /// servers disagree about where such a body ends, which is how requests are smuggled (RFC 9112 11.2).
  var isAmbiguous = false
  /// The caller's `X-Request-Id` where it is fit to use.
  var requestID: String?

  var hasBody: Bool { isChunked || (declaredLength ?? 0) > 0 }

  init(_ headers: Headers) {
    headers.forEach { name, value in
      switch name.count {
      case 6 where name.elementsEqual("expect".utf8):
        expectsContinue = RequestFraming.lower(value) == "100-continue"
      case 12 where name.elementsEqual("x-request-id".utf8):
        if requestID == nil, RequestIdentifiers.isUsable(value) {
          requestID = String(decoding: value, as: UTF8.self)
        }
      case 14 where name.elementsEqual("content-length".utf8):
        let length = RequestFraming.length(value)
        if length == nil || (declaredLength != nil && declaredLength != length) { isAmbiguous = true }
        declaredLength = declaredLength ?? length
      case 16 where name.elementsEqual("content-encoding".utf8): addCoding(RequestFraming.lower(value))
      case 17 where name.elementsEqual("transfer-encoding".utf8):
        if isChunked || RequestFraming.lower(value) != "chunked" { isAmbiguous = true }
        isChunked = true
      default: break
      }
      return true
    }
    if isChunked {
      if declaredLength != nil { isAmbiguous = true }
      declaredLength = nil
    }
  }

  /// How the body has to be decompressed; nil where it does not.
  func inflating() throws(TransportFailure) -> Inflater.Coding? {
    switch coding {
    case .identity: nil
    case .gzip: .gzip
    case .deflate: .deflate
    case .unknown(let name): throw .unknownEncoding(name)
    }
  }

  private mutating func addCoding(_ text: String) {
    let next: Coding
    switch text {
    case "", "identity": return
    case "gzip", "x-gzip": next = .gzip
    case "deflate": next = .deflate
    default: next = .unknown(String(text.prefix(100)))
    }
    coding = coding == .identity ? next : .unknown("several codings")
  }

  /// Digits alone; what goes beyond 63 bits is as large as can be.
  private static func length(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard !bytes.isEmpty else { return nil }
    var number = 0
    for byte in bytes {
      guard (48...57).contains(byte) else { return nil }
      let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(byte - 48))
      number = overflow || carry ? .max : sum
    }
    return number
  }

  private static func lower(_ bytes: UnsafeRawBufferPointer) -> String {
    String(decoding: bytes, as: UTF8.self).lowercased()
  }
}
