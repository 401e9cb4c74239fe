import Accounts
import HTTPServer
import Storage
import Wire

/// What let a request in, and whether it still would: credentials can end while a body comes or a wait lasts.
/// Whoever was told that they ended must not see or change anything after that.
///
/// As long as nothing has changed in the deployment, to ask again costs one comparison.
struct Admission: Sendable {
  let account: Account
  let caller: Caller
  /// From before the credentials were checked.
  let revision: Int
  let head: RequestHead
  let match: RouteMatch?
  let clock: any WallClock

  /// - Throws: `CredentialsEnded`; `APIError` where the caller may not do this any more; `StorageError`.
  func check() async throws {
    if let expiry = caller.expiresAt, expiry <= clock.now { throw CredentialsEnded(account) }
    if account.revision != revision { try await look() }
  }

  /// The same for who waits; how long the credentials are good at most, nil where they have no end.
  func checkWait() async throws -> Duration? {
    try await check()
    return caller.expiresAt.map { .milliseconds($0.secondsSince1970 * 1000 - clock.milliseconds()) }
  }

  private func look() async throws {
    if account.isDeleted { throw CredentialsEnded(account) }
    let type = head.headers["journey-authentication-type"]
    switch Credentials(authorization: head.headers["authorization"], type: type) {
    case .device(let enrolment, let secret):
      switch try await account.standing(ofEnrolment: enrolment, secret: secret) {
      case .enrolled: break
      case .ended(let state): throw CredentialsEnded(account, state)
      case .unknown: throw CredentialsEnded(account)
      }
      if let refusal = match?.route.refusal(ofDeviceIn: account, head) { throw refusal }
    case let credentials?:
      guard account.caller(with: credentials, at: clock.now) != nil else { throw CredentialsEnded(account) }
    case nil: throw CredentialsEnded(account)
    }
  }
}

/// The credentials that a request came with were good, and are not any more.
struct CredentialsEnded: Error {
  let deployment: String
  /// Of a device: what became of its session.
  let state: SessionState?

  init(_ account: Account, _ state: SessionState? = nil) {
    deployment = account.id
    self.state = state
  }
}
