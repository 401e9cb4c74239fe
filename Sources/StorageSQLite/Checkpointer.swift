import CSQLite
import Storage

/// Moves the log's pages into the database file. The writer does it between two groups, after it has
/// answered the one before.
///
/// Where several write at a time, most of it is done beside the writer (`LogMover`), and here only what
/// is left when the log has become long. Moved often and in small parts (`LogMovingRule`), the log begins
/// again at its start, in place.
///
/// Used by the writer's thread alone.
final class Checkpointer {
  /// Pages past which the log's file is cut as well, if readers allow it within 5 ms.
  private static let truncatingPages: Int32 = 16_384

  private var rule = LogMovingRule()
  /// Pages in the log after the last commit.
  private var pages: Int32 = 0
  private let readers: ReaderPool
  /// Whether readers are asked to hold no snapshots, until the log has begun again.
  private var isClearing = false

  /// Nil: all is moved here.
  private let mover: LogMover?

  init(readers: ReaderPool, mover: LogMover? = nil) {
    self.readers = readers
    self.mover = mover
  }

  /// Listens to the commits of a connection, which must not outlive this.
  func watch(_ connection: Connection) {
    pages = 0
    sqlite3_wal_hook(
      connection.handle,
      { context, _, _, pages in
        guard let context else { return SQLITE_OK }
        Unmanaged<Checkpointer>.fromOpaque(context).takeUnretainedValue().note(pages)
        return SQLITE_OK
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func note(_ count: Int32) {
    pages = count
    if isClearing, count < rule.pages {
      isClearing = false
      readers.clear(false)
    }
  }

  /// Outside any transaction, after a group of so many plans. Readers that are at work are not waited for:
  /// what they still need stays, and the next time moves it. A failure shows at the next commit, which
  /// needs the disk as well.
  func moveIfDue(_ connection: Connection, plans: Int = 1) {
    rule.note(plans: plans)
    guard let mover else {
      if pages >= rule.pages { move(connection) }
      return
    }
    if rule.isBeside, pages < LogMovingRule.mostPages {
      if mover.isWanted {
        if waiting(mover) < LogMovingRule.mostWaiting { return }
        mover.wait()
      }
      // Where the pass had not begun yet, it is left alone for this time.
      if mover.isWanted { return }
      let rest = waiting(mover)
      if rest < LogMovingRule.mostWaiting {
        if rest >= LogMovingRule.mostResting {
          // What an idle reader holds on to could not be moved.
          readers.clear(true)
          readers.clear(isClearing)
          mover.begin()
        }
        return
      }
    }
    if waiting(mover) >= rule.pages || pages >= LogMovingRule.mostPages {
      mover.pausing { move(connection) }
    }
  }

  /// Pages in the log that are not in the file yet, as far as is known.
  private func waiting(_ mover: LogMover) -> Int32 {
    // What was said of the log before it began again says nothing.
    let moved = mover.movedPages
    return moved <= pages ? pages - moved : pages
  }

  private func move(_ connection: Connection) {
    let count = pages
    pages = 0
    askForRoom()
    let start = ContinuousClock.now
    sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
    rule.note(microseconds: (ContinuousClock.now - start).microseconds)
    if count >= Self.truncatingPages { cut(connection) }
  }

  /// After a write that the disk did not take: the log's own space may be what the next one needs.
  func makeRoom(_ connection: Connection) {
    askForRoom()
    if let mover { mover.pausing { cut(connection) } } else { cut(connection) }
  }

  private func askForRoom() {
    guard !isClearing else { return }
    isClearing = true
    readers.clear(true)
  }

  private func cut(_ connection: Connection) {
    sqlite3_busy_timeout(connection.handle, 5)
    sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
    sqlite3_busy_timeout(connection.handle, Connection.patienceMilliseconds)
  }
}

extension Duration {
  var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
