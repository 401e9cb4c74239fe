import Storage
import Wire

extension SQLiteObjectStore {
  package func keepUsers(of model: String?) {
    guard file.shared.users.want(model) else { return }
    // It is stored with the next group at the latest, before any of its plans; an empty plan makes one at once.
    try? file.writer.submit(.plan(WritePlan(steps: [], origin: ""), nil, .now))
  }

  package var sessionRevision: Int { file.shared.users.sessionRevision }
}

extension SQLiteSnapshot {
  private var userTables: UserTables { UserTables(connection: reader.connection) }

  func users(_ ids: [ObjectID]) throws -> [ObjectID: UserRecord] {
    var users: [ObjectID: UserRecord] = [:]
    for id in ids where users[id] == nil { users[id] = try userTables.record(id) }
    return users
  }

  func session(_ id: ObjectID) throws -> (user: ObjectID, session: UserSession)? { try userTables.session(id) }

  func knows(tokenHash: [UInt8]) throws -> Bool { try userTables.token(withHash: tokenHash) != nil }
}
