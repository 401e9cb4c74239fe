import Storage
import Synchronization
import Wire

/// Objects of one model that the displays of others took lately, with the columns that displays need: airlines
/// and airports are printed with each flight, and change once in a year. They hold for snapshots that show the
/// model at the same state version (`Snapshot.stateVersion`).
///
/// The pages in which they came are kept as they are, so that remembering a hundred objects of a list costs a hundred
/// entries of a table, and recalling them one reference.
final class RelatedRows: Sendable {
  private struct Kept: ~Copyable {
    var stateVersion = 0
    var rows = RelatedTable()
    /// They hold the memory of `rows`.
    var pages: [RowPage] = []
    var bytes = 0
  }

  /// Objects and bytes that are kept of a model; when there are more, it begins anew.
  private static let most = 1024
  private static let mostBytes = 2 << 20
  /// Bytes of an object that is kept, on an average of those that came together.
  private static let mostBytesOfOne = 2048

  private let kept = Mutex(Kept())

  /// Enters those of these objects that are known as they were at this state version, and appends the ids of the
  /// others.
  /// - Returns: what holds the memory of those that were entered.
  func recall(
    _ ids: [ObjectID], of model: Int, at stateVersion: Int, to related: inout RelatedTable, unknown: inout [ObjectID]
  ) -> [RowPage] {
    kept.withLock { kept in
      if kept.stateVersion != stateVersion {
        unknown += ids
        return []
      }
      for id in ids {
        if let row = kept.rows.row(id, of: model) { related.set(id, of: model, row) } else { unknown.append(id) }
      }
      return unknown.count < ids.count ? kept.pages : []
    }
  }

  /// Keeps the rows of a page that was read at this state version.
  func keep(_ page: RowPage, of model: Int, at stateVersion: Int) {
    if page.count > Self.most || page.byteCount > page.count * Self.mostBytesOfOne { return }
    kept.withLock { kept in
      if kept.stateVersion > stateVersion { return }
      let isFull = kept.rows.count + page.count > Self.most || kept.bytes + page.byteCount > Self.mostBytes
      if kept.stateVersion < stateVersion || isFull {
        kept.rows.removeAll()
        kept.pages = []
        kept.bytes = 0
      }
      kept.stateVersion = stateVersion
      kept.pages.append(page)
      kept.bytes += page.byteCount
      let rows = page.view
      for row in 0..<page.count {
        let id = rows.id(row, RowPage.Lead.id)
        _ = kept.rows.ask(for: id, of: model)
        kept.rows.set(id, of: model, RelatedTable.Row(view: rows, row: row, isWhole: false))
      }
    }
  }
}
