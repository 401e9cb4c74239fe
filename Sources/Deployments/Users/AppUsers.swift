import Crypto
import Storage
import Wire

/// What is done with the app users of a deployment (users.md): by administrators, and by devices that sign
/// in.
package struct AppUsers: Sendable {
  private let deployment: Deployment
  private let clock: any WallClock

  package init(_ deployment: Deployment, clock: any WallClock) {
    self.deployment = deployment
    self.clock = clock
  }

  private var store: any ObjectStore { deployment.store }

  /// The model that holds the users; nil where the data model has none of that name.
  package static func model(of deployment: Deployment, in stored: StoredDataModel) -> StoredModel? {
    deployment.value(of: .appUser).flatMap { stored[$0] }
  }

  // MARK: Reading. Nil where there is no such user.

  /// With the connections that storage does not know of yet.
  package func completed(_ record: UserRecord) -> UserRecord {
    var record = record
    record.note(deployment.connections.all)
    return record
  }

  package func user(_ id: ObjectID) async throws -> UserRecord? {
    let found = try await store.planning { stored in
      let model = Self.model(of: deployment, in: stored)
      return try await store.read { snapshot -> UserRecord? in
        if let record = try snapshot.users([id])[id] { return record }
        guard let model, try snapshot.objects(model, ids: [id], columns: []).contains(where: { !$0.isEmpty }) else {
          return nil
        }
        return UserRecord(id: id)
      }
    }
    return found.map(completed)
  }

  // MARK: Changing. Nil where there is no such user, or no such session of it.

  package func lock(_ id: ObjectID) async throws -> UserRecord? { try await change(id, .lock) }

  package func unlock(_ id: ObjectID) async throws -> UserRecord? { try await change(id, .unlock) }

  package func resetAll(_ id: ObjectID) async throws -> UserRecord? {
    try await change(id, .resetAll)
  }

  package func reauthenticate(_ session: ObjectID, of user: ObjectID) async throws -> UserSession? {
    try await change(user, .reauthenticate(session: session))?.session(session)
  }

  package func wipe(_ session: ObjectID, of user: ObjectID) async throws -> UserSession? {
    try await change(user, .wipe(session: session))?.session(session)
  }

  private func change(_ id: ObjectID, _ act: UserAct) async throws -> UserRecord? {
    try await store.changeUser(id, act, at: clock.now).map(completed)
  }

  // MARK: Enrolment.

  /// Tokens are forgotten so long after their end: until then their devices are told what is wrong.
  private static let secondsRemembered: Int64 = 30 * 86_400

  /// Makes a token, which is shown this once; nil where there is no object of this user.
  package func createToken(for user: ObjectID) async throws -> (token: String, expiresAt: Instant)? {
    let now = clock.now.secondsSince1970
    let seconds = deployment.value(of: .enrolmentValidity).flatMap { Quantity.seconds(of: $0) } ?? 86_400
    let expiresAt = Instant(secondsSince1970: now + Int64(seconds)) ?? .last
    let token = Secret.randomText(bytes: 24)
    let isAdded = try await store.add(
      EnrolmentToken(hash: SHA256.hash(token), user: user, expiresAt: expiresAt),
      forgettingBefore: Instant(secondsSince1970: now - Self.secondsRemembered) ?? .first)
    return isAdded ? (token, expiresAt) : nil
  }

  /// Signs a device in. The secret is shown this once.
  package func enrol(
    token: String, _ about: DeviceDescription
  ) async throws -> (outcome: EnrolmentOutcome, secret: String) {
    let secret = Secret.randomText(bytes: 24)
    var random = SystemRandom()
    let request = EnrolmentRequest(
      tokenHash: SHA256.hash(token), about: about, secretHash: SHA256.hash(secret), newID: .random(using: &random),
      allowsMany: deployment.isOn(.multipleDevices), at: clock.now)
    return (try await store.enrol(request), secret)
  }
}
