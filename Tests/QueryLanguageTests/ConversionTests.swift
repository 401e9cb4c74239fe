import DataModel
import Storage
import Testing
import Wire

@testable import QueryLanguage

@Suite("Values of a field that was a text")
struct ConversionTests {
  private static let texts = [
    "", " ", "0", "1", "-0", "12", " 12", "12 ", "+1", "01", "3.0", "3.5", "30e-1", "1e3", "1e999", "2147483647",
    "2147483648", "-2147483648", "9223372036854775808", "0x1", "NaN", "true", "false", "TRUE", "yes", "null",
    "2013-01-31", "20130131", "2013-02-30", "0000-01-01", "9999-12-31", "2013-01-31T09:05:00Z",
    "2013-01-31 09:05:00.999+02", "2013-01-31T24:00:00Z", "0001-01-01T00:00:00+01:00", "late", "caf\u{E9}",
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
    #expect(names.contains("single_choice_integer_as_multiple_choice_integer"))
    #expect(names.allSatisfy { $0.utf8.allSatisfy { (97...122).contains($0) || $0 == 95 } })
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
