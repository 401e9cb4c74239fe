import Deployments
import HTTPServer
import Storage
import Wire

/// What let a request in, and whether it still would: credentials can end while a body comes or a wait lasts.
/// Whoever was told that they ended must not see or change anything after that.
///
/// As long as nothing has changed in the deployment, to ask again costs one comparison.
struct Admission: Sendable {
  let deployment: Deployment
  let caller: Caller
  /// From before the credentials were checked.
  let revision: Int
  let head: RequestHead
  let match: RouteMatch?
  let clock: any WallClock

  /// - Throws: `CredentialsEnded`; `APIError` where the caller may not do this any more; `StorageError`.
  func check() async throws {
    if let expiry = caller.expiresAt, expiry <= clock.now { throw CredentialsEnded(deployment) }
    if deployment.revision != revision { try await look() }
  }

  /// The same for who waits; how long the credentials are good at most, nil where they have no end.
  func checkWait() async throws -> Duration? {
    try await check()
    return caller.expiresAt.map { .milliseconds($0.secondsSince1970 * 1000 - clock.milliseconds()) }
  }

  private func look() async throws {
    if deployment.isDeleted { throw CredentialsEnded(deployment) }
    let type = head.headers["journey-authentication-type"]
    switch Credentials(authorization: head.headers["authorization"], type: type) {
    case .device(let enrolment, let secret):
      switch try await deployment.standing(ofEnrolment: enrolment, secret: secret) {
      case .enrolled: break
      case .ended(let state): throw CredentialsEnded(deployment, state)
      case .unknown: throw CredentialsEnded(deployment)
      }
      if let refusal = match?.route.refusal(ofDeviceIn: deployment, head) { throw refusal }
    case let credentials?:
      guard deployment.caller(with: credentials, at: clock.now) != nil else { throw CredentialsEnded(deployment) }
    case nil: throw CredentialsEnded(deployment)
    }
  }
}

/// The credentials that a request came with were good, and are not any more.
struct CredentialsEnded: Error {
  let deploymentID: String
  /// Of a device: what became of its session.
  let state: SessionState?

  init(_ deployment: Deployment, _ state: SessionState? = nil) {
    deploymentID = deployment.id
    self.state = state
  }
}
