import HTTPServer
import Wire

/// An address that lies elsewhere, checked: `http`, `https`, `mailto` or `tel`, so that no link runs a script.
package struct WebAddress: Hashable, Sendable {
  package let text: String

  /// The most bytes of an address.
  static let most = 4000

  /// Nil for other schemes, for a web address without a host, and where bytes stand that no address has.
  package init?(_ text: String) {
    let bytes = text.utf8
    guard bytes.count <= Self.most, bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F && !Self.unsafe.contains($0) }) else {
      return nil
    }
    // C1 and what directs text would show another address than the one that opens.
    if PrintableText.hasHidden(text) { return nil }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let rest = text[text.index(after: colon)...]
    switch text[..<colon].lowercased() {
    case "http", "https":
      guard rest.hasPrefix("//") else { return nil }
      let authority = rest.dropFirst(2).prefix { !"/?#".contains($0) }
      guard HostField.isHost(authority) else { return nil }
    case "mailto":
      guard rest.contains("@") else { return nil }
    case "tel":
      guard !rest.isEmpty, rest.utf8.allSatisfy({ "+0123456789-.()*#;=".utf8.contains($0) }) else { return nil }
    default: return nil
    }
    self.text = text
  }

  /// Scheme, host and port; nil for schemes that have no host.
  package var origin: String? {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
    return text[..<colon] + "://" + text[colon...].dropFirst(3).prefix { !"/?#".contains($0) }
  }

  private static let unsafe = Set("<>\"\\^`{|}".utf8)
}
