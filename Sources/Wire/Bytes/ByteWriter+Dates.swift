// Dates going out: in values, in displays, in HTTP headers.

extension ByteWriter {
  /// `2013-01-31`
  package mutating func append(day: CalendarDay) {
    let (year, month, day) = day.components
    reserve(10)
    appendPair(year / 100)
    appendPair(year % 100)
    append(UInt8(ascii: "-"))
    appendPair(month)
    append(UInt8(ascii: "-"))
    appendPair(day)
  }

  /// `2013-01-31T09:05:00Z`
  package mutating func append(instant: Instant) {
    let (day, second) = instant.dayAndSecond
    reserve(20)
    append(day: day)
    append(UInt8(ascii: "T"))
    append(time: second)
    append(UInt8(ascii: "Z"))
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
    appendPair(second / 3600)
    append(UInt8(ascii: ":"))
    appendPair(second / 60 % 60)
    append(UInt8(ascii: ":"))
    appendPair(second % 60)
  }

  /// Two digits of a number below 100.
  private mutating func appendPair(_ number: Int) {
    append(UInt8(truncatingIfNeeded: number / 10 &+ 48))
    append(UInt8(truncatingIfNeeded: number % 10 &+ 48))
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
