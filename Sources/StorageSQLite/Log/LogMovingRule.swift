/// When pages of the log are moved into the database file: many at once and beside the writer, the last few
/// by the writer.
///
/// A page that was written several times is moved once, and pages that lie beside each other go to the disk
/// together; so the more gather, the less each costs. But the log can begin again only when the last of them
/// has been moved, which beside a writer that never rests no mover can do. So, once the log has become long,
/// passes follow each other, each over what was written during the one before, until so few are left that
/// the writer moves them between two groups.
struct LogMovingRule: Equatable {
  /// What the writer does after a group.
  enum Step: Equatable {
    /// Goes on.
    case gather
    /// Asks the mover for a pass, and goes on.
    case pass
    /// Waits for the end of the pass that is going on: else it would fall ever further behind.
    case wait
    /// Moves what is left, so that the log begins again.
    case end
  }

  /// Pages, of 4 KiB, that wait to be moved from which a pass begins.
  static let resting: Int32 = 4000
  /// Pages that wait at which the writer waits for the pass.
  static let mostWaiting: Int32 = 10_000
  /// Pages in the log from which it is brought to its end.
  static let ending: Int32 = 12_000
  /// Pages that wait, of a log that is brought to its end, that the writer moves itself.
  static let few: Int32 = 400
  /// Pages in the log at which the writer moves whatever is left.
  static let most: Int32 = 18_000

  /// Pages that one group wrote from which the writer moves what waits itself, at once. Who writes that much
  /// writes faster than a mover moves and the disk takes: beside it most would still be left at the end, and
  /// all would stand still for several times as long.
  static let large: Int32 = 600

  /// How long the log was after the group before.
  private var before: Int32 = 0
  /// How long the log was when the writer moved the rest, while it has not begun again: readers needed it.
  private var ended: Int32 = 0

  /// After each group: with so many pages in the log, of which so many wait, and whether a pass was asked for
  /// and is not over.
  mutating func step(pages: Int32, waiting: Int32, isPassing: Bool) -> Step {
    if pages < ended { ended = 0 }
    let grown = pages >= before ? pages - before : pages
    before = pages
    if grown >= Self.large, waiting < Self.resting, !isPassing { return .end }
    if pages >= Self.most || (pages >= Self.ending && waiting < Self.few && !isPassing) {
      // A reader may need the log for minutes: then each try costs a sync and gains nothing.
      if ended > 0, pages - ended < Self.few { return .gather }
      if isPassing, waiting >= Self.few { return .wait }
      ended = pages
      return .end
    }
    if isPassing { return waiting < Self.mostWaiting ? .gather : .wait }
    return waiting >= (pages >= Self.ending ? Self.few : Self.resting) ? .pass : .gather
  }
}
