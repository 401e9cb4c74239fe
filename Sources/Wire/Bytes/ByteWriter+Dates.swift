// Dates going out: in values, in displays, in HTTP headers.

extension ByteWriter {
  /// `2013-01-31`
  package mutating func append(day: CalendarDay) {
    reserve(10)
    store(day: day, at: count)
    count &+= 10
  }

  /// `2013-01-31T09:05:00Z`
  package mutating func append(instant: Instant) {
    let (day, second) = instant.dayAndSecond
    reserve(20)
    let start = count
    store(day: day, at: start)
    store(byte: UInt8(ascii: "T"), at: start &+ 10)
    store(time: second, at: start &+ 11)
    store(byte: UInt8(ascii: "Z"), at: start &+ 19)
    count = start &+ 20
  }

  @inline(__always)
  private func store(day: CalendarDay, at offset: Int) {
    let (year, month, day) = day.components
    store(pair: Self.pair(year / 100), at: offset)
    store(pair: Self.pair(year % 100), at: offset &+ 2)
    store(byte: UInt8(ascii: "-"), at: offset &+ 4)
    store(pair: Self.pair(month), at: offset &+ 5)
    store(byte: UInt8(ascii: "-"), at: offset &+ 7)
    store(pair: Self.pair(day), at: offset &+ 8)
  }

  /// `09:05:00`
  @inline(__always)
  private func store(time second: Int, at offset: Int) {
    let minute = UInt32(truncatingIfNeeded: second) / 60
    store(pair: Self.pair(Int(minute / 60)), at: offset)
    store(byte: UInt8(ascii: ":"), at: offset &+ 2)
    store(pair: Self.pair(Int(minute % 60)), at: offset &+ 3)
    store(byte: UInt8(ascii: ":"), at: offset &+ 5)
    store(pair: Self.pair(second &- Int(minute) &* 60), at: offset &+ 6)
  }

  /// The two digits of a number below 100, the first one lowest.
  @inline(__always)
  private static func pair(_ number: Int) -> UInt16 {
    assert((0..<100).contains(number), "two digits hold no more")
    let number = UInt16(truncatingIfNeeded: number)
    let ten = (number &* 103) >> 10
    return 0x3030 &+ ten &+ (number &- ten &* 10) << 8
  }

  /// `January 2 2020`, as a display format shows a date (data-model.md).
  package mutating func append(displayOf day: CalendarDay) {
    let (year, month, day) = day.components
    append(monthNames[month - 1])
    append(UInt8(ascii: " "))
    append(integer: Int64(day))
    append(UInt8(ascii: " "))
    appendPair(year / 100)
    appendPair(year % 100)
  }

  /// `January 2 2020 3:04 AM` in UTC, as a display format shows a datetime (data-model.md).
  package mutating func append(displayOf instant: Instant) {
    let (day, second) = instant.dayAndSecond
    append(displayOf: day)
    append(UInt8(ascii: " "))
    let hour = second / 3600
    append(integer: Int64(hour % 12 == 0 ? 12 : hour % 12))
    append(UInt8(ascii: ":"))
    appendPair(second / 60 % 60)
    append(hour < 12 ? " AM" : " PM")
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`, as HTTP headers have it (RFC 9110 section 5.6.7).
  package mutating func append(httpDateOf instant: Instant) {
    let (day, second) = instant.dayAndSecond
    let (year, month, dayOfMonth) = day.components
    append(weekdayNames[day.weekday])
    append(", ")
    appendPair(dayOfMonth)
    append(UInt8(ascii: " "))
    append(shortMonthNames[month - 1])
    append(UInt8(ascii: " "))
    appendPair(year / 100)
    appendPair(year % 100)
    append(UInt8(ascii: " "))
    append(time: second)
    append(" GMT")
  }

  /// `09:05:00`
  private mutating func append(time second: Int) {
    reserve(8)
    store(time: second, at: count)
    count &+= 8
  }

  /// Two digits of a number below 100.
  private mutating func appendPair(_ number: Int) {
    reserve(2)
    store(pair: Self.pair(number), at: count)
    count &+= 2
  }
}

extension Instant {
  /// `Sun, 06 Nov 1994 08:49:37 GMT`
  package var httpDate: String {
    var writer = ByteWriter(capacity: 64)
    writer.append(httpDateOf: self)
    return writer.string
  }
}

private let monthNames: [StaticString] = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December",
]

private let shortMonthNames: [StaticString] = [
  "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
]

private let weekdayNames: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
