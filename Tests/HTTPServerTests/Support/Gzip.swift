import Wire
@testable import HTTPServer

enum Gzip {
  static func compress(_ bytes: [UInt8]) -> [UInt8] {
    bytes.withUnsafeBytes { Deflater.gzip($0) }.map { Array($0.bytes) } ?? []
  }

  static func inflate(_ bytes: [UInt8], limit: Int = 100_000_000) throws -> [UInt8] {
    let collector = BodyCollector(
      limit: limit, declared: bytes.count, coding: .gzip, budget: BodyBudget(limit: 1_000_000_000))
    try bytes.withUnsafeBytes { try collector.add($0) }
    return try collector.finish().array
  }
}

extension RequestBody {
  /// A copy. `bytes` alone does not keep the body alive.
  var array: [UInt8] { withExtendedLifetime(self) { Array(bytes) } }
}
