import Testing
import Wire

@Suite("Instants")
struct Instants {
  @Test(
    "are read from date-times",
    arguments: [
      ("2013-01-31T09:05:00Z", "2013-01-31T09:05:00Z"), ("2013-01-31T09:05:00", "2013-01-31T09:05:00Z"),
      ("2013-01-31t09:05:00z", "2013-01-31T09:05:00Z"), ("2013-01-31 09:05", "2013-01-31T09:05:00Z"),
      ("2013-01-31T090500", "2013-01-31T09:05:00Z"), ("20130131T090500Z", "2013-01-31T09:05:00Z"),
      ("20130131T09:05Z", "2013-01-31T09:05:00Z"), ("2013-01-31", "2013-01-31T00:00:00Z"),
      ("20130131", "2013-01-31T00:00:00Z"), ("2013-01-31T09:05:00.999Z", "2013-01-31T09:05:00Z"),
      ("2013-01-31T09:05:00.000000000000000000001", "2013-01-31T09:05:00Z"),
      ("1969-12-31T23:59:59.9Z", "1969-12-31T23:59:59Z"), ("0001-01-01T00:00:00.5Z", "0001-01-01T00:00:00Z"),
      ("2013-01-31T09:05:00+02:00", "2013-01-31T07:05:00Z"),
      ("2013-01-31T09:05:00-0230", "2013-01-31T11:35:00Z"),
      ("2013-01-31T09:05+02", "2013-01-31T07:05:00Z"), ("2013-01-31T00:30:00+01:00", "2013-01-30T23:30:00Z"),
      ("2012-12-31T23:30:00-01:00", "2013-01-01T00:30:00Z"),
      ("2013-01-31T09:05:00-00:00", "2013-01-31T09:05:00Z"),
      ("2013-01-31T09:05:00+23:59", "2013-01-30T09:06:00Z"),
      ("2013-01-31T090500.5-08", "2013-01-31T17:05:00Z"),
      ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"), ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
      ("2013-01-31T23:59:59Z", "2013-01-31T23:59:59Z"),
    ])
  func read(text: String, printed: String) {
    #expect(Instant(text)?.description == printed)
  }

  @Test(
    "are not read from anything else",
    arguments: [
      "", "2013-01-31T", "2013-01-31T9:05", "2013-01-31T09", "2013-01-31T0905", "2013-01-31T09:0500",
      "2013-01-31T0905:00", "2013-01-31T09:05:0", "2013-01-31T24:00", "2013-01-31T24:00:00",
      "2013-01-31T23:60",
      "2013-01-31T23:59:60", "2013-01-31T09:05:00.", "2013-01-31T09:05:00.Z", "2013-01-31T09:05:00,5",
      "2013-01-31T09:05.5", "2013-01-31T09:05:00 Z", "2013-01-31  09:05", "2013-01-31T09:05:00ZZ",
      "2013-01-31T09:05:00+", "2013-01-31T09:05:00+2", "2013-01-31T09:05:00+24:00",
      "2013-01-31T09:05:00+02:60",
      "2013-01-31T09:05:00+020", "2013-01-31T09:05:00+02:", "2013-01-31T09:05:00+02:0",
      "2013-01-31T09:05:00+02:00:00", "2013-01-31T09:05:00UTC", "2013-01-31T09:05:00 +0200", "1359623100",
      "2013-01-31T09:05:00−02:00", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
      "2013-02-29T09:05:00Z", "T09:05:00Z", "2013-01-31T09:05:00Z\0", "Thu Jan 31 2013",
    ])
  func refused(text: String) {
    #expect(Instant(text) == nil)
  }

  @Test(
    "count seconds since 1970",
    arguments: [
      ("1970-01-01", 0), ("1970-01-01T00:00:01Z", 1), ("1969-12-31T23:59:59Z", -1),
      ("2013-01-31T09:05:00Z", 1_359_623_100), ("2038-01-19T03:14:08Z", 2_147_483_648),
      ("0001-01-01", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
    ] as [(String, Int64)])
  func seconds(text: String, seconds: Int64) {
    #expect(Instant(text)?.secondsSince1970 == seconds)
    #expect(
      Instant(secondsSince1970: seconds).flatMap { Instant($0.description) }?.secondsSince1970 == seconds)
  }

  @Test("stay within the years 0001 to 9999")
  func bounds() {
    #expect(Instant(secondsSince1970: -62_135_596_801) == nil)
    #expect(Instant(secondsSince1970: 253_402_300_800) == nil)
    #expect(Instant(clampingMilliseconds: .min) == .first)
    #expect(Instant(clampingMilliseconds: .max) == .last)
    #expect(Instant(clampingMilliseconds: -1).secondsSince1970 == -1)
    #expect(Instant(clampingMilliseconds: 999).secondsSince1970 == 0)
    #expect(Instant(clampingMilliseconds: -1000).secondsSince1970 == -1)
  }

  @Test(
    "are displayed on a clock of twelve hours",
    arguments: [
      ("2020-01-02T03:04:59Z", "January 2 2020 3:04 AM"), ("2020-01-02", "January 2 2020 12:00 AM"),
      ("2020-01-02T12:00:00Z", "January 2 2020 12:00 PM"),
      ("2020-11-30T23:59:00Z", "November 30 2020 11:59 PM"),
      ("2020-01-02T13:05:00Z", "January 2 2020 1:05 PM"),
    ])
  func display(text: String, expected: String) throws {
    var writer = ByteWriter()
    writer.append(displayOf: try #require(Instant(text)))
    #expect(writer.string == expected)
  }

  @Test(
    "have the form of HTTP headers",
    arguments: [
      ("1994-11-06T08:49:37Z", "Sun, 06 Nov 1994 08:49:37 GMT"),
      ("1970-01-01", "Thu, 01 Jan 1970 00:00:00 GMT"),
      ("2000-02-29T23:59:59Z", "Tue, 29 Feb 2000 23:59:59 GMT"),
      ("0001-01-01", "Mon, 01 Jan 0001 00:00:00 GMT"),
      ("1969-12-31", "Wed, 31 Dec 1969 00:00:00 GMT"), ("2024-07-13", "Sat, 13 Jul 2024 00:00:00 GMT"),
    ])
  func http(text: String, expected: String) {
    #expect(Instant(text)?.httpDate == expected)
  }
}
