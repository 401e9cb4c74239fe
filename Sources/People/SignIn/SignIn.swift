import Storage
import Wire

/// Where somebody is, as far as can be told.
package struct Browser: Sendable, Equatable {
  package var address: String
  /// What the browser says that it is.
  package var agent: String
  /// The cookie by which a browser is known.
  package var known: String?

  package init(address: String, agent: String = "", known: String? = nil) {
    self.address = address
    self.agent = agent
    self.known = known
  }
}

/// What somebody proves with that it is them.
package struct Proof: Sendable, Equatable {
  package var password: String
  /// Of the authenticator, or a recovery code; empty where there is none.
  package var code: String

  package init(password: String, code: String = "") {
    self.password = password
    self.code = code
  }

  /// Longer ones are wrong, and are not hashed.
  static let mostBytes = 4 * 256
}

/// Somebody who has signed in.
package struct SignedIn: Sendable, Equatable {
  package var person: PersonRecord
  /// For the session's cookie.
  package var token: String
  /// For the cookie by which the browser is known.
  package var known: String
  /// When password or factor was reset, where the person has not been told yet.
  package var resetAt: Instant?
}
