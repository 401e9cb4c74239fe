import Wire

/// What an `Authorization` header presents, well-formed but not yet checked (api.md section 3).
package enum Credentials: Sendable, Equatable {
  case password(user: String, password: [UInt8])
  /// With its `O:`.
  case token(String)

  /// Longer headers are no credentials.
  private static let limit = 4096

  /// Nil for a header that is missing, malformed or of another scheme.
  package init?(authorization header: String?) {
    guard let header, header.utf8.count <= Self.limit, let blank = header.firstIndex(of: " ") else { return nil }
    let value = header[header.index(after: blank)...].drop { $0 == " " }
    switch header[..<blank].lowercased() {
    case "basic":
      guard let bytes = Base64.decode(String(value)),
        let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
      else { return nil }
      self = .password(
        user: String(decoding: bytes[..<colon], as: UTF8.self), password: Array(bytes[(colon + 1)...]))
    case "bearer", "token":
      guard value.hasPrefix("O:"), value.utf8.count > 2 else { return nil }
      self = .token(String(value))
    default: return nil
    }
  }
}

/// Who makes a request, once the credentials were found good.
package enum Caller: Sendable, Equatable {
  case password
  case token(name: String, isReadOnly: Bool)

  /// How the oplog and the log name the caller.
  package var origin: String {
    switch self {
    case .password: "password"
    case .token(let name, _): "token:\(name)"
    }
  }

  package var mayWrite: Bool {
    switch self {
    case .password: true
    case .token(_, let isReadOnly): !isReadOnly
    }
  }
}
