import Testing
import Wire

@Suite("Calendar days")
struct Days {
  @Test("each day of ten thousand years follows the one before, and reads back")
  func everyDay() throws {
    var day = CalendarDay.first.daysSince1970
    var wrong = 0
    for year in 1...9999 {
      let leap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
      let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      for (month, length) in zip(1..., lengths) {
        for number in [1, 2, length - 1, length] {
          let made = try #require(CalendarDay(year: year, month: month, day: number))
          let (y, m, d) = made.components
          if made.daysSince1970 != day + Int32(number) - 1 || (y, m, d) != (year, month, number) {
            wrong += 1
          }
        }
        if CalendarDay(year: year, month: month, day: length + 1) != nil { wrong += 1 }
        day += Int32(length)
      }
    }
    #expect(wrong == 0)
    #expect(day - 1 == CalendarDay.last.daysSince1970)
  }

  @Test(
    "are read from dates and date-times as the day that is written",
    arguments: [
      ("2013-01-31", "2013-01-31"), ("20130131", "2013-01-31"), ("2013-01-31T23:59:59-12:00", "2013-01-31"),
      ("2013-01-31T00:00+14:00", "2013-01-31"), ("20130131 101500.123Z", "2013-01-31"),
      ("2012-02-29", "2012-02-29"), ("2000-02-29", "2000-02-29"), ("0001-01-01", "0001-01-01"),
      ("9999-12-31", "9999-12-31"), ("0001-01-01T00:00:00+01:00", "0001-01-01"),
      ("9999-12-31T23:59:59-01:00", "9999-12-31"), ("1582-10-10", "1582-10-10"),
      ("2013-01-31Z", "2013-01-31"), ("2013-01-31T10:00:00 Z", "2013-01-31"), ("2020-01-31+02:00", "2020-01-31"),
      ("2020-01-31 -11", "2020-01-31"), ("2019-03-10 12:34:56,1230000 UTC", "2019-03-10"),
      ("0001-01-01+01:00", "0001-01-01"),
    ])
  func read(text: String, printed: String) {
    #expect(CalendarDay(text)?.description == printed)
  }

  @Test(
    "are not read from anything else",
    arguments: [
      "", "2013", "2013-01", "2013-1-31", "2013-01-3", "13-01-31", "2013-0131", "201301-31", "2013/01/31",
      "31-01-2013", "2013-02-29", "1900-02-29", "2013-04-31", "2013-00-10", "2013-13-10", "2013-01-00",
      "2013-01-32", "0000-01-01", "10000-01-01", "-2013-01-31", "+2013-01-31", " 2013-01-31", "2013-01-31 ",
      "2013-01-31\n", "2013-01-31T", "2013-01-31T24:00", "2013-01-31X10:00", "2013-W05-4",
      "2013-031", "２013-01-31", "2013-01-31\0", "today", "20130131T",
    ])
  func refused(text: String) {
    #expect(CalendarDay(text) == nil)
    #expect(Instant(text) == nil)
  }

  @Test("stay within the years 0001 to 9999")
  func bounds() {
    #expect(CalendarDay(daysSince1970: -719_163) == nil)
    #expect(CalendarDay(daysSince1970: -719_162)?.description == "0001-01-01")
    #expect(CalendarDay(daysSince1970: 2_932_896)?.description == "9999-12-31")
    #expect(CalendarDay(daysSince1970: 2_932_897) == nil)
    #expect(CalendarDay(daysSince1970: .max) == nil)
    #expect(CalendarDay(year: .max, month: 1, day: 1) == nil)
    #expect(CalendarDay(year: 2020, month: .min, day: .max) == nil)
  }

  @Test(
    "are displayed with the month's name",
    arguments: [
      ("2020-01-02", "January 2 2020"), ("1999-12-31", "December 31 1999"), ("0033-04-03", "April 3 0033"),
    ])
  func display(text: String, expected: String) throws {
    var writer = ByteWriter()
    writer.append(displayOf: try #require(CalendarDay(text)))
    #expect(writer.string == expected)
  }

  @Test(
    "alone are told from times and days with a zone",
    arguments: [
      ("2013-01-31", true), ("20130131", true), ("2013-01-31Z", false), ("20130131Z", false), ("20130131 Z", false),
      ("20130131+2", false), ("2013-01-31T00:00", false), ("20130131T000000Z", false), ("2013-01-3", false),
      ("", false),
      ("2013-01-31 ", false),
    ])
  func bare(text: String, isBare: Bool) { #expect(CalendarDay.isBare(text) == isBare) }
}
