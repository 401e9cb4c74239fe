/// How an import went.
package struct ImportSummary: Sendable, Equatable {
  /// Rows that the server stored, or had already.
  package var stored = 0
  /// Rows that were refused, by the server or before they were sent.
  package var refused = 0
  /// Rows of which no answer came: they may be stored or not.
  package var unconfirmed = 0
  /// Rows of commas alone, which are skipped and not counted among `rows`.
  package var empty = 0
  /// Set when the import ended early: why, and from which line on nothing was sent.
  package var stop: Stop?

  package struct Stop: Sendable, Equatable {
    package let error: ImportError
    package let line: Int
  }

  package init() {}

  package var rows: Int { stored + refused + unconfirmed }
  package var isComplete: Bool { stop == nil && refused == 0 && unconfirmed == 0 }
}
