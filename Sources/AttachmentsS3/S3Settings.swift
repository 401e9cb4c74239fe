import Wire

/// Where an object store is, and with which credentials it is used.
package struct S3Settings: Sendable, Equatable {
  /// `http` or `https`.
  package let scheme: String
  /// With the port where it is not the scheme's own.
  package let authority: String
  package let region: String
  package let bucket: String
  /// Whether the bucket stands in the path and not before the host name.
  package let isPathStyle: Bool
  package let accessKey: String
  /// In no description, error or log.
  package let secretKey: String

  /// Why settings will not do; the sentence names the setting.
  package struct Fault: Error, Equatable, Sendable {
    package let sentence: String
  }

  /// What was given, each nil where it was not.
  package struct Given: Sendable {
    package var endpoint: String?
    package var region: String?
    package var bucket: String?
    package var isPathStyle = false
    package var accessKey: String?
    package var secretKey: String?

    package init() {}
  }

  /// Nil when nothing of it was given: attachments lie on local disk then.
  package static func read(_ given: Given) throws(Fault) -> S3Settings? {
    let texts = [
      ("SOJOURN_S3_BUCKET", given.bucket), ("SOJOURN_S3_ACCESS_KEY", given.accessKey),
      ("SOJOURN_S3_SECRET_KEY or SOJOURN_S3_SECRET_KEY_FILE", given.secretKey),
    ]
    let isAsked = texts.contains { $0.1 != nil } || given.endpoint != nil || given.region != nil
    guard isAsked else { return nil }
    let missing = texts.filter { ($0.1 ?? "").isEmpty }.map(\.0)
    guard missing.isEmpty, let bucket = given.bucket, let accessKey = given.accessKey, let secretKey = given.secretKey
    else {
      throw Fault(
        sentence: "Attachments are to lie in an S3 bucket, but \(missing.joined(separator: ", ")) "
          + "\(missing.count == 1 ? "is" : "are") not set. Set it, or none of the settings SOJOURN_S3_….")
    }
    return try S3Settings(
      endpoint: given.endpoint, region: given.region ?? "us-east-1", bucket: bucket, isPathStyle: given.isPathStyle,
      accessKey: accessKey, secretKey: secretKey)
  }

  /// Without an endpoint it is Amazon's own in that region.
  package init(
    endpoint: String?, region: String, bucket: String, isPathStyle: Bool, accessKey: String, secretKey: String
  ) throws(Fault) {
    func fault(_ name: String, _ value: String, _ rule: String) -> Fault {
      Fault(sentence: "SOJOURN_S3_\(name) is \"\(CutText.cut(value))\": \(rule).")
    }
    guard Self.isName(region, "-"), !region.isEmpty else {
      throw fault("REGION", region, "a region has letters, digits and -, as in eu-central-1")
    }
    // A dot would break certificates for the bucket's own host name, but is fine in a path.
    guard (3...63).contains(bucket.utf8.count), Self.isName(bucket, "-."), bucket == bucket.lowercased() else {
      throw fault("BUCKET", bucket, "a bucket's name has 3 to 63 lower-case letters, digits, - and .")
    }
    guard Self.isVisible(accessKey) else {
      throw Fault(sentence: "SOJOURN_S3_ACCESS_KEY has characters that no access key has.")
    }
    guard Self.isVisible(secretKey) else {
      throw Fault(sentence: "SOJOURN_S3_SECRET_KEY has characters that no secret key has.")
    }
    let address = endpoint ?? "https://s3.\(region).amazonaws.com"
    guard let (scheme, host) = Self.parts(of: address) else {
      throw fault("ENDPOINT", address, "give http:// or https://, a host and perhaps a port, and nothing behind")
    }
    self.scheme = scheme
    self.authority = host
    self.region = region
    self.bucket = bucket
    self.isPathStyle = isPathStyle
    self.accessKey = accessKey
    self.secretKey = secretKey
  }

  /// As the `Host` header says it.
  var host: String { isPathStyle ? authority : "\(bucket).\(authority)" }

  /// The path of a key, or of the bucket itself. Keys need no encoding: they are made of hex digits, `-`,
  /// and `/`.
  func path(of key: String?) -> String {
    let below = key.map { "/" + $0 } ?? ""
    if isPathStyle { return "/\(bucket)\(below)" }
    return below.isEmpty ? "/" : below
  }

  /// Whether requests stay on this machine.
  var isLoopback: Bool {
    authority.hasPrefix("[::1]") || NetworkAddress.isLoopback(host: authority.prefix { $0 != ":" })
  }

  private static func parts(of text: String) -> (scheme: String, authority: String)? {
    let lower = text.lowercased()
    let scheme = lower.hasPrefix("https://") ? "https" : "http"
    guard lower.hasPrefix(scheme + "://") else { return nil }
    var authority = String(lower.dropFirst(scheme.utf8.count + 3))
    if authority.hasSuffix("/") { authority.removeLast() }
    let ownPort = scheme == "https" ? ":443" : ":80"
    if authority.hasSuffix(ownPort) { authority.removeLast(ownPort.utf8.count) }
    return isHostAndPort(authority) ? (scheme, authority) : nil
  }

  private static func isHostAndPort(_ authority: String) -> Bool {
    var port = authority.drop { $0 != ":" }
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]"), NetworkAddress(String(authority[..<end].dropFirst())) != nil else {
        return false
      }
      port = authority[authority.index(after: end)...]
    } else if authority.isEmpty || authority.hasPrefix(":") || !isName(String(authority.prefix { $0 != ":" }), "-._") {
      return false
    }
    return port.isEmpty || port.hasPrefix(":") && PortText.read(port.dropFirst()) ?? 0 > 0
  }

  private static func isName(_ text: String, _ others: String) -> Bool {
    text.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || others.utf8.contains(byte)
    }
  }

  private static func isVisible(_ text: String) -> Bool { text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } }
}

extension S3Settings: CustomStringConvertible, CustomReflectable {
  package var description: String { "the bucket \(bucket) at \(scheme)://\(authority)" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
