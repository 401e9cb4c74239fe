import Crypto
import Storage
import Wire

/// Makes a restored deployment's file begin another feed: what was served after the backup was made is not
/// in it, and whoever followed must load anew (api.md section 11).
package enum RestoredFeed {
  /// Gives the file at `path`, which nobody has open, a new feed id; sequences go on above all that it holds
  /// and above this moment's.
  /// - Returns: the new id, the last sequence in the file, and the one above which new ones are.
  /// - Throws: `StorageError`.
  package static func renew(at path: String, milliseconds: Int64) throws -> (
    feedID: String, last: Int64, floor: Int64
  ) {
    do {
      let connection = try Connection(path: path, role: .writer, cacheKiB: 256)
      // A file of the first layout has no such table yet.
      try connection.run(MetaTable.sql)
      let meta = MetaTable(connection: connection)
      let statement = try connection.statement("SELECT coalesce(max(sequence), 0) FROM oplog")
      let last = try statement.step() ? statement.integer(0) : 0
      statement.reset()
      let feedID = Hex.encode(Secret.random(bytes: 16))
      let floor = SequenceRule.next(after: max(last, try meta.integer(.floor) ?? 0), milliseconds: milliseconds)
      try connection.write {
        try meta.set(.feed, to: .text(feedID))
        try meta.set(.floor, to: .integer(floor))
        // That no marker lies beside it is as it should be.
        try meta.remove(.marked)
      }
      return (feedID, last, floor)
    } catch StorageError.broken(let reason) {
      throw Connection.damaged(path, reason)
    }
  }
}
