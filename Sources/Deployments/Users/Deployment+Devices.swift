import Crypto
import Storage
import Wire

/// How a device stands that presents credentials.
package enum DeviceStanding: Sendable, Equatable {
  case enrolled(Caller)
  /// Its credentials are good, but it is signed out.
  case ended(SessionState)
  case unknown
}

extension Deployment {
  /// How the device stands that presents these credentials.
  package func standing(
    ofEnrolment id: String, secret: [UInt8], in snapshot: any Snapshot
  ) throws -> DeviceStanding {
    guard let id = ObjectID(id), let (user, session) = try snapshot.session(id), let hash = session.secretHash,
      ConstantTime.areEqual(SHA256.hash(secret), hash)
    else { return .unknown }
    return session.state == .enrolled ? .enrolled(.device(user: user, session: id)) : .ended(session.state)
  }

  /// The same, on a snapshot of its own.
  /// - Throws: `StorageError`.
  package func standing(ofEnrolment id: String, secret: [UInt8]) async throws -> DeviceStanding {
    let look: @Sendable (any Snapshot) throws -> DeviceStanding = { snapshot in
      try self.standing(ofEnrolment: id, secret: secret, in: snapshot)
    }
    if let standing = try store.readAtOnce(look) { return standing }
    return try await store.read(look)
  }

  package var deviceAccess: DeviceAccess { value(of: .deviceAccess).flatMap(DeviceAccess.init) ?? .none }
}
