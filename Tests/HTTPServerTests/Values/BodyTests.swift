import Testing

@testable import HTTPServer

@Suite("Request bodies")
struct BodyTests {
  private func collect(
    _ parts: [[UInt8]], limit: Int = 1000, declared: Int? = nil, coding: Inflater.Coding? = nil,
    budget: BodyBudget = BodyBudget(limit: 1_000_000)
  ) throws -> RequestBody {
    let collector = BodyCollector(limit: limit, declared: declared, coding: coding, budget: budget)
    for part in parts {
      try part.withUnsafeBytes { try collector.add($0) }
    }
    return try collector.finish()
  }

  private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) } }

  @Test("are put together from their parts", arguments: [nil, 3, 300, 1_000_000])
  func parts(declared: Int?) throws {
    let parts = [bytes(1), bytes(100), [], bytes(199)]
    let body = try collect(parts, declared: declared)
    #expect(body.array == Array(parts.joined()))
    let behind = UnsafeRawBufferPointer(start: body.bytes.baseAddress! + 300, count: RequestBody.padding)
    #expect(withExtendedLifetime(body) { behind.allSatisfy { $0 == 0 } })
  }

  @Test("may be as large as the limit, and no larger")
  func limit() throws {
    #expect(try collect([bytes(999), bytes(1)]).bytes.count == 1000)
    #expect(throws: TransportFailure.bodyTooLarge(limit: 1000)) { try collect([bytes(999), bytes(2)]) }
  }

  @Test("take from the budget what has arrived, and give it back")
  func budget() throws {
    let budget = BodyBudget(limit: 1_000_000)
    do {
      let collector = BodyCollector(limit: 50_000_000, declared: 50_000_000, coding: nil, budget: budget)
      try bytes(1000).withUnsafeBytes { try collector.add($0) }
      #expect(budget.bytesInUse < 20_000)
      let body = try collector.finish()
      #expect(budget.bytesInUse > 1000)
      withExtendedLifetime(body) {}
    }
    #expect(budget.bytesInUse == 0)
  }

  @Test("are refused when the budget is used up, which then is as before")
  func busy() {
    let budget = BodyBudget(limit: 100_000)
    #expect(throws: TransportFailure.busy) {
      try collect([bytes(90_000), bytes(90_000)], limit: 1_000_000, budget: budget)
    }
    #expect(budget.bytesInUse == 0)
  }

  @Test("are decompressed, in parts of any size", arguments: [1, 2, 7, 1000])
  func gzip(size: Int) throws {
    let original = Array(String(repeating: "flight UA 1545, ", count: 1000).utf8)
    let compressed = Gzip.compress(original)
    let parts = stride(from: 0, to: compressed.count, by: size).map {
      Array(compressed[$0..<min($0 + size, compressed.count)])
    }
    #expect(try collect(parts, limit: 16_000, coding: .gzip).array == original)
  }

  @Test("of several gzip members are all of them")
  func members() throws {
    let one = Gzip.compress(Array(String(repeating: "a", count: 500).utf8))
    #expect(try collect([one + one], coding: .gzip).bytes.count == 1000)
    #expect(throws: TransportFailure.bodyTooLarge(limit: 999)) {
      try collect([one + one], limit: 999, coding: .gzip)
    }
    #expect(throws: TransportFailure.brokenEncoding) { try collect([one + [1, 2, 3]], coding: .gzip) }
  }

  /// "hello hello hello hello" in both forms that clients send as deflate.
  private static let zlib: [UInt8] = [
    0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0xc8, 0x40, 0x27, 0x01, 0x68, 0x03, 0x08, 0xb1,
  ]
  private static let bare = Array(zlib[2..<(zlib.count - 4)])

  @Test("in deflate may be bare or in the zlib format", arguments: [zlib, bare], [1, 2, 100])
  func deflate(compressed: [UInt8], size: Int) throws {
    let parts = stride(from: 0, to: compressed.count, by: size).map {
      Array(compressed[$0..<min($0 + size, compressed.count)])
    }
    let body = try collect(parts, coding: .deflate)
    #expect(String(decoding: body.array, as: UTF8.self) == "hello hello hello hello")
  }

  @Test("that swell beyond the limit are stopped there", arguments: [1000, 16_384, 100_000])
  func bomb(limit: Int) {
    let compressed = Gzip.compress([UInt8](repeating: 0, count: 10_000_000))
    let budget = BodyBudget(limit: 1_000_000_000)
    #expect(throws: TransportFailure.bodyTooLarge(limit: limit)) {
      try collect([compressed], limit: limit, coding: .gzip, budget: budget)
    }
    #expect(budget.bytesInUse == 0)
  }

  @Test("may swell to exactly the limit")
  func exact() throws {
    let compressed = Gzip.compress([UInt8](repeating: 0, count: 100_000))
    #expect(try collect([compressed], limit: 100_000, coding: .gzip).bytes.count == 100_000)
    #expect(throws: TransportFailure.bodyTooLarge(limit: 99_999)) {
      try collect([compressed], limit: 99_999, coding: .gzip)
    }
  }

  @Test("that are not what they say, or cut short, are broken")
  func broken() {
    let compressed = Gzip.compress(bytes(5000) + [UInt8](repeating: 0, count: 5000))
    for coding in [Inflater.Coding.gzip, .deflate] {
      #expect(throws: TransportFailure.brokenEncoding) {
        try collect([Array("{\"flight\":{}}".utf8)], coding: coding)
      }
    }
    for cut in [1, 5, 100, compressed.count - 1] {
      #expect(throws: TransportFailure.brokenEncoding) {
        try collect([Array(compressed[..<cut])], limit: 20_000, coding: .gzip)
      }
    }
    #expect(throws: TransportFailure.brokenEncoding) { try collect([[0x78]], coding: .deflate) }
  }

  @Test("without a byte are empty, whatever their coding")
  func empty() throws {
    #expect(try collect([], coding: .gzip).bytes.count == 0)
    #expect(try collect([]).bytes.count == 0)
  }
}
