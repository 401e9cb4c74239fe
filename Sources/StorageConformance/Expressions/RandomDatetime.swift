import Wire

/// A point of a calendar, and the ways in which clients write it. The arithmetic is its own.
struct RandomDatetime {
  var year: Int
  var month: Int
  var dayOfMonth: Int
  var hour: Int
  var minute: Int
  var second: Int

  init(_ generator: inout SplitMix) {
    let days = [(2013, 1, 31), (2013, 2, 1), (2012, 2, 29), (1969, 12, 31), (1970, 1, 1), (2013, 1, 30)]
    (year, month, dayOfMonth) = generator.pick(days) ?? (2013, 1, 1)
    hour = generator.pick([0, 0, 9, 12, 23]) ?? 0
    minute = generator.pick([0, 0, 5, 59]) ?? 0
    second = generator.pick([0, 0, 1, 59]) ?? 0
  }

  /// Days since 1970-01-01.
  var day: Int {
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1]
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let past = year - 1
    return past * 365 + past / 4 - past / 100 + past / 400 + before + (isLeap && month > 2 ? 1 : 0) + dayOfMonth
      - 719_163
  }

  private func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
  }

  private func dayText(_ generator: inout SplitMix) -> String {
    let separator = generator.once(in: 4) ? "" : "-"
    return [padded(year, 4), padded(month), padded(dayOfMonth)].joined(separator: separator)
  }

  /// For a date field: the day as written, whatever stands behind it.
  func dateText(_ generator: inout SplitMix) -> String {
    let tails = ["", "", "T23:59:59Z", " 00:00", "T01:00+14:00", "t235959.999-11"]
    return dayText(&generator) + (generator.pick(tails) ?? "")
  }

  /// For a datetime field.
  func spelled(_ generator: inout SplitMix) -> Spelled {
    let text = dayText(&generator)
    if generator.once(in: 6) { return Spelled(.wholeDay(day), "\"\(text)\"") }
    var seconds = day * 86_400 + hour * 3600 + minute * 60
    var time = "\(padded(hour)):\(padded(minute))"
    switch generator.pick([0, 1, 1, 2, 3]) ?? 0 {
    case 1:
      time += ":\(padded(second))"
      seconds += second
    case 2:
      time = padded(hour) + padded(minute) + padded(second)
      seconds += second
    case 3:
      // Truncated, also before 1970.
      time += ":\(padded(second)).9"
      seconds += second
    default: break
    }
    let zones = [("", 0), ("Z", 0), ("z", 0), ("+02:00", 120), ("-0530", -330), ("+01", 60)]
    let zone = generator.pick(zones) ?? ("", 0)
    let separator = generator.pick(["T", "T", "t", " "]) ?? "T"
    return Spelled(.datetime(seconds - zone.1 * 60), "\"\(text)\(separator)\(time)\(zone.0)\"")
  }
}
