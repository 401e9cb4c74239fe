/// An `<index>` (data-model.md «Indexes»). No query needs one to be correct.
package struct IndexDeclaration: Sendable, Hashable {
  /// One column of the index.
  package struct Key: Sendable, Hashable {
    /// A field that may be indexed, or a belongs-to.
    package let name: String
    package let descending: Bool

    package init(name: String, descending: Bool) {
      self.name = name
      self.descending = descending
    }
  }

  /// Where an index is wanted.
  package struct Databases: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let app = Databases(rawValue: 1)
    package static let cloud = Databases(rawValue: 2)
  }

  /// As declared, or the names of the keys joined by `_`. Two indexes of a model may share it.
  package let name: String
  /// At least one; no name twice.
  package let keys: [Key]
  /// Those with `cloud` become real indexes of the storage engine.
  package let databases: Databases

  package init(name: String, keys: [Key], databases: Databases) {
    self.name = name
    self.keys = keys
    self.databases = databases
  }
}
