import Wire

/// Which entries of a list an address asks for, as it was written: what cannot be read is said at its field.
package struct ListFilter<Key: ListFilterKey>: Hashable, Sendable {
  /// None of them is empty.
  private var texts: [Key: String]

  package init(_ texts: [Key: String] = [:]) { self.texts = texts.filter { !$0.value.isEmpty } }

  package init(_ query: QueryPairs) {
    var texts: [Key: String] = [:]
    for key in Key.allCases { texts[key] = query[key.rawValue] }
    self.init(texts)
  }

  package static var all: ListFilter { ListFilter() }

  /// Empty where nothing is asked.
  package subscript(key: Key) -> String { texts[key] ?? "" }

  /// With another text in the place of one.
  package func with(_ key: Key, _ text: String) -> ListFilter {
    ListFilter(texts.merging([key: text]) { _, new in new })
  }

  /// Whether it leaves anything out, wherever it begins.
  package var isFiltered: Bool { texts.keys.contains { !$0.isPosition } }

  package var pairs: [(key: String, value: String)] {
    Key.allCases.compactMap { key in texts[key].map { (key.rawValue, $0) } }
  }

  var values: [String: String] {
    Dictionary(uniqueKeysWithValues: Key.allCases.map { ($0.rawValue, self[$0]) })
  }
}

/// What a list can be narrowed by, in the order in which addresses have it.
package protocol ListFilterKey: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
  /// Whether it says where the page begins, and leaves nothing out.
  var isPosition: Bool { get }
}

/// The deliveries of a webhook.
package enum DeliveriesKey: String, ListFilterKey {
  case state, object, from, to
  /// Those of changes before this sequence.
  case before

  package var isPosition: Bool { self == .before }
}
