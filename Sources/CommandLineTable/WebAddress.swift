import Wire

/// The rule for the address of a server as clients reach it, with a path at most: `https://flights.example.org/api`.
enum WebAddress {
  /// What is wrong with it, in words that follow it; nil where it will do.
  static func problem(with text: String) -> String? {
    let lower = text.lowercased()
    guard lower.hasPrefix("https://") || lower.hasPrefix("http://") else {
      return "does not begin with https:// or http://"
    }
    // No quotes and brackets either: it is printed into pages and documents.
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !Array("\\\"<>^`{|}".utf8).contains($0) }) else {
      return "has characters that a URL cannot have"
    }
    guard !text.contains("?"), !text.contains("#") else { return "has a query or a fragment" }
    let authority = text.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
    guard !authority.contains("@") else { return "has a user name or password in it" }
    var host = authority
    var port: Substring?
    if host.hasPrefix("[") {
      guard let end = host.firstIndex(of: "]"), NetworkAddress(String(host[..<end].dropFirst())) != nil else {
        return "has no IPv6 address in its brackets"
      }
      let behind = host[host.index(after: end)...]
      guard behind.isEmpty || behind.hasPrefix(":") else { return "has something behind its bracket" }
      if !behind.isEmpty { port = behind.dropFirst() }
      host = host[...end]
    } else if let colon = host.firstIndex(of: ":") {
      port = host[host.index(after: colon)...]
      host = host[..<colon]
    }
    if host.isEmpty { return "has no host" }
    if let port, UInt16(port).map({ $0 == 0 }) ?? true { return "has no port from 1 to 65535" }
    return nil
  }
}
