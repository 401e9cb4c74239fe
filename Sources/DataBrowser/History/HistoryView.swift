import Wire

/// Which part of a history a page shows, as its address says: entries before one, or two states side by side.
package struct HistoryView: Hashable, Sendable {
  /// The sequence below which entries are shown; nil for the newest.
  package var before: Int64?
  /// The sequences of two entries whose states are compared.
  package var first: Int64?
  package var second: Int64?

  package init(before: Int64? = nil, first: Int64? = nil, second: Int64? = nil) {
    self.before = before
    self.first = first
    self.second = second
  }

  package static let newest = HistoryView()

  static let firstKey = "first"
  static let secondKey = "second"

  init(_ query: QueryPairs) {
    self.init(
      before: Self.sequence(query["before"]), first: Self.sequence(query[Self.firstKey]),
      second: Self.sequence(query[Self.secondKey]))
  }

  /// What is no sequence counts as none.
  static func sequence(_ text: String?) -> Int64? {
    guard let text, let sequence = Int64(text), sequence > 0, sequence < .max, "\(sequence)" == text else { return nil }
    return sequence
  }

  var pairs: [(key: String, value: String)] {
    [("before", before), (Self.firstKey, first), (Self.secondKey, second)].compactMap { key, value in
      value.map { (key, "\($0)") }
    }
  }
}
