/// Which entries of the audit an address asks for, as it was written: what cannot be read is said at its field.
package struct AuditView: Hashable, Sendable {
  /// In the order in which addresses have them.
  package enum Key: String, CaseIterable, Sendable {
    case person, action, target, from, to
    /// Entries older than the one of this number.
    case before
  }

  /// None of them is empty.
  private var texts: [Key: String] = [:]
  /// As a file of comma-separated values.
  package var isFile = false

  package init(_ texts: [Key: String] = [:], isFile: Bool = false) {
    self.texts = texts.filter { !$0.value.isEmpty }
    self.isFile = isFile
  }

  /// The newest of all entries.
  package static let all = AuditView()

  /// Empty where nothing is asked.
  package subscript(key: Key) -> String { texts[key] ?? "" }

  /// With another text in the place of one.
  package func with(_ key: Key, _ text: String) -> AuditView {
    AuditView(texts.merging([key: text]) { _, new in new }, isFile: isFile)
  }

  package var asFile: AuditView { AuditView(texts, isFile: true) }

  /// Whether it leaves any entry out, wherever it begins.
  package var isFiltered: Bool { texts.contains { $0.key != .before } }

  package var pairs: [(key: String, value: String)] {
    Key.allCases.compactMap { key in texts[key].map { (key.rawValue, $0) } } + (isFile ? [("as", "csv")] : [])
  }
}
