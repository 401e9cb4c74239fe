import Storage
import Testing
import Wire

@Suite("States in the oplog")
struct StateCodingTests {
  static let values: [(column: Int, value: StoredValue)] =
    [0, 1, -1, 63, 64, -64, -65, .max, .min].map { .integer($0) }.enumerated().map { ($0, $1) }
    + [0, 0.1, -1e300, .greatestFiniteMagnitude, .leastNonzeroMagnitude].enumerated().map {
      ($0 + 100, .real($1))
    }
    + ["", "a", "caf\u{E9}", "cafe\u{301}", String(repeating: "\u{1F600}", count: 5000)].enumerated()
    .map { ($0 + 20_000, .text($1)) } + [(1 << 40, .id(ObjectID(high: 1, low: .max)))]

  private func bytes(_ values: [(column: Int, value: StoredValue)]) -> [UInt8] {
    var writer = ByteWriter()
    for value in values { StateCoding.append(column: value.column, value: value.value, to: &writer) }
    return writer.array
  }

  @Test("read back as they were written, without nulls")
  func roundTrip() throws {
    let written = bytes(Self.values + [(7, .null)])
    let found = try #require(written.withUnsafeBytes { StateCoding.values(in: $0) })
    #expect(found.map(\.column) == Self.values.map(\.column))
    #expect(found.map(\.value) == Self.values.map(\.value))
    #expect([UInt8]().withUnsafeBytes { StateCoding.values(in: $0) }?.isEmpty == true)
  }

  @Test("are never read beyond their end, wherever they are cut or damaged")
  func damage() {
    let written = bytes(Self.values.filter { $0.column != 20_004 })
    for length in 0..<written.count {
      let found = written.prefix(length).withUnsafeBytes { StateCoding.values(in: $0) }
      #expect((found?.count ?? 0) < Self.values.count)
    }
    for offset in written.indices {
      for byte in [0x00, 0x07, 0x7f, 0x80, 0xff] as [UInt8] {
        var damaged = written
        damaged[offset] = byte
        // Whatever comes out, nothing traps.
        let found = damaged.withUnsafeBytes { StateCoding.values(in: $0) }
        #expect((found?.count ?? 0) <= written.count)
      }
    }
    for bytes in [
      [0x0b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0x80], [0x05], [0x0c, 1, 2],
    ]
      as [[UInt8]]
    {
      #expect(bytes.withUnsafeBytes { StateCoding.values(in: $0) == nil })
    }
  }
}
