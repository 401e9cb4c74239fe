import Testing

@testable import APIClient

@Suite("What a server refused, in our sentence")
struct RefusalTextTests {
  @Test(
    "has the full stop that the command adds, and no other",
    arguments: [
      (403, "The token may not write.", "these credentials may not write (403): The token may not write"),
      (404, "", "no such deployment at this base URL (404)"), (404, ".", "no such deployment at this base URL (404)"),
      (404, "Look at …/datamodel.json.", "no such deployment at this base URL (404): Look at …/datamodel.json"),
      (400, "no stop", "the server refused a whole batch (400): no stop"),
    ])
  func imports(status: Int, detail: String, sentence: String) {
    #expect(ImportError.refused(status: status, detail: detail).description == sentence)
  }

  @Test(
    "of a mirror too",
    arguments: [
      (404, "Look at …/datamodel.json.", "no such deployment at this base URL (404): Look at …/datamodel.json"),
      (500, "The disk is full.", "the server refused (500): The disk is full"), (500, "", "the server refused (500)"),
    ])
  func mirrors(status: Int, detail: String, sentence: String) {
    #expect(MirrorError.refused(status: status, detail: detail).description == sentence)
  }
}
