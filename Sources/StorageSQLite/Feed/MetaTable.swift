import Crypto
import Storage

/// The few facts that a deployment's file keeps of itself beside its tables.
struct MetaTable {
  let connection: Connection

  enum Key: String {
    /// The feed's id.
    case feed
    /// 1 when a marker was written beside the file.
    case marked
    /// New sequences are above it.
    case floor
    /// The highest sequence that was trimmed.
    case trimmed
    /// When the writer last tried by itself whether the disk takes anything, in milliseconds since 1970.
    case probed
    /// The sealed key that signs what webhooks send, as Base64.
    case signingKey
    /// The highest generation of a blob that was forgotten.
    case blobFloor = "blob_floor"
    /// The name of the model whose objects are the app's users; none where there is none.
    case appUser = "app_user"
    /// How many steps of linking older entries are done (`LinkingProgress`); none where there are none to be linked.
    case linking
    /// The last entry that may be one of those.
    case linkingThrough = "linking_through"
  }

  static let sql = "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;"

  func text(_ key: Key) throws -> String? { try read(key) { $0.text(0) } }

  func integer(_ key: Key) throws -> Int64? { try read(key) { $0.integer(0) } }

  /// Sealed.
  func signingKey() throws -> [UInt8]? { try text(.signingKey).flatMap { Base64.decode($0) } }

  func set(signingKey key: [UInt8]) throws { try set(.signingKey, to: .text(Base64.encode(key))) }

  private func read<Value>(_ key: Key, _ value: (Statement) -> Value) throws -> Value? {
    let statement = try connection.statement("SELECT value FROM meta WHERE key = ?")
    defer { statement.reset() }
    statement.bind(1, text: key.rawValue)
    return try statement.step() ? value(statement) : nil
  }

  func set(_ key: Key, to value: StoredValue) throws {
    let statement = try connection.statement("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)")
    statement.bind(1, text: key.rawValue)
    statement.bind(2, value)
    try statement.run()
  }

  func remove(_ key: Key) throws {
    let statement = try connection.statement("DELETE FROM meta WHERE key = ?")
    statement.bind(1, text: key.rawValue)
    try statement.run()
  }
}
