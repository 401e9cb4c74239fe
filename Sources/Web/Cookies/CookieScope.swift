import Wire

/// The cookies of one outer address: their names and marks follow scheme and port as the browser has them.
///
/// Browsers send a cookie to all ports of a host and to nobody else, so each port has names of its own. `__Host-` binds
/// a cookie to https, to this very host and to all of its paths. Plain http has cookies on this machine alone, without
/// `Secure`; anywhere else there are none, and nobody can sign in.
package struct CookieScope: Hashable, Sendable {
  package enum Kind: Sendable {
    case session
    /// By which a browser is known again.
    case known
  }

  private let isSecure: Bool
  /// With its dash; empty for https on 443.
  private let suffix: String

  /// `host` is as the browser has it, with a port or without. Nil where no cookie may be set.
  package init?(scheme: String, host: String) {
    let (name, port) = Self.parts(of: host)
    switch scheme {
    case "https":
      isSecure = true
      suffix = port == nil || port == "443" ? "" : "-\(port ?? "")"
    case "http":
      guard NetworkAddress.isLoopback(host: name) else { return nil }
      isSecure = false
      suffix = "-\(port ?? "80")"
    default: return nil
    }
  }

  /// Name and port; the name of IPv6 without brackets.
  private static func parts(of host: String) -> (name: String, port: String?) {
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
      let rest = host[host.index(after: end)...]
      return (
        String(host[host.index(after: host.startIndex)..<end]), rest.hasPrefix(":") ? number(rest.dropFirst()) : nil
      )
    }
    guard let colon = host.firstIndex(of: ":") else { return (host, nil) }
    return (String(host[..<colon]), number(host[host.index(after: colon)...]))
  }

  /// Without zeros in front; nil for what is no port.
  private static func number(_ text: Substring) -> String? { PortText.read(text).map { "\($0)" } }

  package func name(of kind: Kind) -> String {
    let prefix = isSecure ? "__Host-" : ""
    switch kind {
    case .session: return "\(prefix)sojourn\(suffix)"
    case .known: return "\(prefix)sojourn-known\(suffix)"
    }
  }

  /// A `Set-Cookie` field. Without seconds it ends with the browser; 0 takes it away.
  ///
  /// `Lax` and not `Strict`, with which whoever follows a link from mail or chat would be signed out.
  package func setting(_ kind: Kind, to value: String, seconds: Int64? = nil) -> (name: String, value: String) {
    let age = seconds.map { "; Max-Age=\($0)" } ?? ""
    return (
      "Set-Cookie", "\(name(of: kind))=\(value)\(age); Path=/; HttpOnly; SameSite=Lax\(isSecure ? "; Secure" : "")"
    )
  }

  /// The cookie's value in a request's `Cookie` fields; nil where there is none.
  package func value(of kind: Kind, in fields: [String]) -> String? {
    let name = name(of: kind)
    for field in fields {
      for part in field.split(separator: ";") {
        let pair = part.drop { $0 == " " }
        guard pair.hasPrefix(name), let equals = pair.firstIndex(of: "="), pair[..<equals] == name else { continue }
        return String(pair[pair.index(after: equals)...])
      }
    }
    return nil
  }
}
