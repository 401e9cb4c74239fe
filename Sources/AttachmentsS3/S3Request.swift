import Attachments
import Crypto
import Wire

/// One request to an object store, before it is signed.
struct S3Request: Sendable {
  enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case put = "PUT"
    case delete = "DELETE"
  }

  enum Body: Sendable {
    case none
    /// The first `size` bytes of a file, and their hash.
    case file(OwnedDescriptor, size: Int, hash: ContentHash)
  }

  var method: Method
  /// Nil is the bucket itself.
  var key: String?
  var query: [(name: String, value: String)] = []
  var body = Body.none
  /// Where the answer's body goes, if not into memory.
  var target: OwnedDescriptor?

  var bodySize: Int {
    if case .file(_, let size, _) = body { size } else { 0 }
  }

  /// Headers with their signature, as they are sent beside `Host`.
  func headers(_ settings: S3Settings, at now: Instant) -> [(name: String, value: String)] {
    var bodyHash = SignatureV4.emptyHash
    if case .file(_, _, let hash) = body { bodyHash = hash.description }
    let signed = [
      (name: "x-amz-content-sha256", value: bodyHash), (name: "x-amz-date", value: SignatureV4.time(now)),
    ]
    let authorization = settings.signature.authorization(
      method.rawValue, path: settings.path(of: key), query: query, headers: signed + [("host", settings.host)],
      bodyHash: bodyHash, at: now)
    return signed + [("Authorization", authorization)]
  }

  func url(_ settings: S3Settings) -> String {
    let text = SignatureV4.canonical(query)
    return "\(settings.scheme)://\(settings.host)\(settings.path(of: key))" + (text.isEmpty ? "" : "?\(text)")
  }
}

extension S3Settings {
  var signature: SignatureV4 { SignatureV4(accessKey: accessKey, secretKey: secretKey, region: region) }
}

/// A complete answer, whatever its status.
struct S3Response: Sendable {
  var status: Int
  /// `Content-Length`; nil where it was not said.
  var length: Int?
  var body: [UInt8] = []

  /// For the log: the status, and the code that stands in the body of an error.
  var problem: String {
    let text = String(decoding: body.prefix(4096), as: UTF8.self)
    guard let begin = text.firstRange(of: "<Code>"), let end = text[begin.upperBound...].firstRange(of: "</Code>")
    else { return "it answered \(status)" }
    return "it answered \(status) \(CutText.cut(String(text[begin.upperBound..<end.lowerBound])))"
  }
}
