import DataModel
import Storage
import Testing

@testable import QueryLanguage

@Suite("Values of a field that was a text")
struct ConversionTests {
  private static let texts = [
    "", " ", "0", "1", "-0", "12", " 12", "12 ", "+1", "01", "007", ".5", "5.", ".", "1,5", "3.0", "3.5", "30e-1",
    "1e3", "1e999", "2147483647", "2147483648", "-2147483648", "9223372036854775808", "0x1", "NaN", "true", "false",
    "TRUE", "True", "fALSE", "yes", "null", "2013-01-31", "20130131", "2013-02-30", "0000-01-01", "9999-12-31",
    "2013-01-31Z", "2013-01-31+02:00", "2013-01-31 UTC", "2013-01-31T09:05:00Z", "2013-01-31 09:05:00.999+02",
    "2013-01-31 09:05:00.1230000 +02:00", "2013-01-31T09:05:00,123Z", "2013-01-31T24:00:00Z",
    "0001-01-01T00:00:00+01:00", "late", "caf\u{E9}",
    "cafe\u{301}",
    "[1]", "[\"late\"]", "{}", "[1,2,null,null,null,null]", "\u{1F600}",
  ]

  @Test(
    "read as a form with these texts would be, and as null where it would be refused", arguments: FieldType.allCases)
  func form(type: FieldType) throws {
    guard type != .text else { return }
    let options =
      !type.isChoice ? [] : [Option(key: type.hasIntegerKeys ? .integer(1) : .text("late"), label: "A")]
    let field = Field(name: "f", label: "F", type: type, options: options)
    let conversion = ValueConversion(from: .text, to: type)
    // Any key of the right kind is one, as in a filter: what was stored stays.
    let reader = FieldValue(name: "f", field: field, purpose: type.isChoice ? .filtering : .writing)
    for text in Self.texts {
      var expected = StoredValue.null
      do throws(ClientFault) {
        expected = try reader.read(.text(text))
      } catch {}
      #expect((conversion?.value(.text(text)) ?? .null) == expected, "\(text)")
    }
  }

  @Test("There are seventeen conversions, each with a name of its own")
  func names() {
    let names = Set(ValueConversion.all.map(\.functionName))
    #expect(names.count == 17 && ValueConversion.all.count == 17)
    #expect(names.contains("single_choice_integer_as_multiple_choice_integer") && names.contains("text_as_date_2"))
    let superseded = Set(ValueConversion.superseded.map(\.functionName))
    #expect(
      superseded == [
        "text_as_integer", "text_as_number", "text_as_date", "text_as_datetime", "text_as_boolean",
        "text_as_single_choice_integer",
      ])
    #expect(superseded.isDisjoint(with: names) && ValueConversion.superseded.count == superseded.count)
    #expect(
      names.union(superseded).allSatisfy {
        $0.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
      })
  }

  @Test(
    "What a superseded conversion gave, it gives for ever: indexes stand on it",
    arguments: [
      ("text_as_integer", "12", .integer(12)), ("text_as_integer", "3.0", .integer(3)),
      ("text_as_integer", "+1", .null), ("text_as_integer", " 12", .null), ("text_as_integer", "007", .null),
      ("text_as_integer", "5.", .null), ("text_as_integer", "2147483648", .null),
      ("text_as_number", "3.5", .real(3.5)), ("text_as_number", "-0", .real(0)), ("text_as_number", ".5", .null),
      ("text_as_number", "1e999", .null), ("text_as_single_choice_integer", "12", .integer(12)),
      ("text_as_single_choice_integer", "01", .null), ("text_as_date", "2013-01-31", .integer(15_736)),
      ("text_as_date", "2013-01-31T23:59:59-11:00", .integer(15_736)), ("text_as_date", "2013-01-31Z", .null),
      ("text_as_date", "2013-01-31+02:00", .null), ("text_as_date", "2013-01-31 UTC", .null),
      ("text_as_datetime", "2013-01-31", .integer(1_359_590_400)),
      ("text_as_datetime", "2013-01-31 11:05:00.999+02", .integer(1_359_623_100)),
      ("text_as_datetime", "2013-01-31T09:05:00,123Z", .null), ("text_as_datetime", "2013-01-31T09:05:00 Z", .null),
      ("text_as_datetime", "2013-01-31T09:05:00UTC", .null), ("text_as_datetime", "2013-01-31Z", .null),
      ("text_as_boolean", "true", .integer(1)), ("text_as_boolean", "0", .integer(0)),
      ("text_as_boolean", "TRUE", .null),
    ] as [(String, String, StoredValue)])
  func superseded(name: String, text: String, value: StoredValue) throws {
    let conversion = try #require(ValueConversion.superseded.first { $0.functionName == name })
    #expect(conversion.value(.text(text)) == value)
  }

  @Test("Nothing converts to itself, and nothing that loses something converts")
  func pairs() {
    for from in FieldType.allCases {
      #expect(ValueConversion(from: from, to: from) == nil)
      #expect(ValueConversion(from: .number, to: .integer) == nil)
      #expect(ValueConversion(from: from, to: .location) == nil)
      #expect(ValueConversion(from: from, to: .track) == nil)
      #expect(ValueConversion(from: from, to: .photo) == nil)
      #expect(ValueConversion(from: .multipleChoice, to: from) == nil)
    }
  }
}
