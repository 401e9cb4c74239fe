import Deployments
import Objects
import QueryLanguage
import Storage
import Wire

/// The routes of app users (users.md).
struct UserAnswers {
  let deployment: Deployment
  let calls: ObjectCalls
  let clock: any WallClock
  let answers: AnswerBuilder

  private var users: AppUsers { AppUsers(deployment, clock: clock) }

  /// In order of creation, in the envelope of lists.
  func list(_ query: QueryPairs) async throws -> RenderedAnswer {
    let bounds = try PageBounds(from: query)
    return try await deployment.store.planning { stored in
      guard let model = AppUsers.model(of: deployment, in: stored) else { return Self.noUsers(bounds) }
      return try await list(model, bounds)
    }
  }

  private func list(_ model: StoredModel, _ bounds: PageBounds) async throws -> RenderedAnswer {
    let page = UserPage(model: model, bounds: bounds, users: users)
    return try await deployment.store.read { [spool = calls.spoolFolder] in try page.read(from: $0, on: spool) }
  }

  /// Without the model, there are none.
  private static func noUsers(_ bounds: PageBounds) -> RenderedAnswer {
    var writer = ByteWriter(capacity: 64)
    ListEnvelope.open(&writer)
    ListEnvelope.close(ListEnd(count: 0, total: bounds.total == false ? nil : 0, hasMore: false), &writer)
    return .memory(writer.detach())
  }

  func user(_ id: String) async throws -> RenderedAnswer {
    try await user(id) { try await users.user($0) }
  }

  func lock(_ id: String) async throws -> RenderedAnswer { try await user(id) { try await users.lock($0) } }

  func unlock(_ id: String) async throws -> RenderedAnswer { try await user(id) { try await users.unlock($0) } }

  func session(_ session: String, of user: String) async throws -> RenderedAnswer {
    try await self.session(session, of: user) { try await users.user($1)?.session($0) }
  }

  func reauthenticate(_ session: String, of user: String) async throws -> RenderedAnswer {
    try await self.session(session, of: user) { try await users.reauthenticate($0, of: $1) }
  }

  func wipe(_ session: String, of user: String) async throws -> RenderedAnswer {
    try await self.session(session, of: user) { try await users.wipe($0, of: $1) }
  }

  func createToken(for user: String) async throws -> RenderedAnswer {
    guard let id = ObjectID(user), let made = try await users.createToken(for: id) else {
      throw Self.noUser(user)
    }
    var writer = ByteWriter(capacity: 512)
    writer.append("{\"token\":")
    writer.append(quoted: made.token)
    writer.append(",\"url\":")
    writer.append(quoted: "\(answers.origin)/enroll/\(deployment.id)#\(made.token)")
    writer.append(",\"expires_at\":\"")
    writer.append(instant: made.expiresAt)
    writer.append("\"}")
    return .memory(writer.detach())
  }

  /// The deprecated call for one device.
  func reEnrol(_ user: String) async throws -> RenderedAnswer {
    guard let id = ObjectID(user), try await users.resetAll(id) != nil else { throw Self.noUser(user) }
    return .memory(ByteBlock(Array("{\"success\":true}".utf8)))
  }

  private func user(
    _ id: String, _ find: (ObjectID) async throws -> UserRecord?
  ) async throws -> RenderedAnswer {
    guard let known = ObjectID(id), let user = try await find(known) else { throw Self.noUser(id) }
    var writer = ByteWriter(capacity: 1024)
    UserText.append(user, to: &writer)
    return .memory(writer.detach())
  }

  private func session(
    _ session: String, of user: String, _ find: (ObjectID, ObjectID) async throws -> UserSession?
  ) async throws -> RenderedAnswer {
    guard let id = ObjectID(user), let own = ObjectID(session),
      let found = try await find(own, id)
    else {
      throw APIError(
        .objectNotFound,
        "There is no session with the id \"\(CutText.cut(session))\" of a user with the id \"\(CutText.cut(user))\"."
      )
    }
    var writer = ByteWriter(capacity: 1024)
    UserText.append(found, to: &writer)
    return .memory(writer.detach())
  }

  private static func noUser(_ id: String) -> APIError {
    APIError(.objectNotFound, "There is no user with the id \"\(CutText.cut(id))\".")
  }
}
