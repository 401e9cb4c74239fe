import Storage

/// Keys that all nodes share, each sealed under a key that the operator gives every node. Whoever has the database,
/// or a backup of it, has none of them.
package struct SealedKeys {
  private let connection: PostgresConnection

  /// The server's own key, from which all others are derived.
  package static let server = "server"

  package init(_ connection: PostgresConnection) { self.connection = connection }

  package func key(_ name: String) throws -> [UInt8]? {
    try connection.rows("SELECT sealed FROM sojourn.keys WHERE name = $1") { $0.add(text: name) }.first?.bytes(0)
  }

  /// Keeps it where there is none of this name; false where there is.
  package func keep(_ sealed: [UInt8], as name: String) throws -> Bool {
    try connection.run("INSERT INTO sojourn.keys (name, sealed) VALUES ($1, $2) ON CONFLICT DO NOTHING") {
      $0.add(text: name)
      $0.add(bytes: sealed)
    } == 1
  }
}
