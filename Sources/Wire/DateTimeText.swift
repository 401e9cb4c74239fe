/// A date or date-time as clients write it (api.md section 9), taken apart:
///
///     YYYY-MM-DD | YYYYMMDD
///     then nothing, or one of T, t, blank and  hh:mm | hh:mm:ss | hhmmss
///     then after seconds perhaps . and digits
///     then after a time perhaps  Z | z | ±hh | ±hhmm | ±hh:mm
///
/// Anything else is refused, also 24:00, seconds of 60 and days that the calendar does not have.
struct DateTimeText {
  /// The day as written, in whatever zone.
  let day: CalendarDay
  /// Since midnight, as written.
  let second: Int
  /// How far the zone is ahead of UTC; 0 without one.
  let zoneSeconds: Int

  init?(_ bytes: UnsafeRawBufferPointer) {
    var cursor = Cursor(bytes: bytes)
    guard let day = cursor.day() else { return nil }
    self.day = day
    if cursor.isAtEnd {
      self.second = 0
      self.zoneSeconds = 0
      return
    }
    guard cursor.take("T") || cursor.take("t") || cursor.take(" "), let second = cursor.time(),
      let zoneSeconds = cursor.zone(), cursor.isAtEnd
    else { return nil }
    self.second = second
    self.zoneSeconds = zoneSeconds
  }
}

extension DateTimeText {
  private struct Cursor {
    let bytes: UnsafeRawBufferPointer
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

    /// Seconds since midnight.
    mutating func time() -> Int? {
      guard let hour = pair(below: 24) else { return nil }
      let colons = take(":")
      guard let minute = pair(below: 60) else { return nil }
      let minutes = hour * 60 + minute
      if colons, !take(":") { return minutes * 60 }
      guard let second = pair(below: 60) else { return nil }
      if take(".") {
        guard number(1) != nil else { return nil }
        while number(1) != nil {}
      }
      return minutes * 60 + second
    }

    mutating func zone() -> Int? {
      if isAtEnd || take("Z") || take("z") { return 0 }
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
