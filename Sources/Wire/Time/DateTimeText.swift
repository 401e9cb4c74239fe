/// A date or date-time as clients write it (api.md section 9), taken apart:
///
///     YYYY-MM-DD | YYYYMMDD
///     then nothing, or one of T, t, blank and  hh:mm | hh:mm:ss | hhmmss
///     then after seconds perhaps . or , and digits
///     then perhaps, a blank before it or not,  Z | z | UTC | ±hh | ±hhmm | ±hh:mm
///
/// Anything else is refused, also 24:00, seconds of 60 and days that the calendar does not have.
struct DateTimeText {
  /// Which of these are read.
  enum Forms {
    case all
    /// Those that the first versions read: no comma, no `UTC`, a zone only behind a time and without a blank.
    /// Indexes in their files hold what these gave.
    case first
  }

  /// The day as written, in whatever zone.
  let day: CalendarDay
  /// Since midnight, as written.
  let second: Int
  /// How far the zone is ahead of UTC; 0 without one.
  let zoneSeconds: Int

  init?(_ bytes: UnsafeRawBufferPointer, _ forms: Forms = .all) {
    var cursor = Cursor(bytes: bytes, forms: forms)
    guard let day = cursor.day() else { return nil }
    self.day = day
    let second = cursor.isAtEnd ? 0 : cursor.timeOfDay()
    // Behind a bare day the blank may be that of its zone.
    guard second != nil || forms == .all, let zoneSeconds = cursor.zone(), cursor.isAtEnd else { return nil }
    self.second = second ?? 0
    self.zoneSeconds = zoneSeconds
  }
}

extension DateTimeText {
  private struct Cursor {
    let bytes: UnsafeRawBufferPointer
    let forms: Forms
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    /// Exactly `count` digits.
    mutating func number(_ count: Int) -> Int? {
      guard bytes.count - position >= count else { return nil }
      var value = 0
      for byte in bytes[position..<(position + count)] {
        guard byte &- 48 < 10 else { return nil }
        value = value * 10 + Int(byte &- 48)
      }
      position += count
      return value
    }

    /// Two digits below `limit`.
    mutating func pair(below limit: Int) -> Int? {
      guard let value = number(2), value < limit else { return nil }
      return value
    }

    mutating func day() -> CalendarDay? {
      guard let year = number(4) else { return nil }
      let dashed = take("-")
      guard let month = number(2), take("-") == dashed, let day = number(2) else { return nil }
      return CalendarDay(year: year, month: month, day: day)
    }

    /// A time and the sign before it; nil, and nothing taken, where there is none.
    mutating func timeOfDay() -> Int? {
      let start = position
      if take("T") || take("t") || take(" "), let second = time() { return second }
      position = start
      return nil
    }

    /// Seconds since midnight.
    private mutating func time() -> Int? {
      guard let hour = pair(below: 24) else { return nil }
      let colons = take(":")
      guard let minute = pair(below: 60) else { return nil }
      let minutes = hour * 60 + minute
      if colons, !take(":") { return minutes * 60 }
      guard let second = pair(below: 60) else { return nil }
      if take(".") || forms == .all && take(",") {
        guard number(1) != nil else { return nil }
        while number(1) != nil {}
      }
      return minutes * 60 + second
    }

    mutating func zone() -> Int? {
      if isAtEnd { return 0 }
      if forms == .all {
        _ = take(" ")
        if take("U") { return take("T") && take("C") ? 0 : nil }
      }
      if take("Z") || take("z") { return 0 }
      let sign: Int
      if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
      guard let hours = pair(below: 24) else { return nil }
      if isAtEnd { return sign * hours * 3600 }
      _ = take(":")
      guard let minutes = pair(below: 60) else { return nil }
      return sign * (hours * 3600 + minutes * 60)
    }
  }
}
