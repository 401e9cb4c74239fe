import Deployments
import HTTPServer
import Storage
import Wire

/// A request to a deployment, while it is not known yet whose it is.
struct Arrival: Sendable {
  let deployment: Deployment
  let match: CallMatch?
  /// The deployment's, from before credentials are checked.
  let revision: Int
  let clock: any WallClock
  /// They have the head, and put everything into form that is answered to it.
  let answers: AnswerBuilder

  var head: RequestHead { answers.head }

  /// The same as of now.
  func again() -> Arrival {
    Arrival(
      deployment: deployment, match: match, revision: deployment.revision, clock: clock, answers: answers)
  }
}

/// What each step of a request needs, once its credentials are found good: who calls where, what was asked, and how
/// it is answered.
///
/// Credentials can end while a body comes or a wait lasts. Whoever was told that they ended must not see or change
/// anything after that, so the context can be asked whether it would still be let in. As long as nothing has
/// changed in the deployment, that costs one comparison.
final class CallContext: Sendable {
  let deployment: Deployment
  let caller: Caller
  let match: CallMatch?
  let clock: any WallClock
  let answers: AnswerBuilder
  private let revision: Int

  init(_ arrival: Arrival, by caller: Caller) {
    deployment = arrival.deployment
    match = arrival.match
    clock = arrival.clock
    revision = arrival.revision
    self.caller = caller
    var answers = arrival.answers
    answers.feedID = deployment.store.feedID
    answers.caller = caller.origin
    self.answers = answers
  }

  var head: RequestHead { answers.head }

  // MARK: Whether it would still be let in.

  /// Whether it certainly would.
  var isCurrent: Bool { !isExpired && deployment.revision == revision }

  private var isExpired: Bool { caller.expiresAt.map { $0 <= clock.now } ?? false }

  /// - Throws: `CredentialsEnded`; `APIError` where the caller may not do this any more; `StorageError`.
  func check() async throws {
    if isExpired { throw CredentialsEnded(deployment) }
    if deployment.revision != revision { try await look() }
  }

  /// The same for who waits; how long the credentials are good at most, nil where they have no end.
  func checkWait() async throws -> Duration? {
    try await check()
    return caller.expiresAt.map { .milliseconds($0.secondsSince1970 * 1000 - clock.milliseconds()) }
  }

  private func look() async throws {
    if deployment.isDeleted { throw CredentialsEnded(deployment) }
    switch Credentials(of: head) {
    case .device(let enrolment, let secret):
      switch try await deployment.standing(ofEnrolment: enrolment, secret: secret) {
      case .enrolled: break
      case .ended(let state): throw CredentialsEnded(deployment, state)
      case .unknown: throw CredentialsEnded(deployment)
      }
      if let refusal = match?.refusal(ofDeviceIn: deployment, head) { throw refusal }
    case let credentials?:
      guard deployment.caller(with: credentials, at: clock.now, address: head.remoteAddress) != nil else {
        throw CredentialsEnded(deployment)
      }
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

extension Credentials {
  /// The header by which devices say that they are some.
  static let typeHeader = "journey-authentication-type"

  /// Nil where the request has none that can be read.
  init?(of head: RequestHead) {
    self.init(authorization: head.headers["authorization"], type: head.headers[Self.typeHeader])
  }
}
