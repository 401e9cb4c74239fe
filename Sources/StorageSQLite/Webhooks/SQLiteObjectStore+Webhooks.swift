import Crypto
import Storage
import Wire

extension SQLiteObjectStore {
  package func hooks() async throws -> [HookRecord] {
    try await readingTables { try HookTables(connection: $0).hooks() }
  }

  package func deliveries(of hook: String) async throws -> [HookDelivery] {
    try await readingTables { try HookTables(connection: $0).deliveries(of: hook) }
  }

  package func fired(_ hook: String, among objects: [ObjectID]) async throws -> [ObjectID: Int64] {
    try await readingTables { try HookTables(connection: $0).fired(hook, among: objects) }
  }

  package func attempts(of hook: String) async throws -> [HookAttempt] {
    try await readingTables { try HookTables(connection: $0).attempts(of: hook) }
  }

  package func change(_ changes: [HookChange]) async throws {
    try await writingTables { connection in
      let tables = HookTables(connection: connection)
      for change in changes { try tables.keep(change) }
    }
  }

  package func sealedSigningKey() async throws -> [UInt8]? {
    try await readingTables { try MetaTable(connection: $0).text(.signingKey).flatMap { Base64.decode($0) } }
  }

  package func keep(sealedSigningKey key: [UInt8]) async throws {
    try await writingTables { try MetaTable(connection: $0).set(.signingKey, to: .text(Base64.encode(key))) }
  }
}
