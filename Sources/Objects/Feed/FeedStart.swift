import QueryLanguage
import Storage

/// Where a reading of the feed begins: the rules of api.md section 11 for `start`, and how far a reader
/// has come.
struct FeedStart: Equatable {
  /// The sequence to read from.
  let sequence: Int64

  /// From here on it is a position of the hosted service: seconds since 1970 × 2^32 + a counter.
  private static let hosted: Int64 = 1 << 60
  private static let hourInMilliseconds: Int64 = 3_600_000

  /// - Throws: `ClientFault.request` for a start behind which entries are gone, and for one that lies so
  ///   far ahead that no reading of this server can have given it.
  init(_ given: Int64, in bounds: OplogBounds, atMilliseconds now: Int64) throws(ClientFault) {
    let isHosted = given >= Self.hosted
    sequence = isHosted ? Self.first(ofSecond: given >> 32) : given
    guard given > 0, let kept = bounds.kept else {
      try Self.check(given, sequence, last: bounds.kept?.upperBound ?? 0, now)
      return
    }
    // A position of the hosted service is older than anything here where a reader has just moved: only
    // what was here and is gone is missing.
    let isGone = isHosted ? sequence <= bounds.trimmed : sequence < kept.lowerBound
    guard !isGone else {
      throw .request(
        "start: \(given) is older than the oldest entry that is kept, \(kept.lowerBound). Load the objects anew "
          + "and follow from the X-Sojourn-Sequence of that load, or start at 0 for what is kept.")
    }
    try Self.check(given, sequence, last: kept.upperBound, now)
  }

  /// The first sequence that an entry of this second can have.
  private static func first(ofSecond second: Int64) -> Int64 {
    SequenceRule.next(after: 0, milliseconds: second * 1000)
  }

  private static func check(_ given: Int64, _ sequence: Int64, last: Int64, _ now: Int64) throws(ClientFault) {
    guard sequence > last, sequence - 1 > last else { return }
    let (soon, overflow) = max(now, 0).addingReportingOverflow(hourInMilliseconds)
    let furthest = overflow || soon > Int64.max >> 10 ? Int64.max : SequenceRule.next(after: 0, milliseconds: soon)
    guard sequence > furthest else { return }
    throw .request(
      "start: \(given) lies more than one hour ahead of this server's clock; its last entry is \(last). Was it "
        + "saved from another server? Load the objects anew and follow from the X-Sojourn-Sequence of that load.")
  }
}
