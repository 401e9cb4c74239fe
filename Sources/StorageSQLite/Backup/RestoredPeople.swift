import Storage

/// What a control file that was restored must not keep: who was signed in when the backup was made, and what was
/// open then. People, roles and the audit stay.
package enum RestoredPeople {
  /// - Throws: `StorageError`.
  package static func signOut(at path: String) throws {
    let connection = try Connection(path: path, role: .writer, cacheKiB: 256)
    // A backup of an earlier version has no people yet.
    try ControlLayout.bring(connection, at: path, create: false)
    try connection.write {
      for sql in [
        "DELETE FROM sessions", "DELETE FROM shown", "DELETE FROM held", "DELETE FROM nonces",
        "DELETE FROM grants WHERE holder IN (SELECT lower(hex(hash)) FROM links)", "DELETE FROM links",
      ] { try connection.run(sql) }
    }
  }
}
