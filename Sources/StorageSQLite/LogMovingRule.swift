/// How many pages may gather in the log before they are moved into the file.
///
/// Moving holds up the writer. Many pages at once cost less each, since a page that was written several
/// times is moved once; few at once take less time. So the number follows the time: it aims at about
/// ten milliseconds, on whatever disk and at whatever size of the file.
struct LogMovingRule: Equatable {
  /// Pages of 4 KiB.
  private(set) var pages: Int32 = 1000

  /// Pages that wait to be moved from which a mover begins beside the writer.
  static let mostResting: Int32 = 500
  /// Pages that wait to be moved at which the writer waits for the mover: else it would fall ever further
  /// behind.
  static let mostWaiting: Int32 = 1200
  /// Pages in the log at which the writer moves what is left, so that the log begins again. What is being
  /// moved beside a writer that never rests is never all.
  static let mostPages: Int32 = 12_000

  /// Plans in a group, smoothed, in eighths.
  private var eighths = 0

  static let least: Int32 = 500
  static let most: Int32 = 4000
  private static let longMicroseconds: Int64 = 11_000
  private static let shortMicroseconds: Int64 = 8000

  /// Whether a mover works beside the writer. Who writes alone waits for the disk at each commit and shares
  /// it with nobody: beside the mover each of these commits would take longer, and that costs more than
  /// standing still now and then. Several go on gathering meanwhile.
  var isBeside: Bool { eighths >= 16 }

  /// Learns from a group.
  mutating func note(plans: Int) { eighths += min(plans, 64) - eighths / 8 }

  /// Learns from the last time.
  mutating func note(microseconds: Int64) {
    if microseconds > Self.longMicroseconds {
      pages = max(Self.least, pages / 2)
    } else if microseconds < Self.shortMicroseconds {
      pages = min(Self.most, pages + pages / 4)
    }
  }
}
