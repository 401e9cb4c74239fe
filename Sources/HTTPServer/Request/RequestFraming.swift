import Glibc

/// What the head says about the body behind it, and whether it is in order.
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
  /// The first thing that was found to be wrong.
  var fault: HeadFault?
  var hosts = 0
  /// Bytes that libmicrohttpd keeps of the fields beside the head itself: a record for each, and for the first
  /// `Cookie` a copy and a record for each of its parts.
  var memory = 0
  private static let record = 64
  /// The caller's `X-Request-Id` where it is fit to use.
  var requestID: String?

  var hasBody: Bool { isChunked || (declaredLength ?? 0) > 0 }

  /// `needsHost` is said of HTTP/1.1.
  init(_ headers: Headers, needsHost: Bool = false) {
    headers.forEach { name, value in
      if name.isEmpty || !name.allSatisfy(Self.isTokenByte) {
        note(.fieldName(String(decoding: name, as: UTF8.self)))
      } else if let start = value.baseAddress, memchr(start, 13, value.count) != nil {
        note(.fieldValue(String(decoding: name, as: UTF8.self)))
      }
      memory += Self.record
      switch name.count {
      case 6 where name.elementsEqual("cookie".utf8):
        memory += value.count + Self.record * (1 + value.count { $0 == UInt8(ascii: ";") })
      case 4 where name.elementsEqual("host".utf8): hosts += 1
      case 6 where name.elementsEqual("expect".utf8):
        expectsContinue = RequestFraming.lower(value) == "100-continue"
      case 12 where name.elementsEqual("x-request-id".utf8):
        if requestID == nil, RequestIdentifiers.isUsable(value) {
          requestID = String(decoding: value, as: UTF8.self)
        }
      case 14 where name.elementsEqual("content-length".utf8):
        let length = RequestFraming.length(value)
        if length == nil || (declaredLength != nil && declaredLength != length) { note(.bodyLength) }
        declaredLength = declaredLength ?? length
      case 16 where name.elementsEqual("content-encoding".utf8): addCoding(RequestFraming.lower(value))
      case 17 where name.elementsEqual("transfer-encoding".utf8):
        if isChunked || RequestFraming.lower(value) != "chunked" { note(.bodyLength) }
        isChunked = true
      default: break
      }
      return true
    }
    if isChunked {
      if declaredLength != nil { note(.bodyLength) }
      declaredLength = nil
    }
    if hosts > 1 { note(.severalHosts) }
    if hosts == 0, needsHost { note(.noHost) }
  }

  mutating func note(_ fault: HeadFault) { if self.fault == nil { self.fault = fault } }

  /// What a name may have (RFC 9110 section 5.6.2), as two words of bits: this is asked for each byte of each
  /// name. Names are in lower case.
  private static func isTokenByte(_ byte: UInt8) -> Bool {
    let bits = byte < 64 ? tokenBits.low : byte < 128 ? tokenBits.high : 0
    return bits >> UInt64(byte & 63) & 1 == 1
  }

  private static let tokenBits: (low: UInt64, high: UInt64) = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
    .utf8.reduce(into: (0, 0)) { bits, byte in
      if byte < 64 { bits.low |= 1 << UInt64(byte) } else { bits.high |= 1 << UInt64(byte & 63) }
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
