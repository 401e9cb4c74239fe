/// What lists have cost: how many rows were examined, and which indexes led to them.
package struct ReadCost: Sendable, Equatable {
  /// Rows that the list came by, those too that did not match. What an index or a limit leaves out is not among them.
  package var rows: Int
  /// Names as in `StoredIndex`, each once; none where the rows were walked as they lie.
  package var indexes: [String]
  /// Whether the index of searches named the rows.
  package var usesSearch: Bool

  package init(rows: Int = 0, indexes: [String] = [], usesSearch: Bool = false) {
    self.rows = rows
    self.indexes = indexes
    self.usesSearch = usesSearch
  }
}
