import Storage
import Synchronization
import Wire

/// Objects of one model that the displays of others took lately, with the columns that displays need: airlines
/// and airports are printed with each flight, and change once in a year. They hold for snapshots that show the
/// model at the same state version (`Snapshot.state version`).
final class RelatedRows: Sendable {
  private struct Kept {
    var stateVersion = 0
    var rows: [ObjectID: RowPage] = [:]
  }

  /// Objects that are kept of a model; when there are more, it begins anew.
  private static let most = 1024
  /// Bytes of an object that is kept.
  private static let mostBytes = 2048

  private let kept = Mutex(Kept())

  /// Appends pages of one row for those of these objects that are known as they were at this state version, and the
  /// ids of the others.
  func recall(_ ids: [ObjectID], at stateVersion: Int, pages: inout [RowPage], unknown: inout [ObjectID]) {
    kept.withLock { kept in
      if kept.stateVersion != stateVersion {
        unknown += ids
        return
      }
      for id in ids {
        if let page = kept.rows[id] { pages.append(page) } else { unknown.append(id) }
      }
    }
  }

  /// Keeps the rows of a page that was read at this state version.
  func keep(_ page: RowPage, at stateVersion: Int) {
    let rows = (0..<page.count).prefix(Self.most).map { page.alone($0) }.filter { $0.byteCount <= Self.mostBytes }
    kept.withLock { kept in
      if kept.stateVersion > stateVersion { return }
      if kept.stateVersion < stateVersion || kept.rows.count + rows.count > Self.most { kept.rows = [:] }
      kept.stateVersion = stateVersion
      for row in rows { kept.rows[row.id(0)] = row }
    }
  }
}
