import Storage
import Wire

extension PostgresSnapshot {
  func users(_ ids: [ObjectID]) throws -> [ObjectID: UserRecord] {
    try hold()
    return try UserTables(schema: schema).users(ids, on: connection)
  }

  func knows(tokenHash: [UInt8]) throws -> Bool {
    try hold()
    return try UserTables(schema: schema).knows(tokenHash: tokenHash, on: connection)
  }

  func session(_ id: ObjectID) throws -> (user: ObjectID, session: UserSession)? {
    try hold()
    return try UserTables(schema: schema).session(id, on: connection)
  }

  func attachments(_ ids: [ObjectID]) throws -> [ObjectID: AttachmentRecord] {
    if ids.isEmpty { return [:] }
    return try AttachmentRows.records(try ask { $0.add(AttachmentRows.finding(in: schema)) { $0.add(ids: ids) } }[0])
  }
}
