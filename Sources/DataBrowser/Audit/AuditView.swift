import Wire

/// Which entries of the audit an address asks for, as it was written: what cannot be read is said at its field.
package struct AuditView: Hashable, Sendable {
  package enum Key: String, ListFilterKey {
    case person, action, target, from, to
    /// Entries older than the one of this number.
    case before

    package var isPosition: Bool { self == .before }
  }

  private var filter: ListFilter<Key>
  /// As a file of comma-separated values.
  package var isFile: Bool

  private init(_ filter: ListFilter<Key>, isFile: Bool) {
    self.filter = filter
    self.isFile = isFile
  }

  package init(_ texts: [Key: String] = [:], isFile: Bool = false) {
    self.init(ListFilter(texts), isFile: isFile)
  }

  package init(_ query: QueryPairs) { self.init(ListFilter(query), isFile: query["as"] == "csv") }

  /// The newest of all entries.
  package static let all = AuditView()

  /// Empty where nothing is asked.
  package subscript(key: Key) -> String { filter[key] }

  /// With another text in the place of one.
  package func with(_ key: Key, _ text: String) -> AuditView { AuditView(filter.with(key, text), isFile: isFile) }

  package var asFile: AuditView { AuditView(filter, isFile: true) }

  /// Whether it leaves any entry out, wherever it begins.
  package var isFiltered: Bool { filter.isFiltered }

  package var pairs: [(key: String, value: String)] { filter.pairs + (isFile ? [("as", "csv")] : []) }
}
