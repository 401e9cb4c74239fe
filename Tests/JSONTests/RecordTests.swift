import JSON
import Testing
import Wire

/// Every kind of member that there is.
private struct Sample: JSONRecord, Equatable {
  enum Word: String, CaseIterable { case one, two }

  var text = "a\"b"
  var flag = true
  var count = 3
  var sequence: Int64 = .max
  var number = 2.5
  var time = Instant.last
  var word = Word.two
  var list = ["x", "y"]
  var none: Int?

  static var blank: Sample { Sample() }

  mutating func visit(_ members: inout some JSONMemberVisitor) throws(JSONMismatch) {
    try members.member("text", &text, .text(most: 5))
    try members.derived("copy", "\(text)!")
    try members.member("flag", &flag, .flag)
    try members.member("count", &count, .integer(-1...9))
    try members.member("sequence", &sequence, .decimal)
    try members.member("number", &number, .number)
    try members.member("time", &time, .time)
    try members.member("word", &word, .word)
    try members.member("list", &list, .list(.text, most: 2))
    try members.member("none", &none, .optional(.count))
  }
}

@Suite("Records as JSON")
struct RecordTests {
  private static let good =
    #"{"text":"a\"b","copy":"a\"b!","flag":true,"count":3,"sequence":"9223372036854775807","number":2.5,"#
    + #""time":"9999-12-31T23:59:59Z","word":"two","list":["x","y"],"none":null}"#

  @Test("are written in order and read as what they were")
  func both() throws {
    #expect(Sample().json.string == Self.good)
    #expect(try Sample(JSONDocument.read(Self.good).root) == Sample())
  }

  @Test(
    "say which member is wrong, and what is expected",
    arguments: [
      (#""a\"b","#, #""abcdef","#, "text: a text of at most 5 bytes is expected"),
      (#""text":"a\"b","#, "", "text: it is missing"),
      (#"a\"b!"#, "other", "copy: it does not fit the others"),
      ("true", "1", "flag: true or false is expected"),
      (":3", ":10", "count: a whole number from -1 to 9 is expected"),
      (":3", ":3.5", "count: a whole number from -1 to 9 is expected"),
      (#""9223372036854775807""#, "7", "sequence: a whole number as a text is expected"),
      (#""9223372036854775807""#, #""-1""#, "sequence: a whole number as a text is expected"),
      (#""9223372036854775807""#, #""07""#, "sequence: a whole number as a text is expected"),
      ("2.5", "1e999", "number: a number is expected"),
      ("9999-12", "9999-13", "time: a date and time is expected"),
      ("two", "three", "word: one of one, two is expected"),
      (#"["x","y"]"#, #"["x","y","z"]"#, "list: an array of at most 2 elements is expected"),
      (#"["x","y"]"#, #"["x",null]"#, "list.1: a text of at most 131072 bytes is expected"),
      ("null}", "-1}", "none: a whole number from 0 to 9223372036854775807 is expected"),
      ("null}", "null,\"more\":1}", "more: there is no such member"),
    ])
  func mismatches(part: String, other: String, problem: String) throws {
    let root = try JSONDocument.read(Self.good.replacing(part, with: other)).root
    do {
      _ = try Sample(root)
      Issue.record("\(other) was read")
    } catch {
      #expect("\(error)" == problem)
    }
  }

  @Test("are objects")
  func objects() throws {
    for text in ["[]", "null", "\"x\""] {
      let root = try JSONDocument.read(text).root
      #expect(throws: JSONMismatch("an object is expected")) { try Sample(root) }
    }
  }
}
