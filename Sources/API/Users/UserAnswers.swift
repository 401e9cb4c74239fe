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
    let folder = calls.spoolFolder
    let plan = ReadPlan(model: model, skip: bounds.skip, limit: bounds.limit)
    return try await deployment.store.read { [users] snapshot in
      var spool = AnswerSpool(folder)
      ListEnvelope.open(&spool.writer)
      var count = 0
      try snapshot.list(plan) { page in
        let ids = (0..<page.count).map { page.id($0, RowPage.Lead.id) }
        let records = try snapshot.users(ids)
        for id in ids {
          if count > 0 { spool.writer.append(",") }
          UserText.append(users.completed(records[id] ?? UserRecord(id: id)), to: &spool.writer)
          count += 1
          try spool.settle()
        }
      }
      let total = try snapshot.count(model, .always)
      let (end, overflow) = bounds.skip.addingReportingOverflow(count)
      ListEnvelope.close(
        ListEnd(count: count, total: bounds.total == false ? nil : total, hasMore: !overflow && end < total),
        &spool.writer)
      return try spool.finish()
    }
  }

  /// Without the model, there are none.
  private static func noUsers(_ bounds: PageBounds) -> RenderedAnswer {
    var writer = ByteWriter(capacity: 64)
    ListEnvelope.open(&writer)
    ListEnvelope.close(ListEnd(count: 0, total: bounds.total == false ? nil : 0, hasMore: false), &writer)
    return .memory(writer.detach())
  }

  func user(_ id: String?) async throws -> RenderedAnswer {
    try await user(id) { try await users.user($0) }
  }

  func lock(_ id: String?) async throws -> RenderedAnswer { try await user(id) { try await users.lock($0) } }

  func unlock(_ id: String?) async throws -> RenderedAnswer { try await user(id) { try await users.unlock($0) } }

  func session(_ session: String?, of user: String?) async throws -> RenderedAnswer {
    try await self.session(session, of: user) { try await users.user($1)?.session($0) }
  }

  func reauthenticate(_ session: String?, of user: String?) async throws -> RenderedAnswer {
    try await self.session(session, of: user) { try await users.reauthenticate($0, of: $1) }
  }

  func wipe(_ session: String?, of user: String?) async throws -> RenderedAnswer {
    try await self.session(session, of: user) { try await users.wipe($0, of: $1) }
  }

  func createToken(for user: String?) async throws -> RenderedAnswer {
    guard let id = user.flatMap({ ObjectID($0) }), let made = try await users.createToken(for: id) else {
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
  func reEnrol(_ user: String?) async throws -> RenderedAnswer {
    guard let id = user.flatMap({ ObjectID($0) }), try await users.resetAll(id) != nil else { throw Self.noUser(user) }
    return .memory(ByteBlock(Array("{\"success\":true}".utf8)))
  }

  private func user(
    _ id: String?, _ find: (ObjectID) async throws -> UserRecord?
  ) async throws -> RenderedAnswer {
    guard let known = id.flatMap({ ObjectID($0) }), let user = try await find(known) else { throw Self.noUser(id) }
    var writer = ByteWriter(capacity: 1024)
    UserText.append(user, to: &writer)
    return .memory(writer.detach())
  }

  private func session(
    _ session: String?, of user: String?, _ find: (ObjectID, ObjectID) async throws -> UserSession?
  ) async throws -> RenderedAnswer {
    guard let id = user.flatMap({ ObjectID($0) }), let own = session.flatMap({ ObjectID($0) }),
      let found = try await find(own, id)
    else {
      throw APIError(
        .objectNotFound,
        "There is no session with the id \"\(CutText.cut(session ?? ""))\" of a user with the id \"\(CutText.cut(user ?? ""))\"."
      )
    }
    var writer = ByteWriter(capacity: 1024)
    UserText.append(found, to: &writer)
    return .memory(writer.detach())
  }

  private static func noUser(_ id: String?) -> APIError {
    APIError(.objectNotFound, "There is no user with the id \"\(CutText.cut(id ?? ""))\".")
  }
}
