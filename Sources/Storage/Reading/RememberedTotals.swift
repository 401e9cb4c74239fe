import Synchronization
import Wire

/// How many objects of a deployment meet filters, as they were counted before. Each stands with the state of its model in
/// which that was so: in a snapshot of the same state it still is. Only totals of `least` and more are remembered: for
/// fewer objects, asking whether they must be counted takes longer than counting them.
///
/// It forgets what was not asked for while 1,024 others were, and takes some 2 MiB at most.
package final class RememberedTotals: Sendable {
  /// A filter on a model, as the SQL and the values that an engine makes of it.
  ///
  /// By bytes: for `String`, two spellings of one letter are equal, and for a filter they are not.
  package struct Filter: Hashable, Sendable {
    private let bytes: [UInt8]

    package static let mostBytes = 1024

    /// Nil where it is too long to be remembered.
    package init?(on model: StoredModel, sql: String, values: some Sequence<StoredValue>) {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(256)
      func append(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
      func append(text: String) {
        append(text.utf8.count)
        // One that is too long is never seen to be equal to another.
        bytes.append(contentsOf: text.utf8.prefix(Self.mostBytes + 1))
      }
      append(model.number)
      append(model.binding.version)
      append(text: sql)
      for value in values {
        switch value {
        case .null: bytes.append(0)
        case .integer(let integer):
          bytes.append(1)
          append(integer)
        case .real(let real):
          bytes.append(2)
          append(real.bitPattern)
        case .text(let text):
          bytes.append(3)
          append(text: text)
        case .id(let id):
          bytes.append(4)
          append(id.high)
          append(id.low)
        }
        if bytes.count > Self.mostBytes { break }
      }
      if bytes.count > Self.mostBytes { return nil }
      self.bytes = bytes
    }
  }

  /// Of a model: the number of the newest commit that touched its objects, and the feed of that commit. Where commits
  /// are lost, as in a failover, their numbers come again, and the feed is another one.
  package struct State: Equatable, Sendable {
    package let version: Int
    package let feed: String

    package init(version: Int, feed: String) {
      self.version = version
      self.feed = feed
    }
  }

  package struct Total: Equatable, Sendable {
    package let count: Int
    /// Nil where nobody has asked for it: the next who counts does.
    package let state: State?

    package init(_ count: Int, at state: State?) {
      self.count = count
      self.state = state
    }
  }

  private struct Kept {
    var recent: [Filter: Total] = [:]
    /// What was in `recent` when that was last full.
    var older: [Filter: Total] = [:]

    mutating func keep(_ total: Total, of filter: Filter) {
      if recent.count >= RememberedTotals.mostRecent { (older, recent) = (recent, [:]) }
      recent[filter] = total
    }
  }

  package static let least = 1000
  static let mostRecent = 1024
  private let kept = Mutex(Kept())

  package init() {}

  package subscript(filter: Filter) -> Total? {
    kept.withLock { kept in
      if let total = kept.recent[filter] { return total }
      guard let total = kept.older[filter] else { return nil }
      kept.keep(total, of: filter)
      return total
    }
  }

  package func remember(_ total: Total, of filter: Filter) {
    if total.count >= Self.least { kept.withLock { $0.keep(total, of: filter) } }
  }
}
