/// How many pages may gather in the log before they are moved into the file.
///
/// Moving holds up the writer. Many pages at once cost less each, since a page that was written several
/// times is moved once; few at once take less time. So the number follows the time: it aims at about
/// ten milliseconds, on whatever disk and at whatever size of the file.
struct LogMovingRule: Equatable {
  /// Pages of 4 KiB.
  private(set) var pages: Int32 = 1000

  static let least: Int32 = 500
  static let most: Int32 = 4000
  private static let longMicroseconds: Int64 = 11_000
  private static let shortMicroseconds: Int64 = 8000

  /// Learns from the last time.
  mutating func note(microseconds: Int64) {
    if microseconds > Self.longMicroseconds {
      pages = max(Self.least, pages / 2)
    } else if microseconds < Self.shortMicroseconds {
      pages = min(Self.most, pages + pages / 4)
    }
  }
}
