/// A point in time in whole seconds, within the years 0001–9999 of UTC: what a `datetime` field holds.
package struct Instant: Hashable, Sendable, Comparable {
  package let secondsSince1970: Int64

  /// 0001-01-01T00:00:00Z.
  package static let first = Instant(unchecked: -62_135_596_800)
  /// 9999-12-31T23:59:59Z.
  package static let last = Instant(unchecked: 253_402_300_799)

  package static let secondsInDay: Int64 = 86_400

  private init(unchecked secondsSince1970: Int64) { self.secondsSince1970 = secondsSince1970 }

  /// Nil outside the years 0001–9999.
  package init?(secondsSince1970: Int64) {
    guard secondsSince1970 >= Instant.first.secondsSince1970,
      secondsSince1970 <= Instant.last.secondsSince1970
    else { return nil }
    self.secondsSince1970 = secondsSince1970
  }

  /// The second that holds this millisecond; a clock beyond the years 0001–9999 is held to them.
  package init(clampingMilliseconds milliseconds: Int64) {
    let seconds = milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0)
    self.secondsSince1970 = min(
      max(seconds, Instant.first.secondsSince1970), Instant.last.secondsSince1970)
  }

  /// Midnight UTC.
  package init(midnightOf day: CalendarDay) {
    self.secondsSince1970 = Int64(day.daysSince1970) * Instant.secondsInDay
  }

  /// The day in UTC and the seconds since its midnight.
  package var dayAndSecond: (day: CalendarDay, second: Int) {
    // Seconds since 0001-01-01 are positive, so that the division rounds down.
    let seconds = secondsSince1970 - Instant.first.secondsSince1970
    let day = Int32(seconds / Instant.secondsInDay) + CalendarDay.first.daysSince1970
    return (CalendarDay(unchecked: day), Int(seconds % Instant.secondsInDay))
  }

  package static func < (left: Instant, right: Instant) -> Bool {
    left.secondsSince1970 < right.secondsSince1970
  }
}

extension Instant {
  /// Reads a date-time; without a zone it is UTC, fractions of a second are dropped, a bare day is
  /// its midnight (api.md section 9). Nil for anything else and outside the years 0001–9999 of UTC.
  package init?(utf8 bytes: UnsafeRawBufferPointer) {
    guard let text = DateTimeText(bytes) else { return nil }
    self.init(text)
  }

  /// Reads the forms that the first versions read, and no others.
  package init?(firstForms text: String) {
    var text = text
    guard let found = text.withUTF8({ DateTimeText(UnsafeRawBufferPointer($0), .first) }) else { return nil }
    self.init(found)
  }

  private init?(_ text: DateTimeText) {
    let local = Int64(text.day.daysSince1970) * Instant.secondsInDay + Int64(text.second)
    self.init(secondsSince1970: local - Int64(text.zoneSeconds))
  }

  package init?(_ text: String) {
    var text = text
    guard let instant = text.withUTF8({ Instant(utf8: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = instant
  }
}

extension Instant: CustomStringConvertible {
  /// `2013-01-31T09:05:00Z`
  package var description: String {
    var writer = ByteWriter(capacity: 20)
    writer.append(instant: self)
    return writer.string
  }
}
