import Wire

/// The address to which a webhook sends, taken apart: `https://erp.example.org:8443/webhooks/flights?key=1`.
package struct Endpoint: Sendable, Equatable {
  package let isEncrypted: Bool
  /// A name, or an address without brackets.
  package let host: String
  package let port: UInt16
  /// The whole as it was given.
  package let text: String

  /// Why a text is no endpoint, in words that follow a colon.
  package struct Fault: Error, Equatable, CustomStringConvertible {
    package let description: String
  }

  package static let mostBytes = 2000

  package init(_ text: String) throws(Fault) {
    func fault(_ why: String) -> Fault {
      Fault(description: "\"\(CutText.cut(text))\" \(why); an endpoint is written like https://erp.example.org/hooks")
    }
    guard text.utf8.count <= Self.mostBytes else { throw fault("is longer than \(Self.mostBytes) bytes") }
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }) else {
      throw fault("has characters that a URL cannot have")
    }
    let lower = text.lowercased()
    isEncrypted = lower.hasPrefix("https://")
    guard isEncrypted || lower.hasPrefix("http://") else { throw fault("is neither http nor https") }
    let authority = text.dropFirst(isEncrypted ? 8 : 7).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.contains("@") else { throw fault("has a user name or password in it") }
    guard !authority.contains("%") else { throw fault("has a host with percent signs in it") }
    var host = authority
    var port = Substring()
    if host.first == "[" {
      guard let end = host.firstIndex(of: "]") else { throw fault("has an unclosed bracket") }
      let rest = host[host.index(after: end)...]
      guard rest.isEmpty || rest.first == ":" else { throw fault("has something behind its bracket") }
      port = rest.dropFirst()
      host = host[host.index(after: host.startIndex)..<end]
      guard NetworkAddress(String(host)) != nil else { throw fault("has no IPv6 address in its brackets") }
    } else if let colon = host.firstIndex(of: ":") {
      port = host[host.index(after: colon)...]
      host = host[..<colon]
    }
    guard !host.isEmpty, host.utf8.count <= 253 else { throw fault("has no host") }
    if port.isEmpty {
      self.port = isEncrypted ? 443 : 80
    } else {
      guard let number = PortText.read(port), number > 0 else {
        throw fault("has no valid port")
      }
      self.port = number
    }
    self.host = String(host)
    self.text = text
  }
}
