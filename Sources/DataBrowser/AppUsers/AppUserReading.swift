import Deployments
import Objects
import Storage
import Wire

/// A page of app users, in the order in which their objects were created.
struct AppUserReading: Sendable {
  struct Found: Sendable {
    var users: [(row: Int64, record: UserRecord)] = []
    /// Whether there may be more in the direction that was read.
    var hasMore = false
    /// Where reading stopped, if it stopped before the page was full.
    var stoppedAt: Int64?
  }

  let model: StoredModel
  let question: AppUserQuestion
  let users: AppUsers
  var limit = AppUsersPage.limit

  /// Users that are looked at for one page, where a filter fits few.
  static let mostLookedAt = 10_000
  var mostLooked = AppUserReading.mostLookedAt
  private static let usersPerRead = 500

  private var isBackwards: Bool { if case .before = question.start { true } else { false } }

  /// The first one first, whichever way it was read.
  func read(_ snapshot: any Snapshot) throws -> Found {
    var found = Found()
    var position = start
    var looked = 0
    while true {
      let rows = try self.rows(from: position, in: snapshot)
      let records = try snapshot.users(rows.map(\.id))
      for (row, id) in rows {
        if found.users.count == limit {
          found.hasMore = true
          return turned(found)
        }
        position = row
        looked += 1
        let record = users.completed(records[id] ?? UserRecord(id: id))
        if question.fits(record) { found.users.append((row, record)) }
      }
      if rows.count < step { return turned(found) }
      if looked >= mostLooked {
        found.hasMore = true
        found.stoppedAt = position
        return turned(found)
      }
    }
  }

  private func turned(_ found: Found) -> Found {
    var found = found
    if isBackwards { found.users.reverse() }
    return found
  }

  private var start: Int64? {
    switch question.start {
    case .first: nil
    case .after(let row), .before(let row): row
    }
  }

  /// One more than the page, where every user fits.
  private var step: Int { question.isOpen ? limit + 1 : Self.usersPerRead }

  private func rows(from position: Int64?, in snapshot: any Snapshot) throws -> [(row: Int64, id: ObjectID)] {
    let plan = ReadPlan(
      model: model, sort: [SortKey(column: .natural, descending: isBackwards)],
      limit: step)
    var rows: [(row: Int64, id: ObjectID)] = []
    try snapshot.list(plan, after: position.map { ListPosition(values: [.integer($0)]) }) { page in
      for row in 0..<page.count {
        rows.append((page.integer(row, RowPage.Lead.row), page.id(row, RowPage.Lead.id)))
      }
    }
    return rows
  }
}
