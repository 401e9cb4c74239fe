import Wire

/// Who a request comes from, when trusted proxies stand in between (api.md section 2).
///
/// Each proxy appends the address that it saw to `X-Forwarded-For`. Read from the right, the first
/// address that is not itself a trusted proxy is the caller; what stands left of it anyone may have
/// written.
struct Forwarding: Sendable {
  let trusted: [NetworkRange]

  func isTrusted(_ address: NetworkAddress) -> Bool {
    trusted.contains { $0.contains(address) }
  }

  /// The caller behind a trusted `peer`.
  func caller(peer: NetworkAddress, forwardedFor fields: [String]) -> NetworkAddress {
    var caller = peer
    for field in fields.reversed() {
      for part in field.split(separator: ",").reversed() {
        guard let address = Forwarding.address(part) else { return caller }
        caller = address
        if !isTrusted(address) { return caller }
      }
    }
    return caller
  }

  /// What the nearest proxy says of the scheme; nil where it says neither http nor https.
  func scheme(forwardedProto fields: [String]) -> String? {
    guard let last = fields.last?.split(separator: ",").last else { return nil }
    switch Forwarding.trimmed(last).lowercased() {
    case "https": return "https"
    case "http": return "http"
    default: return nil
    }
  }

  /// Some proxies write the port behind the address.
  private static func address(_ part: Substring) -> NetworkAddress? {
    var text = trimmed(part)
    if text.utf8.first == UInt8(ascii: "[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      text = text[text.index(after: text.startIndex)..<end]
    } else if text.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1, let colon = text.firstIndex(of: ":") {
      text = text[..<colon]
    }
    return NetworkAddress(String(text))
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.utf8.first, first == 32 || first == 9 { text = text.dropFirst() }
    while let last = text.utf8.last, last == 32 || last == 9 { text = text.dropLast() }
    return text
  }
}
