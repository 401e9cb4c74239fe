import Testing

@testable import HTTPServer

@Suite("A tag that is a number")
struct NumberTagTests {
  @Test(
    "is printed and read as the same",
    arguments: [
      (0, "\"0\""), (7, "\"7\""), (1_391_825_408_000_123, "\"1391825408000123\""), (.max, "\"\(Int64.max)\""),
    ]
      as [(Int64, String)])
  func printed(number: Int64, text: String) {
    #expect(NumberTag(number).text == text)
    let coded = NumberTag(number, isCoded: true)
    #expect(coded.text == "\(text.dropLast())-gzip\"")
    for tag in [NumberTag(number), coded] { #expect(NumberTag(opaque: tag.text.dropFirst().dropLast().utf8) == tag) }
  }

  @Test(
    "is nothing else",
    arguments: [
      "", "07", "-7", "+7", " 7", "7 ", "7-", "7-gzi", "7-gzip-gzip", "-gzip", "7-br", "a", "\u{666}", "7\u{301}",
      "9223372036854775808", "00000000000000000007", "99999999999999999999999999999999999",
    ])
  func others(text: String) {
    #expect(NumberTag(opaque: text[...].utf8) == nil)
  }

  @Test("is another one over bytes with gzip, and stays on an answer that says that nothing changed")
  func coded() {
    let head = RequestHead(method: .get, rawPath: "/", headers: Headers([("Accept-Encoding", "gzip")]))
    var response = Response.json(TestHandler.large)
    response.tag = NumberTag(7)
    #expect(response.coded(for: head, temporaryDirectory: "/tmp").tag?.text == "\"7-gzip\"")
    let same = response.notModified(as: NumberTag(7, isCoded: true)).coded(for: head, temporaryDirectory: "/tmp")
    #expect(same.status == 304 && same.bodyLength == 0 && same.tag?.text == "\"7-gzip\"")
    #expect(same.headers.map(\.name).sorted() == ["Vary"])
  }
}
