import Storage
import Synchronization
import Wire

/// Objects of one model that the displays of others took lately, with the columns that displays need: airlines
/// and airports are printed with each flight, and change once in a year. They hold for snapshots that show the
/// model at the same moment (`Snapshot.moment`).
final class RelatedRows: Sendable {
  private struct Kept {
    var moment = 0
    var rows: [ObjectID: RowPage] = [:]
  }

  /// Objects that are kept of a model; when there are more, it begins anew.
  private static let most = 1024
  /// Bytes of an object that is kept.
  private static let mostBytes = 2048

  private let kept = Mutex(Kept())

  /// Pages of one row for those of these objects that are known as they were at this moment.
  func pages(_ ids: [ObjectID], at moment: Int) -> [RowPage?] {
    kept.withLock { kept in
      if kept.moment != moment { return Array(repeating: nil, count: ids.count) }
      return ids.map { kept.rows[$0] }
    }
  }

  /// Keeps the rows of a page that was read at this moment.
  func keep(_ page: RowPage, at moment: Int) {
    let rows = (0..<page.count).prefix(Self.most).map { page.alone($0) }.filter { $0.byteCount <= Self.mostBytes }
    kept.withLock { kept in
      if kept.moment > moment { return }
      if kept.moment < moment || kept.rows.count + rows.count > Self.most { kept.rows = [:] }
      kept.moment = moment
      for row in rows { kept.rows[row.id(0)] = row }
    }
  }
}
