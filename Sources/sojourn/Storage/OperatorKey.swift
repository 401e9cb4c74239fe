import Crypto
import Deployments
import Glibc
import StoragePostgres

/// The server's key where several nodes share a database: it lies there, sealed under the key of a file that the
/// operator gives every node (`SOJOURN_KEY_FILE`).
///
/// - Throws: `DeploymentFault` with a sentence, and what the database throws.
struct OperatorKey {
  let path: String

  /// What came of `prepare`.
  enum Preparation { case made, wasThere }

  /// Draws the server's key and makes the file where there are none. A file is never made beside a key that is sealed
  /// under another one.
  func prepare(_ connection: PostgresConnection) throws -> Preparation {
    let keys = SealedKeys(connection)
    if try keys.key(SealedKeys.server) != nil {
      _ = try open(connection)
      return .wasThere
    }
    let sealing = try ServerKey.load(at: path).derived(Self.label)
    let sealed = SealedBox.seal(Secret.random(bytes: ServerKey.byteCount), under: sealing)
    if try keys.keep(sealed, as: SealedKeys.server) { return .made }
    // Somebody else was first.
    _ = try open(connection)
    return .wasThere
  }

  /// The server's key, opened with the file.
  func open(_ connection: PostgresConnection) throws -> ServerKey {
    guard let sealed = try SealedKeys(connection).key(SealedKeys.server) else {
      throw DeploymentFault("The database holds no server's key yet. Make it with: sojourn storage init --storage URL")
    }
    guard access(path, F_OK) == 0 else {
      throw DeploymentFault(
        "There is no file \(path), and the server's key in the database is sealed under it. Copy it from another node, or "
          + "restore it from where you keep it, and name it with SOJOURN_KEY_FILE.")
    }
    guard let bytes = SealedBox.open(sealed, under: try ServerKey.load(at: path).derived(Self.label)),
      let key = ServerKey(bytes: bytes)
    else {
      throw DeploymentFault(
        "The key in \(path) is not the one under which the server's key in the database is sealed. All nodes of a database "
          + "need the same file: copy it from a node that runs.")
    }
    return key
  }

  private static let label = "server key"
}
