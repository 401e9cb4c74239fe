import Crypto
import Storage
import Wire

// Named tokens of deployments.

extension DeploymentRegistry {
  /// Makes a named token. It is returned this once and kept as a hash.
  package func createToken(
    name: String, of id: String, isReadOnly: Bool, validForSeconds: Int?
  ) async throws -> String {
    let deployment = try deployment(id)
    if let problem = Self.problem(withName: name, of: "A token", most: 100) { throw DeploymentFault(problem) }
    if let seconds = validForSeconds, seconds < 1 {
      throw DeploymentFault(
        "--expires takes a duration from 1s on, such as 30d: a token of 0 s would be over when it is made.")
    }
    guard !deployment.tokens.contains(where: { $0.name == name }) else {
      throw DeploymentFault(
        "There is a token \"\(CutText.cut(name))\" already. Revoke it first, or choose another name.")
    }
    var expiresAt: Instant?
    if let seconds = validForSeconds {
      let (end, overflow) = clock.now.secondsSince1970.addingReportingOverflow(Int64(seconds))
      guard !overflow, let instant = Instant(secondsSince1970: end) else {
        throw DeploymentFault("--expires reaches beyond the year 9999.")
      }
      expiresAt = instant
    }
    let token = "O:\(Secret.randomText(bytes: 24))"
    let record = TokenRecord(
      deployment: id, name: name, hash: SHA256.hash(token), isReadOnly: isReadOnly,
      createdAt: clock.now, expiresAt: expiresAt)
    try await changing {
      try await engine.control.add(record)
      return nil
    }
    return token
  }

  package func tokens(of id: String) async throws -> [TokenRecord] {
    await storeUses()
    return try deployment(id).tokens
  }

  package func revokeToken(name: String, of id: String) async throws {
    let deployment = try deployment(id)
    guard deployment.tokens.contains(where: { $0.name == name }) else {
      throw DeploymentFault("There is no token \"\(CutText.cut(name))\" in deployment \(id).")
    }
    try await changing {
      try await engine.control.remove(token: name, of: id)
      return nil
    }
  }

  /// Puts the last uses of passwords and tokens into the control store. Called once a minute, and at the end.
  func storeUses() async {
    let uses = all.flatMap { $0.takeUses() }
    // A use that is not noted costs nobody anything; the next one is.
    if !uses.isEmpty { try? await engine.control.touch(uses) }
  }
}
