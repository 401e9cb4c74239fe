/// A day of the calendar, without time and zone: Gregorian, also before 1582, in the years 0001–9999.
///
/// It is kept as the days since 1970-01-01, so days compare and subtract as numbers.
package struct CalendarDay: Hashable, Sendable, Comparable {
  @usableFromInline package let daysSince1970: Int32

  /// 0001-01-01.
  package static let first = CalendarDay(unchecked: -719_162)
  /// 9999-12-31.
  package static let last = CalendarDay(unchecked: 2_932_896)

  init(unchecked daysSince1970: Int32) { self.daysSince1970 = daysSince1970 }

  /// Nil outside the years 0001–9999.
  package init?(daysSince1970: Int) {
    guard let days = Int32(exactly: daysSince1970), days >= CalendarDay.first.daysSince1970,
      days <= CalendarDay.last.daysSince1970
    else { return nil }
    self.daysSince1970 = days
  }

  /// Nil for a day that the calendar does not have, and outside the years 0001–9999.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= CalendarDay.length(ofMonth: month, year: year)
    else { return nil }
    // Years that begin in March put the leap day at the end: all months before it begin on fixed days.
    let marchYear = month > 2 ? year : year - 1
    let era = marchYear / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.init(unchecked: Int32(era * 146_097 + dayOfEra - 719_468))
  }

  /// The year, the month from 1 and the day from 1.
  ///
  /// As in «Euclidean affine functions and their application to calendar algorithms» by Cassio Neri and Lorenz
  /// Schneider: years begin in March, and multiplications stand for most divisions.
  @inlinable
  package var components: (year: Int, month: Int, day: Int) {
    // Days since 0000-03-01 are positive for all days that we have.
    let days = UInt32(bitPattern: daysSince1970 &+ 719_468)
    let century = (4 &* days &+ 3) / 146_097
    let inCentury = ((4 &* days &+ 3) % 146_097 / 4) &* 4 &+ 3
    let product = 2_939_745 &* UInt64(inCentury)
    let yearOfCentury = UInt32(truncatingIfNeeded: product >> 32)
    let dayOfYear = UInt32(truncatingIfNeeded: product) / 2_939_745 / 4
    let both = 2141 &* dayOfYear &+ 197_913
    let marchMonth = both >> 16
    let isNextYear = dayOfYear >= 306
    return (
      Int(century &* 100 &+ yearOfCentury) &+ (isNextYear ? 1 : 0), Int(isNextYear ? marchMonth &- 12 : marchMonth),
      Int((both & 0xFFFF) / 2141) &+ 1
    )
  }

  /// 0 is Sunday.
  var weekday: Int { (Int(daysSince1970) + 719_468 + 3) % 7 }

  private static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  package static func < (left: CalendarDay, right: CalendarDay) -> Bool {
    left.daysSince1970 < right.daysSince1970
  }
}

extension CalendarDay {
  /// Reads a date, or a date-time of which the day counts as it is written: time and zone are checked
  /// and dropped (api.md section 9). Nil for anything else.
  package init?(utf8 bytes: UnsafeRawBufferPointer) {
    guard let text = DateTimeText(bytes) else { return nil }
    self = text.day
  }

  package init?(_ text: String) {
    var text = text
    guard let day = text.withUTF8({ CalendarDay(utf8: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = day
  }

  /// Reads the forms that the first versions read, and no others.
  package init?(firstForms text: String) {
    var text = text
    guard let found = text.withUTF8({ DateTimeText(UnsafeRawBufferPointer($0), .first) }) else { return nil }
    self = found.day
  }
}

extension CalendarDay {
  /// Whether a text that reads as a day or a time is a day alone, `2013-01-31` or `20130131`: digits and their
  /// two dashes, without time and zone.
  package static func isBare(_ text: String) -> Bool {
    let count = text.utf8.count
    return (count == 8 || count == 10)
      && text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) }
  }
}

extension CalendarDay: CustomStringConvertible {
  /// `2013-01-31`
  package var description: String {
    var writer = ByteWriter(capacity: 10)
    writer.append(day: self)
    return writer.string
  }
}
