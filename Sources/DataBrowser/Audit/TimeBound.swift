import Wire

/// A time that bounds a list, as people write it.
enum TimeBound {
  static let hint = "UTC: 2026-01-31, or 2026-01-31T09:05:00Z."

  /// A day as an end is its last second. Nil for what is no time.
  static func read(_ text: String, isEnd: Bool) -> Instant? {
    guard let instant = Instant(text) else { return nil }
    guard isEnd, CalendarDay.isBare(text) else { return instant }
    return Instant(secondsSince1970: instant.secondsSince1970 + Instant.secondsInDay - 1) ?? .last
  }

  static func problem(_ label: String, _ text: String) -> String {
    "\(label): “\(CutText.cut(text))” is no time. Write 2026-01-31, or 2026-01-31T09:05:00Z."
  }
}
