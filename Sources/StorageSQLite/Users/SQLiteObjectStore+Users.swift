import Storage
import Wire

extension SQLiteObjectStore {
  package func keepUsers(of model: String?) { users.setModel(model) }

  package var sessionRevision: Int { users.sessionRevision }

  package func changeUser<Result: Sendable>(
    _ id: ObjectID, _ change: @Sendable @escaping (inout UserRecord) -> Result
  ) async throws -> Result? {
    try await writingUsers(endingSessions: true) { tables, model in
      let old = try tables.record(id)
      guard try old != nil || tables.isThere(id, in: model) else { return nil }
      var record = old ?? UserRecord(id: id)
      let result = change(&record)
      try tables.store(record, over: old)
      return result
    }
  }

  package func add(_ token: EnrolmentToken, forgettingBefore horizon: Instant) async throws -> Bool {
    try await writingUsers { tables, model in
      guard try tables.isThere(token.user, in: model) else { return false }
      try tables.forgetTokens(expiredBefore: horizon)
      try tables.add(token)
      return true
    }
  }

  package func enrol(_ request: EnrolmentRequest) async throws -> EnrolmentOutcome {
    // What no token fits does not hold up the writer.
    let known = try await read { try ($0 as? SQLiteSnapshot)?.knows(tokenHash: request.tokenHash) ?? true }
    guard known else { return .unknownToken }
    return try await writingUsers(endingSessions: true) { tables, model in
      var token = try tables.token(withHash: request.tokenHash)
      let old = try token.flatMap { try tables.record($0.user) }
      let isThere = try token.map { try tables.isThere($0.user, in: model) } ?? false
      let refusal = EnrolmentOutcome.refusal(
        of: token, isUserThere: isThere, isLocked: old?.isLocked ?? false, at: request.at)
      if let refusal { return refusal }
      guard token != nil, let user = token?.user else { return .unknownToken }
      var record = old ?? UserRecord(id: user)
      let session = record.enrol(
        request.about, secretHash: request.secretHash, newID: request.newID, allowsMany: request.allowsMany,
        at: request.at)
      try tables.store(record, over: old)
      token?.usedAt = request.at
      if let token { try tables.add(token) }
      return .enrolled(user: user, session: session.id)
    }
  }

  /// Sessions that one transaction notes.
  private static let mostNoted = 1000

  package func noteConnections(_ connections: [ObjectID: Instant]) async throws {
    var rest = Array(connections)[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(Self.mostNoted))
      rest = rest.dropFirst(Self.mostNoted)
      try await writingUsers { tables, _ in
        for (session, time) in part { try tables.noteConnection(of: session, at: time) }
      }
    }
  }

  /// Runs `body` in a transaction on the writer's thread, with the model that holds the users, if it is
  /// deployed.
  private func writingUsers<Result: Sendable>(
    endingSessions: Bool = false, _ body: @Sendable @escaping (UserTables, StoredModel?) throws -> Result
  ) async throws -> Result {
    try await writer.alone { [self] connection in
      try connection.run("BEGIN IMMEDIATE")
      do {
        let model = users.model.flatMap { dataModel[$0] }
        let result = try body(UserTables(connection: connection), model)
        try connection.run("COMMIT")
        commits.rise()
        if endingSessions { users.noteEndedSessions() }
        return result
      } catch {
        if connection.isInTransaction { try? connection.run("ROLLBACK") }
        throw error
      }
    }
  }
}

extension UserTables {
  /// Whether there is an object with this id.
  fileprivate func isThere(_ id: ObjectID, in model: StoredModel?) throws -> Bool {
    guard let model else { return false }
    let row = try connection.statement("SELECT 1 FROM \(model.table) WHERE id = ?")
    row.bind(1, id: id)
    defer { row.reset() }
    return try row.step()
  }
}

extension SQLiteSnapshot {
  private var userTables: UserTables { UserTables(connection: reader.connection) }

  func users(_ ids: [ObjectID]) throws -> [ObjectID: UserRecord] {
    var users: [ObjectID: UserRecord] = [:]
    for id in ids where users[id] == nil { users[id] = try userTables.record(id) }
    return users
  }

  func session(_ id: ObjectID) throws -> (user: ObjectID, session: UserSession)? { try userTables.session(id) }

  fileprivate func knows(tokenHash: [UInt8]) throws -> Bool { try userTables.token(withHash: tokenHash) != nil }
}
