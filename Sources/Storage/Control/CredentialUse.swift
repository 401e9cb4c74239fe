import Wire

/// When credentials were last used, and from where.
package struct CredentialUse: Sendable, Equatable {
  package var at: Instant
  /// As the log has it; empty where it is not known.
  package var address: String

  package init(at: Instant, address: String) {
    self.at = at
    self.address = address
  }
}

/// A use that the control store is told of.
package struct NotedUse: Sendable, Equatable {
  package var deployment: String
  /// The token's name; nil is the API password.
  package var token: String?
  package var use: CredentialUse

  package init(of token: String?, in deployment: String, _ use: CredentialUse) {
    self.deployment = deployment
    self.token = token
    self.use = use
  }
}
