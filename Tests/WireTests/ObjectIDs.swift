import Testing
import Wire

@Suite("Object ids")
struct ObjectIDs {
  @Test("read and print sixteen bytes in lower case")
  func roundTrip() throws {
    let text = "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a11"
    let id = try #require(ObjectID(text))
    #expect(id.description == text)
    #expect(id.withBytes { ObjectID(bytes: $0) } == id)
    #expect(id.withBytes { Array($0.prefix(2)) } == [0x01, 0x90])
    var random = SplitMix(seed: 1)
    for _ in 0..<1000 {
      let made = ObjectID.random(using: &random)
      #expect(ObjectID(made.description) == made)
      #expect(Array(made.description.utf8)[14] == UInt8(ascii: "4"))
      #expect("89ab".utf8.contains(Array(made.description.utf8)[19]))
    }
  }

  @Test("made in order begin with the time, and are of version 7")
  func inOrder() throws {
    var random = SplitMix(seed: 3)
    var last = ObjectID(high: 0, low: 0)
    for milliseconds in stride(from: Int64(1_359_623_100_000), to: 1_359_623_200_000, by: 99) {
      let id = ObjectID.inOrder(atMilliseconds: milliseconds, using: &random)
      #expect(id > last)
      #expect(id.high >> 16 == UInt64(milliseconds))
      #expect(Array(id.description.utf8)[14] == UInt8(ascii: "7"))
      #expect("89ab".utf8.contains(Array(id.description.utf8)[19]))
      #expect(ObjectID(id.description) == id)
      last = id
    }
    // Clocks before 1970 and far beyond it change nothing else.
    for milliseconds in [Int64.min, -1, .max] {
      let text = ObjectID.inOrder(atMilliseconds: milliseconds, using: &random).description
      #expect(Array(text.utf8)[14] == UInt8(ascii: "7"))
    }
  }

  @Test(
    "are nothing else",
    arguments: [
      "", "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a1", "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a111",
      "0190A6F4-6f5e-4c1b-9d0e-2f8f4f0f7a11", "0190a6f46f5e4c1b9d0e2f8f4f0f7a110000",
      "0190a6f4-6f5e-4c1b-9d0e_2f8f4f0f7a11",
      "{190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a1}", "g190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a11",
      "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7aé",
    ])
  func refused(text: String) {
    #expect(ObjectID(text) == nil)
  }

  @Test(
    "that begin with the same characters are a range",
    arguments: [
      ("", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
      ("0190a6f", "0190a6f0-0000-0000-0000-000000000000", "0190a6ff-ffff-ffff-ffff-ffffffffffff"),
      ("0190a6f4", "0190a6f4-0000-0000-0000-000000000000", "0190a6f4-ffff-ffff-ffff-ffffffffffff"),
      ("0190a6f4-6f5e-4c1b-9", "0190a6f4-6f5e-4c1b-9000-000000000000", "0190a6f4-6f5e-4c1b-9fff-ffffffffffff"),
      (
        "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a11", "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a11",
        "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a11"
      ),
    ])
  func ranges(prefix: String, first: String, last: String) throws {
    let range = try #require(ObjectID.range(ofPrefix: prefix))
    #expect(range.lowerBound.description == first && range.upperBound.description == last)
  }

  @Test(
    "begin with nothing else",
    arguments: ["x", "0190a6f40", "0190a6f4_", "0190A6", "-", "é", "\0", "0190a6f4-6f5e-4c1b-9d0e-2f8f4f0f7a112"])
  func noRange(prefix: String) { #expect(ObjectID.range(ofPrefix: prefix) == nil) }

  @Test("have the order of their texts")
  func order() {
    var random = SplitMix(seed: 2)
    let ids = (0..<500).map { _ in ObjectID.random(using: &random) }
    #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
    #expect(ObjectID(bytes: UnsafeRawBufferPointer(start: nil, count: 0)) == nil)
  }
}
