import Crypto
import Wire

/// Signs requests to an object store the way that Amazon calls Signature Version 4.
struct SignatureV4 {
  let accessKey: String
  let secretKey: String
  let region: String

  static let algorithm = "AWS4-HMAC-SHA256"
  /// The hash of no bytes.
  static let emptyHash = Hex.encode(SHA256.hash([UInt8]()))
  /// In the place of the hash where the body is not part of what is signed.
  static let unsigned = "UNSIGNED-PAYLOAD"

  /// `20130524T000000Z`
  static func time(_ now: Instant) -> String {
    now.description.filter { $0 != "-" && $0 != ":" }
  }

  /// The value of the header `Authorization`. `headers` are all that is signed, `host` among them; names
  /// are in lower case. `path` is encoded already.
  func authorization(
    _ method: String, path: String, query: [(name: String, value: String)], headers: [(name: String, value: String)],
    bodyHash: String, at now: Instant
  ) -> String {
    let signed = Self.names(of: headers)
    let code = signature(
      Self.canonical(method, path: path, query: Self.canonical(query), headers: headers, bodyHash: bodyHash), at: now)
    return "\(Self.algorithm) Credential=\(accessKey)/\(scope(now)),SignedHeaders=\(signed),Signature=\(code)"
  }

  /// The query of an address that may be asked for by this method, without credentials, until it expires.
  func presigned(
    _ method: String, path: String, host: String, query: [(name: String, value: String)], seconds: Int,
    at now: Instant
  ) -> String {
    let all =
      query + [
        ("X-Amz-Algorithm", Self.algorithm), ("X-Amz-Credential", "\(accessKey)/\(scope(now))"),
        ("X-Amz-Date", Self.time(now)), ("X-Amz-Expires", String(seconds)), ("X-Amz-SignedHeaders", "host"),
      ]
    let text = Self.canonical(all)
    let code = signature(
      Self.canonical(method, path: path, query: text, headers: [("host", host)], bodyHash: Self.unsigned), at: now)
    return "\(text)&X-Amz-Signature=\(code)"
  }

  /// Encoded and in order, as it is signed and sent.
  static func canonical(_ query: [(name: String, value: String)]) -> String {
    query.map { (PercentText.encode($0.name), PercentText.encode($0.value)) }
      .sorted { $0 < $1 }
      .map { "\($0.0)=\($0.1)" }
      .joined(separator: "&")
  }

  static func canonical(
    _ method: String, path: String, query: String, headers: [(name: String, value: String)], bodyHash: String
  ) -> String {
    let lines = headers.sorted { $0.name < $1.name }.map { "\($0.name):\($0.value)\n" }.joined()
    return [method, path, query, lines, names(of: headers), bodyHash].joined(separator: "\n")
  }

  private static func names(of headers: [(name: String, value: String)]) -> String {
    headers.map(\.name).sorted().joined(separator: ";")
  }

  private func scope(_ now: Instant) -> String { "\(Self.time(now).prefix(8))/\(region)/s3/aws4_request" }

  private func signature(_ request: String, at now: Instant) -> String {
    let text = [Self.algorithm, Self.time(now), scope(now), Hex.encode(SHA256.hash(request))].joined(separator: "\n")
    var key = Array("AWS4\(secretKey)".utf8)
    for part in [String(Self.time(now).prefix(8)), region, "s3", "aws4_request"] {
      key = HMACSHA256.code(for: part, key: key)
    }
    return Hex.encode(HMACSHA256.code(for: text, key: key))
  }
}
