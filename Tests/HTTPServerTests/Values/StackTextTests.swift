import Testing

@testable import HTTPServer

@Suite("A number in a head")
struct StackTextTests {
  @Test("is printed as Swift prints it", arguments: [0, 9, 10, -1, 1_391_825_408_000_123, .max, .min] as [Int64])
  func printed(number: Int64) {
    #expect(
      StackText.with {
        $0.prepend(number)
      } in: {
        String(cString: $0)
      } == String(number))
  }

  @Test("is one of the answer's fields, after those that are texts")
  func field() {
    var response = Response(status: 200, headers: [("Link", "<a>")])
    response.tag = NumberTag(7)
    response.number = Response.NumberField("X-Number", -8)
    #expect(response.fields.map(\.name) == ["Link", "ETag", "X-Number"])
    #expect(response.fields.map(\.value) == ["<a>", "\"7\"", "-8"])
  }
}
