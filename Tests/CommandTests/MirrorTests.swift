import JSON
import Testing
import Wire

@testable import APIClient

@Suite("A mirror's values")
struct MirrorTests {
  @Test("states read back as they were written")
  func states() {
    for state in [
      MirrorState(deployment: "a", feedID: nil, dataModelHash: "h", next: "0", models: []),
      MirrorState(
        deployment: "https://x/\"", feedID: "f", dataModelHash: "h", next: "1848563712000002",
        models: ["flight", "A_1"],
        former: ["old"]),
    ] {
      #expect(MirrorState(text: state.text) == state)
    }
  }

  @Test(
    "a state that names anything but models is none",
    arguments: [
      "", "{}", "[]",
      #"{"deployment":"a","datamodel_hash":"h","next_request_start":"0","models":["../x"],"former":[]}"#,
      #"{"deployment":"a","datamodel_hash":"h","next_request_start":"0","models":[],"former":["/etc/passwd"]}"#,
      #"{"deployment":"a","datamodel_hash":"h","next_request_start":"0","models":[1],"former":[]}"#,
      #"{"deployment":"a","datamodel_hash":"h","next_request_start":"0","models":[]}"#,
    ])
  func rubbish(text: String) { #expect(MirrorState(text: text) == nil) }

  @Test("it says what it loaded and what it read")
  func summaries() {
    var summary = MirrorSummary()
    summary.next = "7"
    #expect(summary.text == "Up to date: 0 changes read, next is 7.\n")
    summary.loads = 1
    summary.objects = 11_000
    summary.changes = 1
    #expect(summary.text == "Up to date: 11000 objects loaded, 1 change read, next is 7.\n")
  }

  @Test("a line has the id first, no display, and no break inside")
  func lines() throws {
    let id = "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a11"
    let rows: [(object: String, line: String?)] = [
      (
        #"{"type":"flight","id":"\#(id)","display":"x","a":"l\nm","track":{"p":[1,"# + "\n" + #" 2]}}"#,
        #"{"id":"\#(id)","type":"flight","a":"l\nm","track":{"p":[1,  2]}}"#
      ),
      (#"{"id":"\#(id)"}"#, #"{"id":"\#(id)"}"#), (#"{"id":"x"}"#, nil), (#"{"id":7}"#, nil), ("[]", nil), ("7", nil),
    ]
    for row in rows {
      var writer = ByteWriter()
      let isGood = MirrorLine.append(try JSONDocument.read(row.object).root, to: &writer)
      #expect(isGood == (row.line != nil), "\(row.object)")
      guard let line = row.line else { continue }
      #expect(writer.string == line + "\n")
      #expect(writer.withBytes { MirrorLine.id(inLine: $0) } == ObjectID(id))
    }
    for line in ["", "\n", #"{"id":"0190"}"#, #"{"ID":"\#(id)"}"#, "{\"id\":\"" + String(repeating: "x", count: 40)] {
      #expect(Array(line.utf8).withUnsafeBytes { MirrorLine.id(inLine: $0) } == nil, "\(line)")
    }
  }
}
