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

  @Test("have the order of their texts")
  func order() {
    var random = SplitMix(seed: 2)
    let ids = (0..<500).map { _ in ObjectID.random(using: &random) }
    #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted())
    #expect(ObjectID(bytes: UnsafeRawBufferPointer(start: nil, count: 0)) == nil)
  }
}
