import Deployments

// The password and the tokens of a deployment.

extension Administration {
  func resetPassword(of id: String) async throws -> AdminResult {
    .password(NewPassword(username: id, password: try await deployments.resetPassword(of: id)))
  }

  func create(_ new: NewToken, of id: String) async throws -> AdminResult {
    .token(
      try await deployments.createToken(
        name: new.name, of: id, isReadOnly: new.isReadOnly, validForSeconds: new.validSeconds))
  }

  func listTokens(of id: String) async throws -> AdminResult {
    .tokens(try await deployments.tokens(of: id).map(TokenRow.init))
  }

  func revokeToken(_ name: String, of id: String) async throws -> AdminResult {
    try await deployments.revokeToken(name: name, of: id)
    return .revoked
  }
}
