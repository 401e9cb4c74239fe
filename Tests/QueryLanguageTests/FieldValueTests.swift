import DataModel
import Storage
import Testing

@testable import QueryLanguage

@Suite("Values to be written")
struct FieldValueTests {
  private func read(_ written: Written, _ field: String, _ purpose: FieldValue.Purpose = .writing) throws
    -> Outcome<StoredValue>
  {
    let field = try #require(try Samples.model().model.field(field))
    let value = try written.value()
    return Outcome { () throws(ClientFault) in
      try FieldValue(name: field.name, field: field, purpose: purpose).read(value)
    }
  }

  static let accepted: [(String, Written, StoredValue)] = [
    ("text", .json("\"a\""), .text("a")), ("text", .json("\"\""), .text("")), ("text", .json("null"), .null),
    ("text", .form(""), .text("")), ("text", .form("null"), .text("null")),
    ("text", .form(" 5 "), .text(" 5 ")),
    ("text", .json(#""e\u0301""#), .text("e\u{301}")), ("text", .json(#""\u00e9""#), .text("\u{E9}")),
    ("text", .json(#""\ud83d\ude00\u0001""#), .text("\u{1F600}\u{1}")),
    // Numbers for texts: the digits of an integer literal, else what is printed.
    ("text", .json("5"), .text("5")), ("text", .json("-1545"), .text("-1545")), ("text", .json("0"), .text("0")),
    ("text", .json("12345678901234567890123"), .text("12345678901234567890123")),
    ("text", .json("3.5"), .text("3.5")), ("text", .json("1.10"), .text("1.1")), ("text", .json("3.0"), .text("3")),
    ("text", .json("1e2"), .text("100")), ("text", .json("1E21"), .text("1e+21")),
    ("text", .json("0.0000001"), .text("1e-7")), ("text", .json("-0.0"), .text("0")),
    ("text", .json("0.30000000000000004"), .text("0.30000000000000004")),

    ("integer", .json("3"), .integer(3)), ("integer", .json("-2147483648"), .integer(-2_147_483_648)),
    ("integer", .json("2147483647"), .integer(2_147_483_647)), ("integer", .json("3.0"), .integer(3)),
    ("integer", .json("3e0"), .integer(3)), ("integer", .json("30e-1"), .integer(3)),
    ("integer", .json("\"3\""), .integer(3)),
    ("integer", .json("\"-3.0\""), .integer(-3)), ("integer", .json("-0"), .integer(0)),
    ("integer", .json("null"), .null),
    ("integer", .json("\" 3\""), .integer(3)), ("integer", .json("\"+3\""), .integer(3)),
    ("integer", .json(#""\t007\r\n""#), .integer(7)), ("integer", .json("\"-05.\""), .integer(-5)),
    ("integer", .form(" +4 "), .integer(4)), ("integer", .form("03"), .integer(3)),
    ("integer", .form("5."), .integer(5)), ("integer", .form(".5e1"), .integer(5)),
    ("integer", .form("3"), .integer(3)), ("integer", .form("3.0"), .integer(3)),
    ("integer", .form(""), .null),

    ("number", .json("3.5"), .real(3.5)), ("number", .json("3"), .real(3)),
    ("number", .json("\"3.5\""), .real(3.5)), ("number", .json("\".5\""), .real(0.5)),
    ("number", .json("\" 1.5 \""), .real(1.5)), ("number", .form("-.5"), .real(-0.5)),
    ("number", .form("5."), .real(5)), ("number", .form("+4"), .real(4)), ("number", .form("007"), .real(7)),
    ("number", .form("-0.00"), .real(0)), ("number", .form(" 1.5"), .real(1.5)),
    ("number", .json("-0"), .real(0)), ("number", .json("-0.0"), .real(0)),
    ("number", .json("1e-400"), .real(0)),
    ("number", .json("-1e-400"), .real(0)),
    ("number", .json("1.7976931348623157e308"), .real(.greatestFiniteMagnitude)),
    ("number", .form("1e3"), .real(1000)), ("number", .form(""), .null), ("number", .json("null"), .null),

    ("date", .json("\"2013-01-31\""), .integer(15_736)), ("date", .json("\"20130131\""), .integer(15_736)),
    ("date", .json("\"2013-01-31T23:59:59-11:00\""), .integer(15_736)),
    ("date", .form("2013-01-31 00:00"), .integer(15_736)), ("date", .form("2013-01-31Z"), .integer(15_736)),
    ("date", .json("\"2013-01-31+02:00\""), .integer(15_736)),
    ("date", .json("\"2013-01-31 00:30:00.1230000 +02:00\""), .integer(15_736)),
    ("date", .json("\"1970-01-01\""), .integer(0)), ("date", .json("\"1969-12-31\""), .integer(-1)),
    ("date", .form(""), .null),

    ("datetime", .json("\"2013-01-31T09:05:00Z\""), .integer(1_359_623_100)),
    ("datetime", .json("\"2013-01-31T09:05\""), .integer(1_359_623_100)),
    ("datetime", .json("\"2013-01-31 11:05:00.999+02\""), .integer(1_359_623_100)),
    ("datetime", .json("\"2013-01-31\""), .integer(1_359_590_400)),
    ("datetime", .form("20130131t090500z"), .integer(1_359_623_100)),
    ("datetime", .json("\"2013-01-31 11:05:00.1230000 +02:00\""), .integer(1_359_623_100)),
    ("datetime", .json("\"2013-01-31T09:05:00,123Z\""), .integer(1_359_623_100)),
    ("datetime", .form("2013-01-31T09:05:00 UTC"), .integer(1_359_623_100)),
    ("datetime", .form("2013-01-31Z"), .integer(1_359_590_400)),
    ("datetime", .json("\"2013-01-31+02:00\""), .integer(1_359_583_200)),
    ("datetime", .json("\"1969-12-31T23:59:59.5Z\""), .integer(-1)), ("datetime", .form(""), .null),

    ("boolean", .json("true"), .integer(1)), ("boolean", .json("false"), .integer(0)),
    ("boolean", .json("\"true\""), .integer(1)),
    ("boolean", .json("\"false\""), .integer(0)), ("boolean", .json("null"), .null),
    ("boolean", .json("\"True\""), .integer(1)), ("boolean", .json("\"FALSE\""), .integer(0)),
    ("boolean", .form("TRUE"), .integer(1)), ("boolean", .form("True"), .integer(1)),
    ("boolean", .form("FALSE"), .integer(0)), ("boolean", .form("fAlSe"), .integer(0)),
    ("boolean", .json(#"{"key": "TRUE"}"#), .integer(1)), ("boolean", .fields("f[key]=False"), .integer(0)),
    ("boolean", .form("1"), .integer(1)),
    ("boolean", .form("0"), .integer(0)), ("boolean", .form("true"), .integer(1)),
    ("boolean", .form("false"), .integer(0)),
    ("boolean", .form(""), .null), ("boolean", .json(#"{"key": true, "display": "Yes"}"#), .integer(1)),
    ("boolean", .fields("f[key]=false&f[display]=No"), .integer(0)),

    ("choice", .json("\"landed\""), .text("landed")),
    ("choice", .json(#"{"display": "L", "key": "landed"}"#), .text("landed")),
    ("choice", .form("landed"), .text("landed")), ("choice", .json("\"7\""), .text("7")),
    ("choice", .form("7"), .text("7")), ("choice", .json("7"), .text("7")), ("choice", .json("7.0"), .text("7")),
    ("choice", .json(#"{"key": 7}"#), .text("7")),
    ("choice", .json("null"), .null), ("choice", .form(""), .null),
    ("choice", .fields("f[key]=landed"), .text("landed")),
    ("level", .json("1"), .integer(1)), ("level", .json("\"1\""), .integer(1)),
    ("level", .json("1.0"), .integer(1)), ("level", .json("\" +01. \""), .integer(1)),
    ("level", .form("01"), .integer(1)),
    ("level", .form("-5"), .integer(-5)), ("level", .json(#"{"key": -5}"#), .integer(-5)),
    ("level", .form(""), .null),

    ("tags", .json("[]"), .text("[]")), ("tags", .json("null"), .null),
    ("tags", .json(#"["late"]"#), .text(#"["late"]"#)),
    (
      "tags", .json(#"["a\"b", "late", "a\u0022b", {"key": "late", "display": "A"}]"#),
      .text(#"["a\"b","late"]"#)
    ),
    // Spellings of one letter are two keys.
    ("tags", .json(#"["caf\u00e9", "cafe\u0301"]"#), .text("[\"caf\u{E9}\",\"cafe\u{301}\"]")),
    ("tags", .fields("f[]=late&f[]=a%22b&f[]=late"), .text(#"["late","a\"b"]"#)),
    ("tags", .json("[7, \"late\", {\"key\": 7.0}, \"7\"]"), .text(#"["7","late"]"#)),
    // As PHP and JavaScript write lists, in whatever order.
    ("tags", .fields("f[0]=late&f[1]=a%22b"), .text(#"["late","a\"b"]"#)),
    ("tags", .fields("f[1]=late&f[2]=late&f[0]=a%22b"), .text(#"["a\"b","late"]"#)),
    ("tags", .fields("f[0][key]=late&f[0][display]=A"), .text(#"["late"]"#)),
    ("codes", .fields("f[1]=1&f[0]=2"), .text("[2,1]")),
    // The form's way to say that nothing is set, and an empty value.
    ("tags", .fields("f[]="), .null), ("tags", .form(""), .null),
    ("codes", .json("[2, 1, \"2\", 2.0, \" +02\"]"), .text("[2,1]")), ("codes", .fields("f[]=2&f[]=1"), .text("[2,1]")),

    ("position", .json("[40.6, -74.2]"), .text("[40.6,-74.2,null,null,null,null]")),
    (
      "position", .json(#"[40.6, -74.2, 3, 4, 5, "2013-01-31T09:05:00.7+02:00", "more", {}]"#),
      .text(#"[40.6,-74.2,3,4,5,"2013-01-31T07:05:00Z"]"#)
    ),
    (
      "position",
      .json(#"{"longitude": "-180", "latitude": 90.0, "altitude": null, "vertical_accuracy": 2.5}"#),
      .text("[90,-180,null,null,2.5,null]")
    ),
    (
      "position", .fields("f[latitude]=-90&f[longitude]=180&f[altitude]=&f[timestamp]=2013-01-31"),
      .text(#"[-90,180,null,null,null,"2013-01-31T00:00:00Z"]"#)
    ),
    (
      "position", .fields("f[latitude]=%2B.5&f[longitude]=007&f[timestamp]=2013-01-31%20UTC"),
      .text(#"[0.5,7,null,null,null,"2013-01-31T00:00:00Z"]"#)
    ),
    ("position", .fields("f[1]=-74.2&f[0]=40.6"), .text("[40.6,-74.2,null,null,null,null]")),
    ("position", .fields("f[]=40.6&f[]=-74.2&f[]=&f[]=&f[]=&f[]=&f[]=x"), .text("[40.6,-74.2,null,null,null,null]")),
    ("position", .json("null"), .null), ("position", .form(""), .null),
    // How a first-party client writes a latitude of 0, and no location.
    ("position", .json("[null, 32.5, null, null, null, null]"), .text("[0,32.5,null,null,null,null]")),
    ("position", .json("[-1.5, null, 3, null, null, null]"), .text("[-1.5,0,3,null,null,null]")),
    ("position", .json("[null, null, 3, null, null, null]"), .text("[0,0,3,null,null,null]")),
    ("position", .json("[null, 1]"), .text("[0,1,null,null,null,null]")),
    ("position", .json("[null, null, null, null, null, null]"), .null),
    ("position", .json("[null, null]"), .null), ("position", .json("[null, null, null, null, null, null, 5]"), .null),

    ("route", .json(#" {"a": [1, 2.50], "b": "\u00e9"} "#), .text(#"{"a": [1, 2.50], "b": "\u00e9"}"#)),
    ("route", .json("5"), .text("5")), ("route", .json("\"a\""), .text("\"a\"")),
    ("route", .json("null"), .null),
    ("route", .form(""), .null),
  ]

  @Test("are stored by the rules of their type", arguments: accepted)
  func accepts(field: String, written: Written, stored: StoredValue) throws {
    #expect(try read(written, field) == .value(stored))
  }

  static let refused: [(String, Written)] = [
    ("text", .json("true")), ("text", .json("false")), ("text", .json("[]")), ("text", .json("{}")),
    // Digits would be lost.
    ("text", .json("1e400")), ("text", .json("1e-400")), ("text", .json("0.1000000000000000055511151231257827")),
    ("text", .json("12345678901234567890.5")), ("text", .json("9007199254740993.0")),
    ("text", .json(#""a\u0000b""#)),
    ("text", .form("\u{0}")), ("text", .fields("f[]=a")), ("text", .fields("f[a]=b")),
    ("text", .fields("f[]=")), ("text", .fields("f[0]=a")),
    // A text that was cut in the middle of an emoji.
    ("text", .json(#""\ud83d""#)), ("text", .json(#""a\ude00b""#)), ("choice", .json(#""\ud83d""#)),
    ("choice", .json(#"{"key": "landed\ud83d"}"#)), ("tags", .json(#"["late", "\ud83d"]"#)),
    ("route", .json(#""\ud83d""#)), ("route", .json(#"{"a": [1, "\ud83d"]}"#)), ("route", .json(#"{"\ud83d": 1}"#)),
    ("date", .json(#""2013-01-31\ud83d""#)),

    ("integer", .json("3.7")), ("integer", .json("2147483648")), ("integer", .json("-2147483649")),
    ("integer", .json("1e400")),
    ("integer", .json("\"\"")), ("integer", .json("\" \"")), ("integer", .json("\"+\"")),
    ("integer", .json("\"+ 3\"")), ("integer", .json("\"3 4\"")), ("integer", .json("\".\"")),
    ("integer", .json("\"\u{A0}3\"")), ("integer", .json("\"0x3\"")), ("integer", .form("1,5")),
    ("integer", .form("2,000")), ("integer", .form("1_000")), ("integer", .form(".5")),
    ("integer", .json("true")), ("integer", .json("[3]")), ("integer", .json("\"three\"")),
    ("integer", .form("3.7")), ("integer", .fields("f[]=3")), ("integer", .fields("f[]=")),
    ("position", .fields("f[]=")),
    ("integer", .json("99999999999999999999999999")),
    ("integer", .json(#"{"key": 3}"#)),

    ("number", .json("1e400")), ("number", .json("\"1e400\"")), ("number", .json("\"NaN\"")),
    ("number", .json("\"Infinity\"")),
    ("number", .json("\"\"")), ("number", .json("true")), ("number", .json("{}")), ("number", .form("1,5")),
    ("number", .form("inf")),

    ("date", .json("\"2013-02-29\"")), ("date", .json("\"2013-1-31\"")), ("date", .json("20130131")),
    ("date", .json("\"\"")),
    ("date", .json("\"0000-01-01\"")), ("date", .json("\"10000-01-01\"")), ("date", .json("\"31.01.2013\"")),
    ("date", .json("\"2013-01-31T24:00\"")), ("date", .form("today")), ("date", .form("2013-01-31 ")),
    ("date", .form("2013-01-31 02:00+")), ("date", .form("2013-01-31+2")),

    ("datetime", .json("\"2013-01-31T24:00\"")), ("datetime", .json("\"2013-01-31T09:05:60Z\"")),
    ("datetime", .json("1359623100")),
    ("datetime", .json("\"0001-01-01T00:00:00+01:00\"")),
    ("datetime", .json("\"9999-12-31T23:59:59-01:00\"")),
    ("datetime", .json("\"\"")), ("datetime", .form("now")),

    ("boolean", .json("1")), ("boolean", .json("0")), ("boolean", .json("\"1\"")),
    ("boolean", .json("\"yes\"")),
    ("boolean", .json("\"0\"")), ("boolean", .json("\"\"")), ("boolean", .form("yes")),
    ("boolean", .form(" true")), ("boolean", .form("T")), ("boolean", .form("01")), ("boolean", .form("\u{17F}rue")),
    ("boolean", .json(#"{"key": "1"}"#)), ("boolean", .json(#"{"key": 1}"#)),
    ("boolean", .json("[]")), ("boolean", .json(#"{"key": null}"#)),
    ("boolean", .json(#"{"display": "Yes"}"#)),

    ("choice", .json("\"gone\"")), ("choice", .json("8")), ("choice", .json("7.5")), ("choice", .json("true")),
    ("choice", .json("7e400")), ("choice", .json(#"{"key": true}"#)),
    ("choice", .json("\"\"")),
    ("choice", .json("\"Landed\"")), ("choice", .json(#""cafe\u0301""#)),
    ("choice", .json("[\"landed\"]")), ("choice", .form("gone")), ("choice", .fields("f[]=landed")),
    ("level", .json("2")), ("level", .json("1.5")), ("level", .json("true")), ("level", .json("\"one\"")),
    ("level", .json("1e300")), ("level", .form("1,0")),

    ("tags", .json("\"late\"")), ("tags", .json("[null]")), ("tags", .json("[\"gone\"]")),
    ("tags", .json("[[\"late\"]]")),
    ("tags", .json("[1]")), ("tags", .json("{}")), ("tags", .form("late")),
    ("tags", .fields("f[]=late&f[]=")),
    ("tags", .fields("f[a]=late")), ("tags", .fields("f[1]=late")), ("tags", .fields("f[0]=late&f[2]=late")),
    ("tags", .fields("f[00]=late")), ("tags", .fields("f[0]=late&f[+1]=late")), ("tags", .fields("f[0]=late&f[1]=")),
    ("tags", .fields("f[0][0]=late")), ("tags", .fields("f[0]=gone")), ("tags", .fields("f[-1]=late&f[0]=late")),
    ("codes", .json("[3]")), ("codes", .json("[1.5]")),
    ("codes", .json("[true]")),

    ("position", .json("[]")), ("position", .json("[1]")), ("position", .json("[null]")),
    ("position", .json("{}")), ("position", .json(#"{"latitude": null, "longitude": 1}"#)),
    ("position", .json(#"{"latitude": null, "longitude": null}"#)), ("position", .json("[\"1,5\", 0]")),
    ("position", .json("[91, 0]")), ("position", .json("[-90.0001, 0]")), ("position", .json("[0, 180.5]")),
    ("position", .json("[1e400, 0]")), ("position", .json("[\"north\", 0]")),
    ("position", .json("[true, 0]")),
    ("position", .json(#"{"latitude": 1, "longitude": 2, "speed": 3}"#)),
    ("position", .json(#"{"latitude": 1}"#)),
    ("position", .json(#"{"latitude": 1, "longitude": 2, "timestamp": 5}"#)), ("position", .json("\"1,2\"")),
    ("position", .form("1,2")), ("position", .fields("f[latitude]=1&f[longitude]=")),
    ("position", .json("[1, 2, \"high\"]")),

    ("route", .form("{}")), ("route", .fields("f[a]=1")),
    ("route", .fields("f[0]=1&f[1]=2")),
    ("file", .json(#"{"base64": "AA=="}"#)), ("photo", .json("\"x\"")),
  ]

  @Test("are refused with a 422 that names the field and says what it takes", arguments: refused)
  func refuses(field: String, written: Written) throws {
    let outcome = try read(written, field)
    #expect(outcome.status == 422)
    let detail = try #require(outcome.detail)
    #expect(detail.hasPrefix("\(field): ") && detail.hasSuffix("."), "\(detail)")
    #expect(detail.utf8.count < 700, "\(detail)")
  }

  @Test(
    "are refused in words that help",
    arguments: [
      (
        "integer", .json("2147483648"),
        "integer: 2147483648 is refused: an integer field takes a whole number from -2147483648 to 2147483647."
      ),
      (
        "choice", .json("\"gone\""),
        "choice: \"gone\" is refused: it is not among the options: landed, caf\u{E9}, 7."
      ),
      (
        "date", .form("today"), "date: \"today\" is refused: a date field takes a day such as \"2013-01-31\"."
      ),
      ("text", .json("true"), "text: true is refused: a text field takes a string."),
      (
        "text", .json("1e400"), "text: 1e400 is refused: as a number it would lose digits; write it as a string."
      ),
      (
        "number", .form("1,5"),
        "number: \"1,5\" is refused: a number field takes a number such as 3.5, between -1.8e308 and 1.8e308; "
          + "write a decimal point instead of the comma, and nothing between thousands."
      ),
      (
        "level", .form("1,0"),
        "level: \"1,0\" is refused: its keys are 32-bit integers; write a decimal point instead of the comma, and "
          + "nothing between thousands."
      ),
      ("tags", .json("[null]"), "tags: null is refused: a list of keys holds no null."),
      (
        "position", .json("[91, 0]"),
        "position: 91 is refused: the latitude of a location lies between -90 and 90."
      ),
      (
        "position", .json(#"{"speed": 3}"#),
        "position: a location has no part \"speed\"; it has latitude, longitude, altitude, horizontal_accuracy, "
          + "vertical_accuracy, timestamp."
      ),
      (
        "route", .form("x"),
        "route: \"x\" is refused: a track is JSON and needs Content-Type: application/json."
      ),
    ] as [(String, Written, String)])
  func details(field: String, written: Written, detail: String) throws {
    #expect(try read(written, field).detail == detail)
  }

  @Test("of any size are cut in the detail")
  func cut() throws {
    let long = String(repeating: "\u{1F600}", count: 200_000)
    for written in [Written.json("\"\(long)\""), .form(long), .json("[\"\(long)\"]")] {
      let detail = try #require(try read(written, "integer").detail)
      #expect(detail.utf8.count < 700)
    }
  }

  @Test("A track is kept up to a megabyte")
  func track() throws {
    let most = "\"" + String(repeating: "x", count: FieldValue.trackBytes - 2) + "\""
    #expect(try read(.json(most), "route") == .value(.text(most)))
    let outcome = try read(.json("[" + most + "]"), "route")
    #expect(outcome.detail == "route: the track has 1048578 bytes; at most 1048576 are kept.")
  }

  @Test(
    "in filters may be keys that are no longer among the options, and any finite number for an integer",
    arguments: [
      ("choice", .form("gone"), .text("gone")), ("level", .form("99"), .integer(99)),
      ("integer", .form("2.5"), .real(2.5)),
      ("integer", .form("1e12"), .integer(1_000_000_000_000)), ("integer", .form("1e300"), .real(1e300)),
      ("integer", .form("-0"), .integer(0)), ("text", .form("a\u{0}"), .text("a\u{0}")),
      ("integer", .form("+.5"), .real(0.5)), ("integer", .form("007"), .integer(7)), ("text", .json("5"), .text("5")),
      ("choice", .json("99"), .text("99")), ("boolean", .form("TRUE"), .integer(1)),
      ("datetime", .form("2013-01-31+02:00"), .integer(1_359_583_200)),
    ] as [(String, Written, StoredValue)])
  func filtering(field: String, written: Written, stored: StoredValue) throws {
    #expect(try read(written, field, .filtering) == .value(stored))
  }
}
