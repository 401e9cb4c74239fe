import Crypto
import Wire

/// What an `Authorization` header presents, well-formed but not yet checked (api.md section 3).
package enum Credentials: Sendable, Equatable {
  case password(user: String, password: [UInt8])
  /// With its `O:`.
  case token(String)
  /// Of an app user's device.
  case device(enrolment: String, secret: [UInt8])

  /// Longer headers are no credentials.
  private static let limit = 4096

  /// Nil for a header that is missing, malformed or of another scheme. `type` is the header
  /// `Journey-Authentication-Type`, by which devices are told apart.
  package init?(authorization header: String?, type: String? = nil) {
    guard let header, header.utf8.count <= Self.limit, let blank = header.firstIndex(of: " ") else { return nil }
    let value = header[header.index(after: blank)...].drop { $0 == " " }
    switch header[..<blank].lowercased() {
    case "basic":
      guard let bytes = Base64.decode(String(value)),
        let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
      else { return nil }
      let user = String(decoding: bytes[..<colon], as: UTF8.self)
      let secret = Array(bytes[(colon + 1)...])
      self =
        type?.lowercased() == "device"
        ? .device(enrolment: user, secret: secret) : .password(user: user, password: secret)
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
  case token(name: String, isReadOnly: Bool, expiresAt: Instant? = nil)
  /// A device that an app user is signed in on.
  case device(user: ObjectID, session: ObjectID)

  /// How the oplog and the log name the caller.
  package var origin: String {
    switch self {
    case .password: "password"
    case .token(let name, _, _): "token:\(name)"
    case .device(let user, _): "device:\(user)"
    }
  }

  /// Whether the credentials themselves may write; what devices may do is a setting.
  package var mayWrite: Bool {
    switch self {
    case .password, .device: true
    case .token(_, let isReadOnly, _): !isReadOnly
    }
  }

  package var isDevice: Bool { session != nil }

  /// When the credentials end by themselves; nil where they do not.
  package var expiresAt: Instant? {
    if case .token(_, _, let expiry) = self { expiry } else { nil }
  }

  /// The session of the device; nil for other callers.
  package var session: ObjectID? {
    if case .device(_, let session) = self { session } else { nil }
  }
}
