import Wire

/// Where a request comes from, when trusted proxies stand in between (api.md section 2).
///
/// Each proxy appends the address that it saw to `X-Forwarded-For`. Read from the right, the first
/// address that is not itself a trusted proxy is the caller; what stands left of it anyone may have
/// written.
struct Forwarding: Sendable {
  let trusted: [NetworkRange]

  /// The way of a request through trusted proxies.
  struct Way: Equatable {
    var caller: NetworkAddress
    /// The trusted proxies on it, the peer included.
    var proxies: Int
  }

  func isTrusted(_ address: NetworkAddress) -> Bool {
    trusted.contains { $0.contains(address) }
  }

  /// The way that a request took to a trusted `peer`.
  func way(from peer: NetworkAddress, forwardedFor fields: [String]) -> Way {
    var way = Way(caller: peer, proxies: 1)
    for part in Forwarding.values(fields).reversed() {
      guard let address = Forwarding.address(part) else { return way }
      way.caller = address
      if !isTrusted(address) { return way }
      way.proxies += 1
    }
    return way
  }

  /// Some proxies write the port behind the address.
  private static func address(_ part: Substring) -> NetworkAddress? {
    var text = part
    if text.utf8.first == UInt8(ascii: "[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      text = text[text.index(after: text.startIndex)..<end]
    } else if text.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1, let colon = text.firstIndex(of: ":") {
      text = text[..<colon]
    }
    return NetworkAddress(String(text))
  }

  /// The values of a list that may stand in several fields, in their order.
  fileprivate static func values(_ fields: [String]) -> [Substring] {
    fields.flatMap { $0.split(separator: ",").map(trimmed) }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.utf8.first, first == 32 || first == 9 { text = text.dropFirst() }
    while let last = text.utf8.last, last == 32 || last == 9 { text = text.dropLast() }
    return text
  }
}

extension Forwarding.Way {
  /// The scheme that the outermost trusted proxy names; nil where that is neither http nor https.
  func scheme(of fields: [String]) -> String? {
    switch outermost(fields)?.lowercased() {
    case "https": "https"
    case "http": "http"
    default: nil
    }
  }

  /// The host that the outermost trusted proxy names; nil where that is none.
  func host(of fields: [String]) -> String? {
    guard let value = outermost(fields), HostField.isHost(value) else { return nil }
    return String(value)
  }

  /// What the outermost trusted proxy wrote: as many values from the right as there are trusted proxies, where
  /// each appends its own. Left of it the client may have written. A proxy that replaces what it got leaves
  /// fewer; then the leftmost.
  private func outermost(_ fields: [String]) -> Substring? {
    let values = Forwarding.values(fields)
    return values.isEmpty ? nil : values[max(0, values.count - proxies)]
  }
}

/// Whether a text may stand where a URL has its host: a name, an IPv4 address or an IPv6 address in brackets,
/// with a port or without. What clients and proxies send is printed in answers, so nothing else gets there.
package enum HostField {
  package static func isHost(_ text: some StringProtocol) -> Bool {
    let text = Substring(text)
    let bytes = text.utf8
    guard !bytes.isEmpty, bytes.count <= 255 else { return false }
    if bytes.first == UInt8(ascii: "[") {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
      let address = String(text[text.index(after: text.startIndex)..<end])
      return address.contains(":") && NetworkAddress(address) != nil && isPort(bytes[bytes.index(after: end)...])
    }
    let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
    let name = bytes[..<colon]
    return !name.isEmpty && name.allSatisfy(isNameByte) && isPort(bytes[colon...])
  }

  /// The host alone, as two of them are compared: in lower case, without port and without a dot at its end.
  package static func name(of text: some StringProtocol) -> String {
    let text = Substring(text)
    var name = text[...]
    if text.utf8.first == UInt8(ascii: "[") {
      name = text.firstIndex(of: "]").map { text[...$0] } ?? text
    } else if let colon = text.firstIndex(of: ":") {
      name = text[..<colon]
    }
    return (name.hasSuffix(".") ? name.dropLast() : name).lowercased()
  }

  private static func isPort(_ rest: some Collection<UInt8>) -> Bool {
    guard let first = rest.first else { return true }
    return first == UInt8(ascii: ":") && PortText.read(utf8: rest.dropFirst()) != nil
  }

  /// The underscore stands in names that containers give one another.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
