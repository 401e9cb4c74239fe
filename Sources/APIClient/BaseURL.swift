import Wire

/// The address of a deployment's API: `https://flights.example.org/api/v4/65f0…`.
///
/// Paths are joined to it segment by segment, each percent-encoded, so that no name can lead elsewhere.
package struct BaseURL: Sendable, Equatable, CustomStringConvertible {
  /// Why a text is no base URL.
  package struct Fault: Error, Equatable, CustomStringConvertible {
    package let description: String

    fileprivate init(description: String) { self.description = description }

    fileprivate init(_ text: String, _ why: String) {
      description =
        "the base URL '\(text.prefix(100))' \(why); it looks like "
        + "https://127.0.0.1:8443/api/v4/0123456789abcdef01234567"
    }
  }

  /// Without a slash at its end.
  package let description: String
  /// Without brackets.
  package let host: String

  package init(_ text: String) throws(Fault) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !text.contains("\\") else {
      throw Fault(text, "has characters that a URL cannot have")
    }
    let scheme = text.hasPrefix("https://") ? 8 : text.hasPrefix("http://") ? 7 : 0
    guard scheme > 0 else { throw Fault(text, "does not begin with https:// or http://") }
    guard !text.contains("?"), !text.contains("#") else { throw Fault(text, "has a query or fragment") }
    host = try Self.host(of: text.dropFirst(scheme).prefix { $0 != "/" }, in: text)
    var whole = text
    while whole.hasSuffix("/") { whole.removeLast() }
    description = whole
  }

  /// What stands between the scheme and the path, without the port and without brackets.
  private static func host(of authority: Substring, in text: String) throws(Fault) -> String {
    guard !authority.contains("@") else {
      throw Fault(
        description: "the base URL holds a user name or password, which other users of this machine "
          + "could read; give --username and a password file instead")
    }
    var host = authority
    var behind = Substring()
    if host.first == "[" {
      guard let end = host.firstIndex(of: "]"), NetworkAddress(String(host[..<end].dropFirst())) != nil else {
        throw Fault(text, "has no IPv6 address in its brackets")
      }
      behind = host[host.index(after: end)...]
      host = host[..<end].dropFirst()
    } else if let colon = host.firstIndex(of: ":") {
      behind = host[colon...]
      host = host[..<colon]
    }
    guard behind.isEmpty || behind.first == ":" && PortText.read(behind.dropFirst()) != nil else {
      throw Fault(text, "has no valid port")
    }
    guard !host.isEmpty else { throw Fault(text, "has no host") }
    return String(host)
  }

  /// The deployment's id, where the address ends in one: also the user name of its API password.
  package var deploymentID: String? {
    guard let last = description.split(separator: "/").last, last.utf8.count == 24,
      last.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 || $0 >= 97 && $0 <= 102 })
    else { return nil }
    return String(last)
  }

  /// Whether requests stay on this machine.
  var isLoopback: Bool { NetworkAddress.isLoopback(host: host) }

  /// The URL of a path below, `["objects", "flight.json"]`, and a query.
  package func url(_ segments: [String], query: [(name: String, value: String)] = []) -> String {
    var url = description
    for segment in segments { url += "/" + Self.encoded(segment) }
    for (index, pair) in query.enumerated() {
      url += (index == 0 ? "?" : "&") + Self.encoded(pair.name) + "=" + Self.encoded(pair.value)
    }
    return url
  }

  /// Everything but RFC 3986's unreserved characters is encoded, and so are the segments `.` and `..`.
  private static func encoded(_ text: String) -> String {
    if text == "." { return "%2E" }
    if text == ".." { return "%2E%2E" }
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
